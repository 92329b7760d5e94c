"""Events as the public reads them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from participation.agenda.choices import DocumentKind
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
