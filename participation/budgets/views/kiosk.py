"""The shared device of a desk: a code, a vote, and nothing left for the next person.

The device is known by two signed cookies that an agent put there (`turn_into_kiosk`); the voter's
session is another one, which is destroyed after each voter. The agent is never signed in here.
"""

import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.budgets.models import PollingDesk
from participation.budgets.services.kiosk import exit_code, redeem_code
from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.viewsets.shared import add_refusals
from participation.electors.visits import share_device, stop_sharing_device, welcome

IDLE = datetime.timedelta(minutes=2)
"""How long a voter may be still before everything of theirs is erased."""

_COOKIE = "parvis_bureau"
_SALT = "parvis.budgets.desk"
_TRIES, _PER_SECONDS = 30, 300


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code given by the agent"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}
        ),
    )


def desk_of_device(request: HttpRequest) -> int | None:
    """The desk whose shared device this browser is."""
    value = request.get_signed_cookie(_COOKIE, default="", salt=_SALT)
    return int(value) if value else None


def turn_into_kiosk(request: HttpRequest, desk: PollingDesk) -> HttpResponse:
    """Forget whoever is signed in and make this browser the device of the desk for one day."""
    request.session.flush()
    response = HttpResponseRedirect(reverse("budgets:kiosk"))
    share_device(response, activity=desk.budget.activity, is_secure=request.is_secure())
    response.set_signed_cookie(
        _COOKIE,
        str(desk.pk),
        salt=_SALT,
        max_age=86_400,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _desk(request: HttpRequest) -> PollingDesk:
    key = desk_of_device(request)
    if key is None:
        raise Http404
    return get_object_or_404(
        PollingDesk.objects.select_related("budget__activity__process"), pk=key
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """The welcome screen: it erases the voter before, and asks for the code of the next one."""
    desk = _desk(request)
    if request.method != "POST":
        request.session.flush()
        return _welcome_screen(request, desk, CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _welcome_screen(request, desk, form, status=422)
    if not within_limit(request, action="kiosk", limit=_TRIES, seconds=_PER_SECONDS):
        form.add_error(None, _("Too many codes were typed: call the agent, and wait five minutes."))
        return _welcome_screen(request, desk, form, status=429)
    try:
        elector = redeem_code(desk=desk, typed=form.cleaned_data["code"], at=timezone.now())
    except Refused as refused:
        add_refusals(form, refused)
        return _welcome_screen(request, desk, form, status=422)
    request.session.flush()
    welcome(request, elector)
    return HttpResponseRedirect(reverse("budgets:vote", args=[desk.budget.activity.slug]))


def _welcome_screen(
    request: HttpRequest, desk: PollingDesk, form: CodeForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"desk": desk, "form": form}
    return render(request, "budgets/kiosk.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_end(request: HttpRequest) -> HttpResponse:
    """Erase the voter: by the button, or because nobody touched the device."""
    _desk(request)
    request.session.flush()
    response = HttpResponseRedirect(reverse("budgets:kiosk"))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_leave(request: HttpRequest) -> HttpResponse:
    """Make the device an ordinary browser again, with the code that the agent's screen shows."""
    desk = _desk(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        allowed = within_limit(request, action="kiosk-leave", limit=_TRIES, seconds=_PER_SECONDS)
        typed = "".join(form.cleaned_data["code"].split())
        if allowed and typed == exit_code(desk=desk, day=timezone.localdate()):
            request.session.flush()
            response = HttpResponseRedirect("/")
            stop_sharing_device(response)
            response.delete_cookie(_COOKIE)
            return response
        form.add_error(None, _("This is not today's code of this desk."))
    status = 422 if form.errors else 200
    return render(request, "budgets/kiosk_leave.html", {"desk": desk, "form": form}, status=status)
