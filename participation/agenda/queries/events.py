"""Events as the public reads them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from participation.agenda.choices import DocumentKind, EventState, Scope
from participation.agenda.models import Event, EventDocument, Stop


@dataclass(frozen=True, slots=True)
class Parts:
    """What an event is made of, ready to be read: documents and consented photos apart."""

    documents: list[EventDocument]
    photos: list[EventDocument]


def public_event(*, slug: str) -> Event | None:
    """A public event with all that its page shows; eight queries at most."""
    return (
        Event.objects.public()
        .select_related("venue", "theme", "territory", "directorate", "process", "seating")
        .defer("territory__geometry")
        .prefetch_related(
            "speakers",
            "programme",
            "moves",
            "documents",
            Prefetch("stops", queryset=Stop.objects.order_by("position")),
        )
        .filter(slug=slug)
        .first()
    )


def parts_of(event: Event) -> Parts:
    """Its documents, and the photos whose people agreed."""
    every = list(event.documents.all())
    return Parts(
        documents=[each for each in every if each.kind != DocumentKind.PHOTO],
        photos=[each for each in every if each.kind == DocumentKind.PHOTO and each.consent],
    )


def alike(event: Event) -> Any:
    """Other dates of the same series or item, in the order of time."""
    same = Q(pk__in=[])
    if event.series_id:
        same |= Q(series=event.series_id)
    if event.item_id:
        same |= Q(item=event.item_id)
    return Event.objects.public().filter(same).exclude(pk=event.pk).order_by("starts_at", "pk")[:10]


def occurrences(event: Event, *, scope: Scope, at: datetime.datetime) -> list[Event]:
    """An event and the others of its series that a change is for, in the order of time: drafts
    and published ones that are not over at `at`."""
    if event.series_id is None or scope == Scope.ONE:
        return [event]
    ahead = Q(state__in=(EventState.DRAFT, EventState.SCHEDULED), ends_at__gt=at)
    if scope == Scope.FOLLOWING:
        ahead &= Q(starts_at__gte=event.starts_at)
    rows = Event.objects.filter(ahead | Q(pk=event.pk), series=event.series_id)
    return list(rows.select_related("venue").order_by("starts_at", "pk"))


def dates_of_series(event: Event) -> list[Event]:
    """All the dates of the event's series, itself included, in the order of time."""
    if event.series_id is None:
        return []
    return list(Event.objects.filter(series=event.series_id).order_by("starts_at", "pk"))
