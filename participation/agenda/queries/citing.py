"""Meetings that were held, as pages cite them."""

from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, NullIf

from participation.agenda.choices import EventState, MinutesState
from participation.agenda.models import Event, HeadCount
from participation.agenda.queries.door import arrived, walked_in
from participation.agenda.querysets import EventQuerySet


def citable() -> EventQuerySet:
    """Public events that were held and whose minutes are published, latest first."""
    return (
        Event.objects.public()
        .filter(state=EventState.HELD, minutes__state=MinutesState.PUBLISHED)
        .select_related("venue")
        .order_by("-starts_at", "-pk")
    )


def is_citable(event: Event) -> bool:
    """Whether anybody may read its minutes; asks nothing more of a row of `with_follow_up`."""
    minutes = getattr(event, "minutes", None)
    return (
        event.state == EventState.HELD
        and (event.process is None or event.process.published_at is not None)
        and minutes is not None
        and minutes.state == MinutesState.PUBLISHED
    )


def with_follow_up() -> EventQuerySet:
    """Events held, each with minutes, outcomes, documents and `people`, how many came (0 when
    nobody counted). Three queries, whatever their number."""
    counted = HeadCount.objects.filter(event=OuterRef("pk")).order_by("-counted_at", "-pk")
    people: Any = Coalesce(
        NullIf(Subquery(counted.values("people")[:1]), 0), arrived() + walked_in()
    )
    return (
        Event.objects.filter(state=EventState.HELD)
        .select_related("venue", "process", "minutes")
        .prefetch_related("outcomes", "documents")
        .annotate(people=people)
        .order_by(F("starts_at").desc(), "-pk")
    )
