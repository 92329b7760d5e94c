"""Places by name, behind one adapter: the national service in production, our territories offline.

`settings.MAP_GEOCODER` names the adapter's class. A slow or absent service never blocks a form:
`search` answers "not available" and the person goes on with the map, the list or plain text.
"""

import logging
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q
from django.utils.module_loading import import_string

from maps.models import Territory

logger = logging.getLogger(__name__)

MIN_LENGTH = 2
MAX_LENGTH = 200
MAX_PLACES = 8
MIN_SCORE = 0.5  # below, the national service's own advice is not to trust the match


class GeocoderUnavailable(Exception):
    """The service behind the adapter did not answer in time, or answered nonsense."""


@dataclass(frozen=True, slots=True)
class Place:
    """One candidate: a label to choose from, where it is (WGS 84), how sure (0 to 1)."""

    label: str
    point: Point
    score: float
    territory_id: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates, best first; `available` is false when the service could not be asked."""

    places: tuple[Place, ...] = ()
    available: bool = True


class Geocoder(Protocol):
    """What an adapter gives."""

    def search(self, text: str, *, within: Territory | None, limit: int) -> list[Place]:
        """Places that match `text`. Raises `GeocoderUnavailable`; must bound its own waiting."""
        ...


class Gazetteer:
    """The names of our own territories: works offline and tells nobody what was typed."""

    def search(self, text: str, *, within: Territory | None, limit: int) -> list[Place]:
        rows = Territory.objects.light()
        if within is not None:
            rows = rows.filter(Q(parent=within) | Q(pk=within.pk))
        rows = (
            rows.annotate(
                score=TrigramWordSimilarity(text, "name"), spot=PointOnSurface("geometry")
            )
            .filter(Q(name__unaccent__icontains=text) | Q(score__gte=MIN_SCORE))
            .order_by("-score", "name", "pk")[:limit]
        )
        return [
            Place(
                label=row.name,
                point=row.spot,
                score=max(row.score, MIN_SCORE),
                territory_id=row.pk,
            )
            for row in rows
        ]


def search(text: str, *, within: Territory | None = None, limit: int = MAX_PLACES) -> Found:
    """Candidates for what somebody typed, inside `within` when given; never raises."""
    asked = " ".join(text.replace("\x00", " ").split())[:MAX_LENGTH]
    if len(asked) < MIN_LENGTH:
        return Found()
    geocoder: Geocoder = import_string(
        getattr(settings, "MAP_GEOCODER", "maps.geocoding.Gazetteer")
    )()
    try:
        places = geocoder.search(asked, within=within, limit=limit)
    except GeocoderUnavailable:
        # What was typed may be somebody's address: it stays out of the log.
        logger.warning("The geocoder did not answer.")
        return Found(available=False)
    return Found(places=tuple(place for place in places if place.score >= MIN_SCORE)[:limit])
