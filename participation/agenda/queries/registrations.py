"""Registrations of one event, for those who organise it."""

from typing import NamedTuple

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
