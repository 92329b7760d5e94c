"""Registering to an event, and one's ticket by its secret link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.agenda import links, policies, services
from participation.agenda.choices import LIVE, RegistrationState
from participation.agenda.forms.registration import RegistrationForm, SeatsForm
from participation.agenda.models import Event, Registration
from participation.agenda.presentation.dates import moment_words
from participation.agenda.presentation.qr import qr_svg
from participation.agenda.queries.events import public_event
from participation.agenda.queries.seats import rank_of, seats_left
from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.views.resending import shows_again_when_expired

_EXPIRED = _("This page had been open for too long. Nothing was sent: send it again.")
_MANY = _("Many registrations were sent from here in the last hour: try again a little later.")
_PER_HOUR = 60
"""Registrations from one address of the network: a school or a library shares it."""


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Register: at once with an account, by a mail's link without."""
    event = _event(slug)
    now = timezone.now()
    seating = getattr(event, "seating", None)
    verdict = policies.may_register(event=event, seating=seating, at=now)
    if not verdict or seating is None:
        return render(request, "agenda/register.html", {"event": event, "verdict": verdict})
    form = RegistrationForm(
        request.POST or None,
        seating=seating,
        questions=list(event.questions.all()),
        known=request.user.is_authenticated,
    )
    if request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        form.add_error(None, _EXPIRED)
    elif request.method == "POST" and not within_limit(
        request, action="agenda-register", limit=_PER_HOUR, seconds=3600
    ):
        form.add_error(None, _MANY)
    elif request.method == "POST" and form.is_valid():
        if form.is_trapped:
            return redirect("agenda:registration_sent", slug)
        try:
            return _send(request, event, form)
        except Refused as refused:
            for refusal in refused.verdict.refusals:
                form.add_error(None, str(refusal))
    context = {
        "event": event,
        "verdict": verdict,
        "form": form,
        "when": moment_words(event.starts_at, event.ends_at, event.timezone),
        "left": seats_left(seating),
    }
    status = 422 if form.errors else 200
    return render(request, "agenda/register.html", context, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do now: open the message. The same page for everybody."""
    context = {"event": _event(slug), "days": services.LINK_LIFE.days}
    return render(request, "agenda/registration_sent.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """One's registration by its secret link. Reading changes nothing: buttons do."""
    key = links.opened(token, links.REGISTRATION)
    row = Registration.objects.select_related("event__venue").filter(pk=key or 0).first()
    if row is None or row.event.slug != slug:
        raise Http404
    reasons: Any = ()
    if request.method == "POST":
        try:
            _act(request, token)
        except Refused as refused:
            reasons = refused.verdict.refusals
        else:
            return redirect("agenda:registration", slug, token)
    now = timezone.now()
    event = row.event
    may_change = policies.may_change_registration(registration=row, event=event, at=now)
    context = {
        "event": event,
        "row": row,
        "reasons": reasons,
        "when": moment_words(event.starts_at, event.ends_at, event.timezone),
        "until": row.offered_until,
        "rank": rank_of(row),
        "qr": qr_svg(str(row.ticket)) if row.state == RegistrationState.CONFIRMED else "",
        "may_change": may_change,
        "waits_for_link": row.state == RegistrationState.UNCONFIRMED,
        "may_accept": policies.may_accept_seat(registration=row, event=event, at=now),
        "is_alive": row.state in LIVE,
        "seats_form": SeatsForm(initial={"companions": row.seats - 1}),
        "companions": event.seating.companions,
    }
    return render(request, "agenda/ticket.html", context, status=422 if reasons else 200)


def _send(request: HttpRequest, event: Event, form: RegistrationForm) -> HttpResponse:
    said = form.cleaned_data
    party = services.Party(
        name=said["name"],
        seats=1 + (said.get("companions") or 0),
        is_minor=said.get("is_minor", False),
        guardian=said.get("guardian", ""),
        needs=said.get("needs", ""),
        answers=form.answers,
    )
    common: dict[str, Any] = {
        "event": event,
        "party": party,
        "submission_key": said["key"],
        "at": timezone.now(),
    }
    if request.user.is_authenticated:
        row = services.register(user=request.user, **common)
        return redirect(links.ticket_path(row))
    services.register_guest(email=said["email"], language=get_language() or "fr", **common)
    return redirect("agenda:registration_sent", event.slug)


def _act(request: HttpRequest, token: str) -> None:
    now = timezone.now()
    match request.POST.get("act"):
        case "confirm":
            services.confirm_registration(token=token, at=now)
            messages.success(request, gettext("Thank you: your registration is confirmed."))
        case "accept":
            services.accept_offer(token=token, at=now)
            messages.success(request, gettext("The seat is yours."))
        case "seats":
            form = SeatsForm(request.POST)
            if form.is_valid():
                seats = form.cleaned_data["companions"] + 1
                services.change_seats(token=token, seats=seats, at=now)
                messages.success(request, gettext("Your registration is changed."))
        case "cancel":
            services.cancel_registration(token=token, at=now)
            messages.success(request, gettext("Your registration is cancelled."))


def _event(slug: str) -> Event:
    event = public_event(slug=slug)
    if event is None:
        raise Http404
    return event
