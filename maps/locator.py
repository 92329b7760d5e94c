"""Pictures of territories as data for SVG: paths in a small integer frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.db.models import Q

from maps import queries
from maps.models import Territory
from maps.projections import projected_srid

WIDTH = 480  # units of the picture's frame; CSS decides its size on the page
MARGIN = 12
SHADES = 5
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
    """The outline, its parts and a place; `None` when the territory is gone. One or two queries."""
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
    width = round((east - west) * scale) + 2 * MARGIN
    height = round((north - south) * scale) + 2 * MARGIN
    # Outline last: its line lies over those of its parts.
    ordered = sorted(rows, key=lambda row: (row["pk"] == territory.pk, row["code"]))
    lowest, highest = (min(values.values()), max(values.values())) if values else (0.0, 0.0)
    shapes = tuple(
        Shape(
            name=row["name"],
            path=row["path"],
            role=_role(row, territory, highlight),
            shade=_shade(values.get(row["pk"]), lowest, highest),
        )
        for row in ordered
    )
    return Picture(
        width=width,
        height=height,
        transform=f"translate({MARGIN} {MARGIN}) scale({scale:.6f}) "
        f"translate({-west:.0f} {north:.0f})",
        shapes=shapes,
        point=_place(point, srid, west, north, scale),
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


def _place(
    point: Point | None, srid: int, west: float, north: float, scale: float
) -> tuple[float, float] | None:
    if point is None:
        return None
    there: Any = point.transform(srid, clone=True)
    return (
        round(MARGIN + (there.x - west) * scale, 1),
        round(MARGIN + (north - there.y) * scale, 1),
    )
