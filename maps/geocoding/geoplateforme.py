"""The national geocoding service (Géoplateforme): addresses and places of all France.

What is sent: the text or the point, and the commune's code; nothing about who asks.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point

from maps import queries
from maps.breaker import CircuitBreaker
from maps.choices import TerritoryKind
from maps.fetching import Fetched, Unreachable, fetch
from maps.geocoding.places import MIN_SCORE, GeocoderUnavailable, Place
from maps.models import Territory

SECONDS = 1.5  # for a whole answer: somebody is waiting in front of a form
MAX_BYTES = 500_000
MAX_REST = 60.0  # seconds; what the service may ask us to wait at most
USUAL_REST = 5.0
MAX_LABEL = 200
INDEXES = "address,poi"
NEAR_METRES = 250  # an address farther than this says nothing about a place

_breaker = CircuitBreaker()


class Geoplateforme:
    """Asks `settings.MAP_GEOCODER_URL`; see `maps.geocoding.search` for how to call it."""

    def search(self, text: str, *, within: Territory | None, limit: int) -> list[Place]:
        asked = {"q": text, "limit": str(limit), "autocomplete": "0", "index": INDEXES}
        code = _municipality(within)
        if code:
            asked["citycode"] = code
        elif within is not None:
            west, south, east, north = queries.extent(within)
            asked |= {"lon": f"{(west + east) / 2:.5f}", "lat": f"{(south + north) / 2:.5f}"}
        places = list(_places(self._ask("search", asked)))
        if within is not None and places and not (code and code == within.code):
            places = _inside(within, places)
        return places[:limit]

    def reverse(self, point: Point) -> Place | None:
        asked = {"lon": f"{point.x:.6f}", "lat": f"{point.y:.6f}", "limit": "1", "index": "address"}
        for place in _places(self._ask("reverse", asked)):
            if queries.distance_metres(point, place.point) <= NEAR_METRES:
                return place
        return None

    def _ask(self, verb: str, asked: dict[str, str]) -> dict[str, Any]:
        if not _breaker.allows():
            raise GeocoderUnavailable("resting")
        try:
            answer = fetch(
                f"{settings.MAP_GEOCODER_URL.rstrip('/')}/{verb}",
                params=asked,
                seconds=SECONDS,
                max_bytes=MAX_BYTES,
                accept="application/json",
            )
        except Unreachable as error:
            _breaker.failed()
            raise GeocoderUnavailable(str(error)) from error
        if answer.status == 429:
            # It works, and asks for patience: not a failure, and nobody asks before the time.
            _breaker.rest(_rest(answer))
            raise GeocoderUnavailable("too many requests")
        if answer.status == 400:
            # Our question makes no sense to it (a text of signs only): nothing is found.
            _breaker.succeeded()
            return {}
        try:
            if answer.status != 200:
                raise ValueError(f"status {answer.status}")
            read = json.loads(answer.body)
            if not isinstance(read, dict) or not isinstance(read.get("features"), list):
                raise ValueError("not a collection")
        except (ValueError, RecursionError) as error:
            _breaker.failed()
            raise GeocoderUnavailable("nonsense") from error
        _breaker.succeeded()
        return read


def _municipality(within: Territory | None) -> str:
    """The commune that restricts the search: the territory itself or the one that holds it."""
    if within is None:
        return ""
    if within.kind == TerritoryKind.MUNICIPALITY:
        return str(within.code)
    if within.kind in (TerritoryKind.NEIGHBOURHOOD, TerritoryKind.BOROUGH) and within.parent:
        return _municipality(within.parent)
    return ""


def _inside(within: Territory, places: list[Place]) -> list[Place]:
    """Those in the territory, borders included. One query."""
    boundary = Territory.objects.get(pk=within.pk).geometry.prepared
    return [place for place in places if boundary.covers(place.point)]


def _rest(answer: Fetched) -> float:
    try:
        asked = float(answer.headers.get("Retry-After", ""))
    except ValueError:  # absent, or a date
        return USUAL_REST
    return min(max(asked, 1.0), MAX_REST) if math.isfinite(asked) else USUAL_REST


def _places(read: dict[str, Any]) -> Iterator[Place]:
    """What is sound in the answer, and sure enough."""
    for feature in read.get("features", []):
        try:
            told = feature["properties"]
            longitude, latitude = (float(each) for each in feature["geometry"]["coordinates"][:2])
            score = float(told["score"])
            label = _label(told)
        except (KeyError, TypeError, ValueError):
            continue
        sound = abs(longitude) <= 180 and abs(latitude) <= 90  # false for NaN
        if sound and label and score >= MIN_SCORE:
            point = Point(round(longitude, 6), round(latitude, 6), srid=4326)
            yield Place(label=label, point=point, score=min(score, 1.0))


def _label(told: dict[str, Any]) -> str:
    """An address has a label; a place has names, and the commune where it is."""
    if told.get("label"):
        return _words(told["label"])
    name = _words(told.get("toponym") or told.get("name"))
    city = _words(told.get("city"))
    return f"{name} ({city})" if name and city and city != name else name


def _words(value: Any) -> str:
    """The first of several, on one line."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return " ".join(value.split())[:MAX_LABEL] if isinstance(value, str) else ""
