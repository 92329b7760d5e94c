"""Drawings for the demonstration: always the same ones, wholly inside a real place."""

import math
import random

from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon

from maps.models import Territory
from maps.projections import in_metres, srid_for
from participation.mapping.choices import Shape


def draw(shape: str, place: Territory, rng: random.Random) -> GEOSGeometry:
    """A point, a line of a few hundred metres or a small area, wholly inside `place` (WGS 84)."""
    outline = place.geometry.prepared
    for _try in range(60):
        drawing = _around(shape, _somewhere(place, rng), rng)
        if outline.covers(drawing):
            return drawing
    return _around(shape, place.geometry.point_on_surface, rng, smaller=0.2)


def _somewhere(place: Territory, rng: random.Random) -> Point:
    outline = place.geometry.prepared
    west, south, east, north = place.geometry.extent
    for _try in range(200):
        spot = Point(
            round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6), srid=4326
        )
        if outline.covers(spot):
            return spot
    middle: Point = place.geometry.point_on_surface
    return middle


def _around(shape: str, start: Point, rng: random.Random, *, smaller: float = 1.0) -> GEOSGeometry:
    if shape == Shape.POINT:
        return start
    x, y = in_metres(start).coords[:2]  # type: ignore[attr-defined]  # a point has coordinates
    heading = rng.uniform(0, 2 * math.pi)
    spots = []
    if shape == Shape.LINE:
        for _leg in range(rng.randint(4, 7)):
            spots.append((x, y))
            heading += rng.uniform(-0.5, 0.5)
            length = rng.uniform(60, 140) * smaller
            x, y = x + length * math.cos(heading), y + length * math.sin(heading)
        drawn: GEOSGeometry = LineString(spots, srid=srid_for(start))
    else:
        for corner in range(5):
            angle = heading + corner * 2 * math.pi / 5
            reach = rng.uniform(25, 55) * smaller
            spots.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        drawn = Polygon([*spots, spots[0]], srid=srid_for(start))
    return _six_decimals(drawn.transform(4326, clone=True))


def _six_decimals(drawing: GEOSGeometry) -> GEOSGeometry:
    """As the site keeps drawings: a tenth of a metre."""
    match drawing:
        case LineString():
            return LineString([(round(x, 6), round(y, 6)) for x, y in drawing.coords], srid=4326)
        case Polygon():
            ring = [(round(x, 6), round(y, 6)) for x, y in drawing.coords[0]]
            return Polygon(ring, srid=4326)
    return drawing
