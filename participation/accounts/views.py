"""Where allauth's own views need one question more, or one write less."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.accounts import resuming
from participation.accounts.queries import count_factors


class SecondFactor(AuthenticateView):
    """The step after the password; `has_keys` says whether a key may be used rather than a code.

    Whoever waits here when the office removes their lost factor begins again: left as it is, the
    sign-in under way would send them from this page to the first one and back without end.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = super().dispatch(request, *args, **kwargs)
        gives_up = isinstance(answer, HttpResponseRedirect) and answer.url == reverse(
            "account_login"
        )
        if gives_up and hasattr(self, "stage"):
            return self.stage.abort()
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = count_factors(user=self.stage.login.user, kind=Authenticator.Type.WEBAUTHN)
        return {**super().get_context_data(**kwargs), "has_keys": keys > 0}


class RemoveKey(RemoveWebAuthnView):
    """Removing a key asks, as removing an application does, whether a factor must remain."""

    def form_valid(self, form: Form) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            message = str(adapter.error_messages["cannot_delete_authenticator"])
            get_account_adapter(self.request).add_message(
                self.request, messages.ERROR, message=message
            )
            return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        return super().form_valid(form)


def _unused_codes(request: HttpRequest) -> list[str]:
    codes = get_object_or_404(
        Authenticator, user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES
    )
    return codes.wrap().get_unused_codes()


# allauth's own pages note in the database that they were seen; a GET of ours writes nothing.
@require_safe
@never_cache
@login_required
@reauthentication_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes that still work, to their owner who has just proven who they are."""
    return render(
        request, "mfa/recovery_codes/index.html", {"unused_codes": _unused_codes(request)}
    )


@require_safe
@never_cache
@login_required
@reauthentication_required
def download_recovery_codes(request: HttpRequest) -> HttpResponse:
    """The same codes as a file, one a line."""
    lines = "".join(f"{code}\n" for code in _unused_codes(request))
    response = HttpResponse(lines, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
    return response


@require_safe
@never_cache
@login_required
def resume(request: HttpRequest) -> HttpResponse:
    """What was typed in the back office after the session had ended, to send now or leave."""
    typed = resuming.waiting(request, at=timezone.now())
    if typed is None:
        return HttpResponseRedirect(reverse("wagtailadmin_home"))
    return render(request, "accounts/resume.html", {"typed": typed})
