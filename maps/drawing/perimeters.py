"""Where drawing is allowed: a territory, or an area drawn by hand; all must be inside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maps import queries
from maps.choices import GeometryKind
from maps.drawing.errors import DrawingErrors, Problem, enumerate_numbers
from maps.drawing.reading import Vertex
from maps.models import Territory
from maps.projections import WGS84
from maps.querysets import TerritoryQuerySet

# The outline on the screen is simplified, so a hand that follows it strays by a few metres.
TOLERANCE_DEGREES = 0.000_05


@dataclass(frozen=True, slots=True)
class Perimeter:
    """A territory, whose boundary stays in the database, or a shape (WGS 84) of our own."""

    territory: Territory | None = None
    shape: MultiPolygon | Polygon | None = None
    name: str = ""

    @property
    def label(self) -> str:
        """How sentences call it."""
        return self.name or (self.territory.name if self.territory else _("the perimeter"))

    @property
    def box(self) -> queries.Box | None:
        """West, south, east, north in degrees; `None` without any perimeter."""
        if self.shape is not None:
            box: queries.Box = self.shape.extent
            return box
        return queries.extent(self.territory) if self.territory else None

    def covers(self, geometry: GEOSGeometry) -> bool:
        """Is all of `geometry` inside? A territory costs one query by key."""
        if self.shape is not None:
            return bool(self.shape.covers(geometry))
        if self.territory is None:
            return True
        rows = Territory.objects.filter(pk=self.territory.pk, geometry__covers=geometry)
        return rows.exists()

    def parts(self, kinds: Iterable[str]) -> TerritoryQuerySet:
        """The territories to choose from, by kind and code, without their boundaries."""
        if self.shape is not None:
            # Shrunk, so that those which only touch it are not offered.
            inside = self.shape.buffer(-TOLERANCE_DEGREES)
            rows = Territory.objects.of_kinds(kinds).filter(geometry__intersects=inside)
            found: TerritoryQuerySet = rows.light().order_by("kind", "code")
            return found
        if self.territory is None:
            return Territory.objects.none()
        return queries.children(self.territory).of_kinds(kinds)

    def tolerant_shape(self) -> GEOSGeometry | None:
        """The whole shape, a few metres wider. Reads a boundary: only to explain a refusal."""
        shape: GEOSGeometry | None = self.shape
        if shape is None and self.territory is not None:
            row = Territory.objects.only("geometry").get(pk=self.territory.pk)
            shape = row.geometry
        return None if shape is None else shape.buffer(TOLERANCE_DEGREES)


def check_inside(
    perimeter: Perimeter, kind: str, geometry: GEOSGeometry, vertices: Sequence[Vertex]
) -> None:
    """Raises `DrawingErrors` unless all of the drawing is inside: `outside`, `swapped`.

    Says which points are outside or, when all are inside, between which ones the drawing leaves.
    """
    if perimeter.covers(geometry):
        return
    shape = perimeter.tolerant_shape()
    if shape is None:
        return
    prepared = shape.prepared
    outside = [each for each in vertices if not prepared.covers(_point(each))]
    if not outside:
        if not prepared.covers(geometry):
            raise _outside(_leaving(prepared, perimeter, kind, vertices))
        return
    swapped = [
        each
        for each in outside
        if abs(each.longitude) <= 90
        and prepared.covers(Point(each.latitude, each.longitude, srid=WGS84))
    ]
    if len(swapped) == len(outside):
        raise DrawingErrors(Problem("swapped", _swapped(swapped, len(vertices))))
    if kind == GeometryKind.POINT:
        text = _("This point is outside %(perimeter)s.") % {"perimeter": perimeter.label}
    else:
        text = ngettext(
            "Point %(numbers)s is outside %(perimeter)s.",
            "Points %(numbers)s are outside %(perimeter)s.",
            len(outside),
        ) % {
            "numbers": enumerate_numbers(each.number for each in outside),
            "perimeter": perimeter.label,
        }
    raise _outside(text)


def _leaving(prepared: Any, perimeter: Perimeter, kind: str, vertices: Sequence[Vertex]) -> str:
    """Between which points the drawing leaves the perimeter, though each of them is inside."""
    ends = [*vertices, vertices[0]] if kind == GeometryKind.AREA else vertices
    for start, end in pairwise(ends):
        side = LineString(_point(start), _point(end), srid=WGS84)
        if not prepared.covers(side):
            return _(
                "Between point %(first)s and point %(second)s, the drawing leaves %(perimeter)s."
            ) % {"first": start.number, "second": end.number, "perimeter": perimeter.label}
    return _("This area goes round a place that is not in %(perimeter)s.") % {
        "perimeter": perimeter.label
    }


def _swapped(swapped: Sequence[Vertex], total: int) -> str:
    if len(swapped) == total:
        return _("Latitude and longitude seem to be the wrong way round.")
    return ngettext(
        "Point %(numbers)s: latitude and longitude seem to be the wrong way round.",
        "Points %(numbers)s: latitude and longitude seem to be the wrong way round.",
        len(swapped),
    ) % {"numbers": enumerate_numbers(each.number for each in swapped)}


def _outside(text: str) -> DrawingErrors:
    return DrawingErrors(Problem("outside", text))


def _point(vertex: Vertex) -> Point:
    return Point(vertex.longitude, vertex.latitude, srid=WGS84)
