"""What every geocoder takes and gives."""

from dataclasses import dataclass
from typing import Protocol

from django.contrib.gis.geos import Point

from maps.models import Territory

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
    """What an adapter gives. It must bound its own waiting."""

    def search(self, text: str, *, within: Territory | None, limit: int) -> list[Place]:
        """Places that match `text`. Raises `GeocoderUnavailable`."""
        ...

    def reverse(self, point: Point) -> Place | None:
        """What is at `point` (WGS 84), or nothing known. Raises `GeocoderUnavailable`."""
        ...
