"""Pictures of a map as a whole, as data for SVG: the outline, squares and circles over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Polygon

from maps import locator
from maps.projections import place_in_metres, projected_srid
from maps.queries import Box
from participation.mapping.models import ParticipatoryMap
from participation.mapping.queries.synthesis import Cluster, Square

SHADES = 5


@dataclass(frozen=True, slots=True)
class Patch:
    """A square of the heat map: an SVG path in metres, and its shade, 1 (light) to 5."""

    path: str
    shade: int
    count: int


@dataclass(frozen=True, slots=True)
class Disc:
    """A group: its middle in units of the frame, its radius, its rank in the table, its name."""

    x: float
    y: float
    radius: float
    rank: int
    name: str


@dataclass(frozen=True, slots=True)
class Frame:
    """`transform` brings metres of `srid` (y downwards) into `width` × `height` units."""

    srid: int
    west: float
    north: float
    scale: float
    width: int
    height: int
    shapes: tuple[locator.Shape, ...]

    @property
    def transform(self) -> str:
        return (
            f"translate({locator.MARGIN} {locator.MARGIN}) scale({self.scale:.6f}) "
            f"translate({-self.west:.0f} {self.north:.0f})"
        )


def frame_of(map: ParticipatoryMap, box: Box) -> Frame:
    """The perimeter's frame, with its parts when it is a territory."""
    srid = projected_srid((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    outline = Polygon.from_bbox(box)
    outline.srid = 4326
    west, south, east, north = outline.transform(srid, clone=True).extent
    room = locator.WIDTH - 2 * locator.MARGIN
    scale = room / max(east - west, north - south, 1)
    shapes: tuple[locator.Shape, ...] = ()
    perimeter = map.activity.process.perimeter
    if perimeter is not None:
        drawn = locator.draw(perimeter, point=None, highlight=None, parts=map.parts, values={})
        shapes = drawn.shapes if drawn is not None else ()
    elif map.drawn_perimeter is not None:
        shapes = (locator.Shape(str(map), _path(map.drawn_perimeter, srid), "outline", None),)
    return Frame(
        srid=srid,
        west=west,
        north=north,
        scale=scale,
        width=round((east - west) * scale) + 2 * locator.MARGIN,
        height=round((north - south) * scale) + 2 * locator.MARGIN,
        shapes=shapes,
    )


def patches(frame: Frame, squares: Sequence[Square]) -> list[Patch]:
    """The squares, five shades between one contribution and the fullest square."""
    most = max((square.count for square in squares), default=1)
    return [
        Patch(
            _path(square.outline, frame.srid),
            min(SHADES, 1 + SHADES * (square.count - 1) // max(most, 1)),
            square.count,
        )
        for square in squares
    ]


def discs(frame: Frame, clusters: Sequence[Cluster]) -> list[Disc]:
    """The groups; the area of a disc follows how many contributions it stands for."""
    most = max((cluster.count for cluster in clusters), default=1)
    found = []
    for rank, cluster in enumerate(clusters, start=1):
        easting, northing = place_in_metres(cluster.centre, frame.srid)
        found.append(
            Disc(
                x=round(locator.MARGIN + (easting - frame.west) * frame.scale, 1),
                y=round(locator.MARGIN + (frame.north - northing) * frame.scale, 1),
                radius=round(8 + 14 * (cluster.count / most) ** 0.5, 1),
                rank=rank,
                name=cluster.name,
            )
        )
    return found


def _path(geometry: GEOSGeometry, srid: int) -> str:
    """Outer rings, in whole metres, y downwards."""
    flat: Any = geometry.transform(srid, clone=True)
    polygons = [flat] if flat.geom_type == "Polygon" else list(flat)
    rings = [polygon.exterior_ring.coords for polygon in polygons]
    return " ".join(
        "M" + "L".join(f"{x:.0f} {-y:.0f}" for x, y in ring[:-1]) + "Z" for ring in rings
    )
