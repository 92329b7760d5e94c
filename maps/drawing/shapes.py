"""From points to a geometry that can be kept: enough points, no crossing, neither tiny nor huge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maps.choices import GeometryKind
from maps.drawing import measures
from maps.drawing.errors import DrawingErrors, Problem
from maps.drawing.notations import DECIMALS, position_text
from maps.drawing.reading import Vertex
from maps.projections import WGS84

MAX_VERTICES = 1_000
MIN_LENGTH_METRES = 1
MIN_AREA_SQUARE_METRES = 1
# What a hand that trembles leaves beside the shape it meant; more than that is another shape.
SLIVER = 0.01
# Mending costs as much as the outline has crossings, squared: a scribble of 400 points would take a
# minute. A hand that slips crosses its outline a few times.
MAX_CROSSINGS_MENDED = 40
_PLACE = re.compile(r"\[(\S+) (\S+)\]")


@dataclass(frozen=True, slots=True)
class Shape:
    """A sound geometry (WGS 84), the points it keeps, and what was mended on the way."""

    geometry: GEOSGeometry
    vertices: tuple[Vertex, ...]
    notes: tuple[str, ...] = field(default=())


def shape_of(
    kind: str,
    vertices: Sequence[Vertex],
    *,
    max_length_metres: float | None = None,
    max_area_square_metres: float | None = None,
) -> Shape:
    """The geometry of these points; points that repeat the one before are left out, and said.

    `max_length_metres` holds for lines, `max_area_square_metres` for areas. Raises `DrawingErrors`:
    `too_many_for_a_point`, `too_few`, `too_short`, `too_small`, `crossing`, `too_long`,
    `too_large`.
    """
    kept, notes = _without_repeats(kind, vertices)
    match kind:
        case GeometryKind.POINT:
            geometry: GEOSGeometry = _point(kept)
        case GeometryKind.LINE:
            geometry = _line(kept)
        case _:
            geometry, mended = _area(kept)
            notes += mended
    _check_size(geometry, max_length_metres, max_area_square_metres)
    return Shape(geometry, tuple(kept), tuple(notes))


def vertices_text(geometry: Any) -> str:
    """The points of a geometry, one per line, as `reading.read` takes them.

    Raises `ValueError` for what a person can't edit point by point: several parts, or holes.
    """
    match geometry.geom_type:
        case "Point":
            positions = [geometry.coords]
        case "LineString":
            positions = list(geometry.coords)
        case "Polygon" if len(geometry.coords) == 1:
            positions = list(geometry.coords[0][:-1])
        case other:
            raise ValueError(f"A {other} with several parts or holes can't be edited by points.")
    return "\n".join(position_text(place[1], place[0]) for place in positions)


def _without_repeats(kind: str, vertices: Sequence[Vertex]) -> tuple[list[Vertex], list[str]]:
    kept: list[Vertex] = []
    for vertex in vertices:
        if not kept or kept[-1][1:] != vertex[1:]:
            kept.append(vertex)
    repeats = len(vertices) - len(kept)
    # A ring closed by hand: the last point says again the first, which is no mistake.
    if kind == GeometryKind.AREA and len(kept) > 1 and kept[0][1:] == kept[-1][1:]:
        kept.pop()
    if not repeats:
        return kept, []
    said = ngettext(
        "%(count)s repeated point was left out.",
        "%(count)s repeated points were left out.",
        repeats,
    )
    return kept, [said % {"count": repeats}]


def _point(vertices: Sequence[Vertex]) -> Point:
    if len(vertices) != 1:
        raise _refused(
            "too_many_for_a_point",
            _("A point has one position only, and %(count)s are given: keep one, or draw a line.")
            % {"count": len(vertices)},
        )
    return Point(vertices[0].longitude, vertices[0].latitude, srid=WGS84)


def _line(vertices: Sequence[Vertex]) -> LineString:
    if len(vertices) < 2:
        raise _refused("too_few", _("A line needs at least two different points."))
    line = LineString([_xy(vertex) for vertex in vertices], srid=WGS84)
    if measures.measure(line).length < MIN_LENGTH_METRES:
        raise _refused("too_short", _("This line is shorter than one metre."))
    return line


def _area(vertices: Sequence[Vertex]) -> tuple[Polygon, list[str]]:
    if len({vertex[1:] for vertex in vertices}) < 3:
        raise _refused("too_few", _("An area needs at least three different points."))
    ring = [_xy(vertex) for vertex in (*vertices, vertices[0])]
    area = Polygon(ring, srid=WGS84)
    notes = []
    if not area.valid:
        area = _mended(area, vertices)
        notes.append(_("The outline crossed or touched itself: it was mended."))
    if measures.measure(area).area < MIN_AREA_SQUARE_METRES:
        raise _flat()
    return area, notes


def _mended(area: Polygon, vertices: Sequence[Vertex]) -> Polygon:
    """The one area that the outline meant; slivers left by a trembling hand are dropped.

    Two areas or more (a figure of eight) are for the person to choose from.
    """
    if _meets_itself_often(area.coords[0]):
        raise _refused("crossing", _crossing(area, vertices))
    parts = sorted(_polygons(area.make_valid()), key=lambda part: -part.area)
    if not parts or measures.measure(parts[0]).area < MIN_AREA_SQUARE_METRES:
        raise _flat()
    if sum(part.area for part in parts[1:]) > SLIVER * parts[0].area:
        raise _refused("crossing", _crossing(area, vertices))
    # Without holes: where an outline goes over itself, its inside was meant.
    whole = Polygon(parts[0].exterior_ring, srid=WGS84)
    rounded = Polygon(
        [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in whole.coords[0]], srid=WGS84
    )
    return rounded if rounded.valid else whole


def _meets_itself_often(ring: Sequence[tuple[float, ...]]) -> bool:
    """Do sides that aren't neighbours meet more than `MAX_CROSSINGS_MENDED` times?"""
    sides = [
        (min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1]), a, b)
        for a, b in pairwise(ring)
    ]
    found = 0
    for place, (west, east, south, north, a, b) in enumerate(sides):
        for left, right, low, high, c, d in sides[place + 2 :]:
            if left > east or right < west or low > north or high < south:
                continue
            if _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0:
                found += 1
                if found > MAX_CROSSINGS_MENDED:
                    return True
    return False


def _turn(a: tuple[float, ...], b: tuple[float, ...], c: tuple[float, ...]) -> float:
    """Positive when a → b → c turns left; zero when they are in line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])


def _polygons(geometry: Any) -> list[Polygon]:
    if isinstance(geometry, Polygon):
        return [geometry] if not geometry.empty else []
    if geometry.num_geom > 1 or geometry.geom_type.startswith(("Multi", "Geometry")):
        return [part for each in geometry for part in _polygons(each)]
    return []  # a point or a line, left by a spike


def _crossing(area: Polygon, vertices: Sequence[Vertex]) -> str:
    """Which two sides cross, when GEOS says where."""
    where = _PLACE.search(area.valid_reason)
    sides = []
    if where:
        spot = Point(float(where[1]), float(where[2]))
        closed = [*vertices, vertices[0]]
        sides = sorted(
            (LineString(_xy(start), _xy(end)).distance(spot), start.number, end.number)
            for start, end in pairwise(closed)
        )[:2]
    if len(sides) < 2:
        return _("The outline of this area crosses itself: move its points so that it goes round.")
    sides.sort(key=lambda side: side[1])
    return _(
        "The outline of this area crosses itself: the side from point %(a)s to point %(b)s and the "
        "side from point %(c)s to point %(d)s. Move one of these points, or change their order."
    ) % {"a": sides[0][1], "b": sides[0][2], "c": sides[1][1], "d": sides[1][2]}


def _check_size(
    geometry: GEOSGeometry, max_length_metres: float | None, max_area_square_metres: float | None
) -> None:
    kind = measures.kind_of(geometry)
    if kind == GeometryKind.LINE and max_length_metres is not None:
        length = measures.measure(geometry).length
        if length > max_length_metres:
            raise _refused(
                "too_long",
                _("This line is %(length)s long: %(limit)s at most.")
                % {
                    "length": measures.length_text(length),
                    "limit": measures.length_text(max_length_metres),
                },
            )
    if kind == GeometryKind.AREA and max_area_square_metres is not None:
        size = measures.measure(geometry).area
        if size > max_area_square_metres:
            raise _refused(
                "too_large",
                _("This area covers %(area)s: %(limit)s at most.")
                % {
                    "area": measures.area_text(size),
                    "limit": measures.area_text(max_area_square_metres),
                },
            )


def _xy(vertex: Vertex) -> tuple[float, float]:
    return vertex.longitude, vertex.latitude


def _flat() -> DrawingErrors:
    return _refused(
        "too_small", _("This area is flat, or smaller than one square metre: spread its points.")
    )


def _refused(code: str, text: str) -> DrawingErrors:
    return DrawingErrors(Problem(code, text))
