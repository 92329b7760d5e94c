"""Staff must use a second factor, and sign in at the one place that asks for it."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from participation.accounts import policies, queries


class StaffSecondFactor:
    """Send staff without a second factor to its set-up before the back office opens.

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
        return self.get_response(request)
