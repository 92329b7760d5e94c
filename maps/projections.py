"""Which projected system measures a place: metres are never counted in degrees."""

import threading
from typing import Any, NamedTuple

from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import GEOSGeometry, Point

WGS84 = 4326
LAMBERT_93 = 2154


class _Zone(NamedTuple):
    name: str
    srid: int
    west: float
    south: float
    east: float
    north: float


# Legal reference systems of France, décret n° 2000-1276 as amended: one per overseas territory,
# Lambert-93 for the mainland and Corsica.
_OVERSEAS = (
    _Zone("La Réunion", 2975, 54.5, -21.9, 56.3, -20.4),
    _Zone("Guadeloupe, Saint-Martin, Saint-Barthélemy", 5490, -63.3, 15.6, -60.7, 18.4),
    _Zone("Martinique", 5490, -61.5, 14.2, -60.6, 15.1),
    _Zone("Guyane", 2972, -55.0, 2.0, -51.4, 6.0),
    _Zone("Mayotte", 4471, 44.8, -13.2, 45.5, -12.4),
    _Zone("Saint-Pierre-et-Miquelon", 4467, -56.7, 46.6, -56.0, 47.3),
)


def projected_srid(longitude: float, latitude: float) -> int:
    """EPSG code of the legal projected system (metres) at this place in degrees.

    Outside every French overseas zone the answer is Lambert-93, whose error grows outside
    mainland France.
    """
    for zone in _OVERSEAS:
        if zone.west <= longitude <= zone.east and zone.south <= latitude <= zone.north:
            return zone.srid
    return LAMBERT_93


def srid_for(geometry: GEOSGeometry) -> int:
    """The projected system of a geometry in WGS 84, chosen at the middle of its box."""
    west, south, east, north = geometry.extent
    return projected_srid((west + east) / 2, (south + north) / 2)


def in_metres(geometry: GEOSGeometry) -> GEOSGeometry:
    """A copy of a WGS 84 geometry in its legal projected system."""
    return geometry.transform(srid_for(geometry), clone=True)


class _Transforms(threading.local):
    """From WGS 84 to each projected system, for one thread: PROJ's objects are not shared."""

    def __init__(self) -> None:
        self.known: dict[int, CoordTransform] = {}

    def to(self, srid: int) -> CoordTransform:
        if srid not in self.known:
            self.known[srid] = CoordTransform(SpatialReference(WGS84), SpatialReference(srid))
        return self.known[srid]


_transforms = _Transforms()


def place_in_metres(point: Point, srid: int) -> tuple[float, float]:
    """Easting and northing of a WGS 84 point in the system `srid`.

    Making a transformation takes a hundred times longer than using it: each thread keeps its own.
    """
    there: Any = point.transform(_transforms.to(srid), clone=True)
    return there.x, there.y
