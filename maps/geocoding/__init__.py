"""Places by name, behind one adapter: the national service in production, our territories offline.

`settings.MAP_GEOCODER` names the adapter's class. A slow or absent service never blocks a form:
`search` answers "not available" and the person goes on with the map, the list or plain text.
"""

import logging

from django.conf import settings
from django.contrib.gis.geos import Point
from django.utils.module_loading import import_string

from maps.geocoding.gazetteer import Gazetteer
from maps.geocoding.geoplateforme import Geoplateforme
from maps.geocoding.places import MIN_SCORE, Found, Geocoder, GeocoderUnavailable, Place
from maps.models import Territory

__all__ = [
    "MIN_SCORE",
    "Found",
    "Gazetteer",
    "Geocoder",
    "GeocoderUnavailable",
    "Geoplateforme",
    "Place",
    "reverse",
    "search",
]

logger = logging.getLogger(__name__)

MIN_LENGTH = 2
MAX_LENGTH = 200
MAX_PLACES = 8


def _geocoder() -> Geocoder:
    made: Geocoder = import_string(settings.MAP_GEOCODER)()
    return made


def search(text: str, *, within: Territory | None = None, limit: int = MAX_PLACES) -> Found:
    """Candidates for what somebody typed, inside `within` when given; never raises."""
    asked = " ".join(text.replace("\x00", " ").split())[:MAX_LENGTH]
    if len(asked) < MIN_LENGTH:
        return Found()
    try:
        places = _geocoder().search(asked, within=within, limit=limit)
    except GeocoderUnavailable:
        # What was typed may be somebody's address: it stays out of the log.
        logger.warning("The geocoder did not answer.")
        return Found(available=False)
    return Found(places=tuple(place for place in places if place.score >= MIN_SCORE)[:limit])


def reverse(point: Point) -> Found:
    """The address or the territory at `point` (WGS 84): one place or none; never raises."""
    try:
        place = _geocoder().reverse(point)
    except GeocoderUnavailable:
        logger.warning("The geocoder did not answer.")
        return Found(available=False)
    return Found(places=() if place is None else (place,))
