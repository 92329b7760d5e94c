"""Pictures of territories as data for SVG: paths in a small integer frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.core.cache import caches
from django.db.models import Q

from maps import queries
from maps.models import Territory
from maps.projections import place_in_metres, projected_srid

WIDTH = 480  # units of the picture's frame; CSS decides its size on the page
MARGIN = 12
SHADES = 5
MEMORY_SECONDS = 60
METRES_PER_DEGREE = 111_000  # of latitude; only sets how much detail is dropped


@dataclass(frozen=True, slots=True)
class Shape:
    """One boundary: its SVG path (metres, y downwards) and how it is filled."""

    name: str
    path: str
    role: str
    shade: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: `transform` brings metres into a frame of `width` × `height` units."""

    width: int
    height: int
    transform: str
    shapes: tuple[Shape, ...]
    point: tuple[float, float] | None


def draw(
    territory: Territory,
    *,
    point: Point | None,
    highlight: Territory | None,
    parts: str,
    values: Mapping[int, float],
) -> Picture | None:
    """The outline, its parts and a place; `None` when the territory is gone.

    Two queries when the boundaries are not in memory, none otherwise: a corrected boundary shows
    within `MEMORY_SECONDS`.
    """
    key = f"maps:boundaries:{territory.pk}:{parts}:{highlight.pk if highlight else ''}"
    boundaries: _Boundaries | None = caches["memory"].get(key)
    if boundaries is None:
        boundaries = _boundaries(territory, highlight, parts)
        if boundaries is None:
            return None
        caches["memory"].set(key, boundaries, MEMORY_SECONDS)
    lowest, highest = (min(values.values()), max(values.values())) if values else (0.0, 0.0)
    return Picture(
        width=boundaries.width,
        height=boundaries.height,
        transform=f"translate({MARGIN} {MARGIN}) scale({boundaries.scale:.6f}) "
        f"translate({-boundaries.west:.0f} {boundaries.north:.0f})",
        shapes=tuple(
            Shape(name, path, role, _shade(values.get(pk), lowest, highest))
            for pk, name, path, role in boundaries.lines
        ),
        point=None if point is None else boundaries.place(point),
    )


@dataclass(frozen=True, slots=True)
class _Boundaries:
    """What every picture of a territory shares. Lengths in metres of the system `srid`."""

    srid: int
    west: float
    north: float
    scale: float
    width: int
    height: int
    lines: tuple[tuple[int, str, str, str], ...]  # key, name, path, role; the outline last

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point lies in the frame."""
        easting, northing = place_in_metres(point, self.srid)
        return (
            round(MARGIN + (easting - self.west) * self.scale, 1),
            round(MARGIN + (self.north - northing) * self.scale, 1),
        )


def _boundaries(
    territory: Territory, highlight: Territory | None, parts: str
) -> _Boundaries | None:
    box = queries.extent(territory)
    srid = projected_srid((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    degrees = max(box[2] - box[0], box[3] - box[1])
    wanted = Q(pk=territory.pk)
    if parts:
        wanted |= Q(parent=territory, kind=parts)
    if highlight is not None:
        wanted |= Q(pk=highlight.pk)
    rows = queries.drawings(
        Territory.objects.filter(wanted),
        srid=srid,
        tolerance_metres=degrees * METRES_PER_DEGREE / WIDTH / 2,
    )
    outline = next((row for row in rows if row["pk"] == territory.pk), None)
    if outline is None:
        return None
    west, south, east, north = (outline[edge] for edge in ("west", "south", "east", "north"))
    scale = (WIDTH - 2 * MARGIN) / max(east - west, north - south, 1)
    # Outline last: its line lies over those of its parts.
    ordered = sorted(rows, key=lambda row: (row["pk"] == territory.pk, row["code"]))
    return _Boundaries(
        srid=srid,
        west=west,
        north=north,
        scale=scale,
        width=round((east - west) * scale) + 2 * MARGIN,
        height=round((north - south) * scale) + 2 * MARGIN,
        lines=tuple(
            (row["pk"], row["name"], row["path"], _role(row, territory, highlight))
            for row in ordered
        ),
    )


def _role(row: Mapping[str, Any], territory: Territory, highlight: Territory | None) -> str:
    if row["pk"] == territory.pk:
        return "outline"
    return "highlight" if highlight is not None and row["pk"] == highlight.pk else "part"


def _shade(value: float | None, lowest: float, highest: float) -> int | None:
    """1 (lightest) to 5, in equal steps between the lowest and the highest value."""
    if value is None:
        return None
    if highest <= lowest:
        return SHADES
    return min(SHADES, 1 + int(SHADES * (value - lowest) / (highest - lowest)))
