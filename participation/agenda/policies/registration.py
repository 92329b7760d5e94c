"""Who may register to an event, change it, leave it or take an offered seat; and why not."""

import datetime

from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import LIVE, EventState, RegistrationState
from participation.agenda.models import Event, Registration, Seating
from participation.core.verdict import ALLOWED, Verdict, refuse


def may_register(*, event: Event, seating: Seating | None, at: datetime.datetime) -> Verdict:
    """Register now. Codes: `no_registration`, `event_cancelled`, `event_postponed`,
    `event_held`, `not_open_yet`, `closed`."""
    if seating is None or event.state == EventState.DRAFT:
        return refuse("no_registration", _("One does not register to this event."))
    verdict = takes_place(event=event, at=at)
    if not verdict:
        return verdict
    if at < seating.opens_at:
        return refuse("not_open_yet", _("Registration to this event is not open yet."))
    if at >= seating.closes_at:
        return refuse("closed", _("Registration to this event is closed."))
    return ALLOWED


def fits_rules(*, seating: Seating, seats: int, is_minor: bool, guardian: str) -> Verdict:
    """Whether a party is one that the event takes. Codes: `too_many_companions`, `no_minors`,
    `no_guardian`."""
    verdict = ALLOWED
    if not 1 <= seats <= seating.companions + 1:
        verdict &= refuse(
            "too_many_companions",
            _("You may come with %(number)s companions at most."),
            number=seating.companions,
        )
    if is_minor and not seating.minors:
        verdict &= refuse("no_minors", _("This event is open to adults only."))
    elif is_minor and not guardian.strip():
        verdict &= refuse("no_guardian", _("Give the name of the adult responsible for you."))
    return verdict


def may_change_registration(
    *, registration: Registration, event: Event, at: datetime.datetime
) -> Verdict:
    """Change the number of seats, or leave. Codes: `not_registered`, `event_cancelled`,
    `event_postponed`, `event_held`."""
    if registration.state not in LIVE:
        return refuse("not_registered", _("This registration is cancelled."))
    return takes_place(event=event, at=at)


def may_accept_seat(*, registration: Registration, event: Event, at: datetime.datetime) -> Verdict:
    """Take the seat offered. Codes: `not_offered`, `offer_lapsed`, and those of
    `may_change_registration`."""
    if registration.state == RegistrationState.LAPSED:
        return refuse("offer_lapsed", _("This offer has lapsed: the seat went to the next."))
    if registration.state != RegistrationState.OFFERED or registration.offered_until is None:
        return refuse("not_offered", _("No seat is offered to you now."))
    if at >= registration.offered_until:
        return refuse("offer_lapsed", _("This offer has lapsed: the seat went to the next."))
    return may_change_registration(registration=registration, event=event, at=at)


def takes_place(*, event: Event, at: datetime.datetime) -> Verdict:
    """Whether it is still to take place. Codes: `not_published`, `event_cancelled`,
    `event_postponed`, `event_held`."""
    match event.state:
        case EventState.DRAFT:
            return refuse("not_published", _("This event is not published yet."))
        case EventState.CANCELLED:
            return refuse("event_cancelled", _("This event is cancelled."))
        case EventState.POSTPONED:
            return refuse("event_postponed", _("This event is postponed."))
        case EventState.HELD:
            return refuse("event_held", _("This event has been held."))
    if at >= event.ends_at:
        return refuse("event_held", _("This event has been held."))
    return ALLOWED
