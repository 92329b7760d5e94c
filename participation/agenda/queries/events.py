"""Events as the public reads them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, Model, Q

from participation.agenda.choices import DocumentKind, EventState, Scope
from participation.agenda.models import (
    AgendaItem,
    Event,
    EventDocument,
    EventMove,
    ProgrammeEntry,
    Speaker,
    Stop,
)
from participation.core.written import Given, Written, attach


@dataclass(frozen=True, slots=True)
class Parts:
    """What an event is made of, ready to be read: documents and consented photos apart."""

    documents: list[EventDocument]
    photos: list[EventDocument]


def public_event(*, slug: str) -> Event | None:
    """A public event with all that its page shows; six queries."""
    event = _EVENT.first(slug=slug)
    if event is None:
        return None
    for relation, (model, rows) in _PARTS.items():
        attach(event, relation, rows.read(event=event.pk), model)
    return event


def public_item(pk: int | None) -> AgendaItem | None:
    """The announcement that an event keeps, when it is public."""
    return None if pk is None else _ITEM.first(pk=pk)


def _of_event(model: type[Model], *order: str) -> tuple[type[Model], Written[Any]]:
    of_it = {"event": Given("event", BigIntegerField())}
    rows: Any = model._default_manager
    return model, Written(lambda: rows.filter(**of_it).order_by(*order))


_EVENT = Written(
    lambda: (
        Event.objects.public()
        .select_related("venue", "theme", "territory", "directorate", "process", "seating")
        .defer("territory__geometry")
        .filter(slug=Given("slug", CharField()))
        .order_by("pk")
    )
)
_PARTS = {
    "speakers": _of_event(Speaker, "position", "pk"),
    "programme": _of_event(ProgrammeEntry, "starts_at", "pk"),
    "moves": _of_event(EventMove, "-moved_at", "-pk"),
    "documents": _of_event(EventDocument, "position", "pk"),
    "stops": _of_event(Stop, "position"),
}
_ITEM = Written(
    lambda: AgendaItem.objects.public().filter(pk=Given("pk", BigIntegerField())).order_by("pk")
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
