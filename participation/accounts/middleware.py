"""Staff must use a second factor, and sign in at the one place that asks for it.

What they had typed when their session ended is not lost.
"""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from participation.accounts import policies, queries, resuming


class StaffSecondFactor:
    """Send staff without a second factor to its set-up before the back office opens, and those
    who are signed in but may not enter back to their own space.

    Wagtail's own sign-in page asks for a password alone: it always gives way to ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        office = reverse("wagtailadmin_home")
        if not request.path.startswith(office):
            return self.get_response(request)
        if request.path == reverse("wagtailadmin_login"):
            query = {"next": request.GET.get("next") or office}
            return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode(query)}")
        if request.path == reverse("wagtailadmin_logout"):
            return self.get_response(request)
        if (
            request.user.is_authenticated
            and policies.needs_second_factor(user=request.user)
            and not queries.has_second_factor(request.user)
        ):
            messages.warning(
                request,
                _("Your role gives access to the back office: first set up a second factor."),
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        response = self.get_response(request)
        if request.user.is_authenticated and _asks_to_sign_in(response):
            # The office sends its outsiders to sign in; sent back from there, they would go round
            # for ever. It has told them why: they read it at home.
            return HttpResponseRedirect(reverse(settings.LOGIN_REDIRECT_URL))
        if request.method == "POST":
            if request.user.is_authenticated:
                resuming.forget(request, at=timezone.now())
            elif _asks_to_sign_in(response):
                return _keep_typed(request)
        return response


def _keep_typed(request: HttpRequest) -> HttpResponse:
    """Go and sign in, then to the words that wait, or back to the form when it held none."""
    if resuming.keep(request, at=timezone.now()):
        messages.warning(
            request,
            _("Your session had ended: nothing was saved, but what you wrote is kept. Sign in."),
        )
        after = reverse("account_resume")
    else:
        messages.warning(
            request, _("Your session had ended: nothing was saved. Sign in, then do it again.")
        )
        after = resuming.page_of(request)
    return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': after})}")


def _asks_to_sign_in(response: HttpResponse) -> bool:
    address = urlsplit(response.get("Location", ""))
    return response.status_code == 302 and address.path == reverse(settings.LOGIN_URL)
