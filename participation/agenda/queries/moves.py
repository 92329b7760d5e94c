"""Dates that lines of the agenda had before."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField

from participation.agenda.models import EventMove, ItemMove
from participation.core.written import Among, Given, Written


def moves_of_items(keys: Iterable[int]) -> list[ItemMove]:
    """The moves of these items, the last ones at the end."""
    return _OF_ITEMS.read(keys=list(keys))


def moves_of_events(keys: Iterable[int]) -> list[EventMove]:
    """The moves of these events, the last ones at the end."""
    return _OF_EVENTS.read(keys=list(keys))


_KEYS = Given("keys", ArrayField(BigIntegerField()))
_OF_ITEMS = Written(
    lambda: ItemMove.objects.filter(Among("item_id", _KEYS)).order_by("moved_at", "pk")
)
_OF_EVENTS = Written(
    lambda: EventMove.objects.filter(Among("event_id", _KEYS)).order_by("moved_at", "pk")
)
