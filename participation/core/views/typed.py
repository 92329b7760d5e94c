"""What somebody typed before signing in: it waits in the session, and is shown again after."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from participation.accounts.kept_forms import keep_form, kept_form
from participation.core.views.shared import leave_to_sign_in

_LONG_FIELD = 200


def sign_in_to_send(
    request: HttpRequest, name: str, *, path: str, said: str, **corrected: str
) -> HttpResponse:
    """Keep the form that was posted under `name`, and lead to the sign-in page, then to `path`.

    `said` is the sentence shown there; `corrected` replaces fields of the form. A form too long to
    be kept is shown instead, to be copied.
    """
    typed = request.POST.copy()
    for field, value in corrected.items():
        typed[field] = value
    if not keep_form(request, name, typed, at=timezone.now()):
        long = [value for value in typed.values() if len(value) > _LONG_FIELD]
        context = {"texts": long, "sign_in": redirect_to_login(path).url}
        return render(request, "core/typed_too_long.html", context, status=413)
    messages.info(request, said)
    return leave_to_sign_in(request, path)


def find_typed(request: HttpRequest, name: str) -> QueryDict | None:
    """The form kept under `name` within the hour, or None."""
    kept = kept_form(request, name, at=timezone.now())
    return kept.fields if kept else None
