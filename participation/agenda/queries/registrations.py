"""Registrations of one event, for those who organise it."""

import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from participation.agenda.choices import SEATED, RegistrationState
from participation.agenda.models import Event, Registration
from participation.agenda.querysets import RegistrationQuerySet


class RegistrationCounts(NamedTuple):
    """Registrations by what became of them; `people` come with the confirmed
    ones, `kept` counts the seats given by staff."""

    confirmed: int
    people: int
    offered: int
    waiting: int
    unconfirmed: int
    cancelled: int
    kept: int


def registrations_of(*, event: Event) -> RegistrationQuerySet:
    """All of them, in the order of the list; those that never confirmed come last."""
    rows = Registration.objects.filter(event=event)
    return rows.order_by(F("queued_at").asc(nulls_last=True), "pk")


def registration_counts(*, event: Event) -> RegistrationCounts:
    """In one query."""
    state = RegistrationState

    def number(*states: str) -> Count:
        return Count("pk", filter=Q(state__in=states))

    found = Registration.objects.filter(event=event).aggregate(
        confirmed=number(state.CONFIRMED),
        people=Coalesce(Sum("seats", filter=Q(state=state.CONFIRMED)), 0),
        offered=number(state.OFFERED),
        waiting=number(state.WAITING),
        unconfirmed=number(state.UNCONFIRMED),
        cancelled=number(state.CANCELLED, state.LAPSED),
        kept=Coalesce(Sum("seats", filter=Q(state__in=SEATED, on_reserved_seat=True)), 0),
    )
    return RegistrationCounts(**found)


def tickets_of(*, user: Any, at: datetime.datetime) -> list[Registration]:
    """Where a person is registered or waits, of what is not over; soonest first, ten at most."""
    rows = Registration.objects.live().filter(user=user, event__ends_at__gt=at)
    return list(rows.select_related("event").order_by("event__starts_at", "pk")[:10])


def ticket_for(*, event: Event, user: Any) -> Registration | None:
    """The live registration of a person to an event; asks nothing for who has no account."""
    if not user.is_authenticated:
        return None
    return Registration.objects.live().filter(event=event, user=user).first()
