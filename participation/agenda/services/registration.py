"""Registration to events: seats, the waiting list, offers.

Each verb that touches seats locks the seating's row first, then reads and writes: two people
never win the same seat, and nobody waits for somebody who waits for them.

The waiting list is served in order; a party too large for the seats that are free is passed over
and keeps its place, so that no seat stays empty while somebody could sit there. A freed seat is
offered, not given: people who have made other plans leave it to the next.
"""

import datetime
import uuid
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from participation.agenda import links
from participation.agenda.choices import SEATED, RegistrationState
from participation.agenda.models import Event, Registration, Seating
from participation.agenda.policies.registration import (
    fits_rules,
    may_accept_seat,
    may_change_registration,
    may_register,
)
from participation.agenda.queries.seats import kept_left, seats_left
from participation.agenda.services.seating import (
    Party,
    close_registration,
    create_registration,
    find_alive,
    find_by_submission,
    is_complete,
    locked_registration,
    locked_seating,
    offer_free_seats,
    seat_or_queue,
    sure,
)
from participation.agenda.tasks.registration import mail_registration
from participation.core.verdict import Refused, refuse

LINK_LIFE = datetime.timedelta(days=3)
"""A registration whose address is not confirmed is forgotten after that time."""
PER_DAY = 10
"""Registrations that one address may start in a day, confirmed or not, to all events."""


@transaction.atomic
def register(
    *, event: Event, user: Any, party: Party, submission_key: uuid.UUID, at: datetime.datetime
) -> Registration:
    """Register somebody with an account: a seat at once, else the waiting list.

    The same key again finds the first. Raises `Refused`: those of `may_register` and of
    `fits_rules`, `answer_missing`, `already_registered`, `full`.
    """
    seating = locked_seating(event)
    event = seating.event if seating is not None else event
    known = find_by_submission(event, submission_key)
    if known is not None:
        return known
    is_complete(event=event, seating=seating, party=party, at=at).or_refuse()
    if find_alive(event, user.email) is not None:
        refuse("already_registered", _("You are already registered to this event.")).or_refuse()
    row = create_registration(
        event, party, user.email, user.language, submission_key, at, user=user
    )
    seat_or_queue(row, sure(seating))
    return row


@transaction.atomic
def register_guest(
    *,
    event: Event,
    email: str,
    language: str,
    party: Party,
    submission_key: uuid.UUID,
    at: datetime.datetime,
) -> Registration:
    """Note a registration without account, and mail the link that confirms it.

    An address already registered gets the link of its registration instead: the page tells a
    stranger nothing. Raises `Refused`: those of `may_register` and of `fits_rules`,
    `answer_missing`, `too_many_today`.
    """
    address = email.strip().lower()
    _lock_address(address)
    known = find_by_submission(event, submission_key)
    if known is not None:
        return known
    seating = Seating.objects.filter(pk=event.pk).first()
    is_complete(event=event, seating=seating, party=party, at=at).or_refuse()
    since = at - datetime.timedelta(days=1)
    if Registration.objects.filter(email=address, created_at__gt=since).count() >= PER_DAY:
        refuse(
            "too_many_today", _("This address has registered a lot today: come back tomorrow.")
        ).or_refuse()
    alive = find_alive(event, address)
    if alive is not None:
        mail_registration.defer(registration_id=alive.pk, what="link")
        return alive
    row = create_registration(event, party, address, language, submission_key, at)
    mail_registration.defer(registration_id=row.pk, what="link")
    return row


@transaction.atomic
def confirm_registration(*, token: str, at: datetime.datetime) -> Registration:
    """The mail's link was used: the seat is taken, or the place in the list. Used again, it finds
    the same registration.

    Raises `Refused`: `link_unknown`, `link_expired`, those of `may_register`, `full`.
    """
    seating, row = _opened(token)
    if row.state != RegistrationState.UNCONFIRMED:
        return row
    if row.created_at + LINK_LIFE < at:
        refuse("link_expired", _("This link has expired: register again.")).or_refuse()
    may_register(event=row.event, seating=seating, at=at).or_refuse()
    seat_or_queue(row, seating)
    return row


@transaction.atomic
def accept_offer(*, token: str, at: datetime.datetime) -> Registration:
    """Take the seat offered; done twice, it is taken once.

    Raises `Refused`: `link_unknown`, those of `may_accept_seat`.
    """
    _seating, row = _opened(token)
    if row.state == RegistrationState.CONFIRMED:
        return row
    may_accept_seat(registration=row, event=row.event, at=at).or_refuse()
    row.state, row.offered_until = RegistrationState.CONFIRMED, None
    row.save(update_fields=["state", "offered_until"])
    mail_registration.defer(registration_id=row.pk, what="confirmed")
    return row


@transaction.atomic
def change_seats(*, token: str, seats: int, at: datetime.datetime) -> Registration:
    """Come with more people or fewer. Who waits keeps the place in the list.

    Raises `Refused`: `link_unknown`, those of `may_change_registration` and of
    `fits_rules`, `no_seat_left`.
    """
    seating, row = _opened(token)
    may_change_registration(registration=row, event=row.event, at=at).or_refuse()
    fits_rules(
        seating=seating, seats=seats, is_minor=row.is_minor, guardian=row.guardian
    ).or_refuse()
    more = seats - row.seats
    free = kept_left(seating) if row.on_reserved_seat else seats_left(seating)
    if row.state in SEATED and more > free:
        refuse("no_seat_left", _("There are not so many seats left.")).or_refuse()
    row.seats = seats
    row.save(update_fields=["seats"])
    if more:
        offer_free_seats(seating, at)
    return Registration.objects.select_related("event").get(pk=row.pk)


@transaction.atomic
def cancel_registration(*, token: str, at: datetime.datetime) -> Registration:
    """Leave; the seat is offered to the next. Done twice, it is done once.

    Raises `Refused`: `link_unknown`, those of `may_change_registration`.
    """
    seating, row = _opened(token)
    if row.state == RegistrationState.CANCELLED:
        return row
    may_change_registration(registration=row, event=row.event, at=at).or_refuse()
    close_registration(row, RegistrationState.CANCELLED, seating, at)
    return row


def end_offers(*, at: datetime.datetime) -> int:
    """Let the offers that nobody took lapse, and offer their seats to the next; how many."""
    events = (
        Registration.objects.filter(state=RegistrationState.OFFERED, offered_until__lte=at)
        .order_by("event")
        .values_list("event", flat=True)
        .distinct()
    )
    return sum(_end_offers_of(event, at) for event in list(events))


@transaction.atomic
def forget_unconfirmed_registrations(*, at: datetime.datetime) -> int:
    """Erase the registrations whose address nobody confirmed; how many."""
    stale = Registration.objects.filter(
        state=RegistrationState.UNCONFIRMED, created_at__lt=at - LINK_LIFE
    )
    number = stale.count()
    stale.delete()
    return number


@transaction.atomic
def _end_offers_of(event: int, at: datetime.datetime) -> int:
    seating = Seating.objects.select_for_update(of=("self",)).select_related("event").get(pk=event)
    lapsed = list(
        Registration.objects.filter(
            event=event, state=RegistrationState.OFFERED, offered_until__lte=at
        ).order_by("pk")
    )
    for row in lapsed:
        row.state, row.offered_until, row.closed_at = RegistrationState.LAPSED, None, at
        row.save(update_fields=["state", "offered_until", "closed_at"])
        mail_registration.defer(registration_id=row.pk, what="lapsed")
    seating.refresh_from_db(fields=["taken"])
    offer_free_seats(seating, at)
    return len(lapsed)


def _opened(token: str) -> tuple[Seating, Registration]:
    """The seating, locked, then the registration of a link."""
    key = links.opened(token, links.REGISTRATION)
    rows = Registration.objects.filter(pk=key or 0)
    event = rows.values_list("event", flat=True).first()
    if key is None or event is None:
        raise Refused(refuse("link_unknown", _("This link is not valid.")))
    return locked_registration(key, event)


def _lock_address(address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('agenda-guest'), hashtext(%s))", [address]
        )
