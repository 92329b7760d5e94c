"""Seats of an event: what is left, who waits and in which order."""

import datetime
from typing import NamedTuple

from django.db.models import F, Q, Sum

from participation.agenda.choices import RegistrationState
from participation.agenda.models import Registration, Seating
from participation.agenda.querysets import RegistrationQuerySet


class Due(NamedTuple):
    """A reminder to send: a registration, `hours` before the start that it tells of."""

    registration: int
    hours: int
    starts_at: datetime.datetime


def seats_left(seating: Seating) -> int:
    """Seats still free for everyone: those kept by the organiser are not counted."""
    return max(seating.capacity - seating.reserved - (seating.taken - _given(seating)), 0)


def kept_left(seating: Seating) -> int:
    """Seats kept by the organiser and given to nobody yet."""
    return max(seating.reserved - _given(seating), 0)


def next_waiting(*, seating: Seating, seats: int) -> Registration | None:
    """The first of the waiting list whose party fits in `seats`; None when none does."""
    return (
        _waiting(seating.pk).filter(seats__lte=seats).order_by("queued_at", "pk").first()
        if seats
        else None
    )


def rank_of(registration: Registration) -> int | None:
    """The place in the waiting list, from 1; None for somebody who doesn't wait."""
    if registration.state != RegistrationState.WAITING:
        return None
    before = Q(queued_at__lt=registration.queued_at) | Q(
        queued_at=registration.queued_at, pk__lt=registration.pk
    )
    return _waiting(registration.event_id).filter(before).count() + 1


def due_reminders(*, seating: Seating, at: datetime.datetime) -> list[Due]:
    """Reminders of one event that are due and not sent.

    Of several that are due, the closest to the start alone. Somebody who registered after the
    hour of a reminder has just read the confirmation: that reminder is not sent.
    """
    start = seating.event.starts_at
    due = [h for h in seating.reminders if start - datetime.timedelta(hours=h) <= at < start]
    if not due:
        return []
    hours = min(due)
    rows = (
        Registration.objects.filter(
            event=seating.pk,
            state=RegistrationState.CONFIRMED,
            queued_at__lte=start - datetime.timedelta(hours=hours),
        )
        .exclude(reminders__hours=hours, reminders__starts_at=start)
        .order_by("pk")
    )
    return [Due(key, hours, start) for key in rows.values_list("pk", flat=True)]


def _given(seating: Seating) -> int:
    rows = Registration.objects.seated().filter(event=seating.pk, on_reserved_seat=True)
    return rows.aggregate(sum=Sum(F("seats")))["sum"] or 0


def _waiting(event: int) -> RegistrationQuerySet:
    return Registration.objects.filter(event=event, state=RegistrationState.WAITING)
