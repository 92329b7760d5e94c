"""The square grid that web maps are cut into: Web Mercator, y downwards, one square at zoom 0."""

import math
from dataclasses import dataclass

from django.contrib.gis.geos import Polygon

WEB_MERCATOR = 3857
HALF_WORLD = 20037508.342789244  # metres of EPSG:3857 from the middle to an edge
MAX_ZOOM = 22

Metres = tuple[float, float, float, float]
"""West, south, east, north, in metres of EPSG:3857."""


class NoSuchTile(ValueError):
    """These three numbers are no square of the grid."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the grid. Raises `NoSuchTile` when the three numbers aren't one."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_ZOOM:
            raise NoSuchTile(f"Zoom {self.z} is not between 0 and {MAX_ZOOM}.")
        side = 1 << self.z
        if not (0 <= self.x < side and 0 <= self.y < side):
            raise NoSuchTile(f"{self.x}/{self.y} is outside the {side} × {side} squares.")

    def __str__(self) -> str:
        return f"{self.z}/{self.x}/{self.y}"

    @property
    def side(self) -> float:
        """Length of an edge, in metres of EPSG:3857 (true metres at the equator only)."""
        return 2 * HALF_WORLD / (1 << self.z)

    @property
    def metres(self) -> Metres:
        """The square in EPSG:3857; neighbours share their edges to the last digit."""
        return (
            self.x * self.side - HALF_WORLD,
            HALF_WORLD - (self.y + 1) * self.side,
            (self.x + 1) * self.side - HALF_WORLD,
            HALF_WORLD - self.y * self.side,
        )

    @property
    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east, north in WGS 84."""
        side = 1 << self.z
        return (
            self.x / side * 360 - 180,
            _latitude((self.y + 1) / side),
            (self.x + 1) / side * 360 - 180,
            _latitude(self.y / side),
        )

    def box(self, margin: float = 0) -> Polygon:
        """The square as a polygon in EPSG:3857, grown by `margin` (a share of its edge)."""
        west, south, east, north = self.metres
        more = self.side * margin
        polygon = Polygon.from_bbox((west - more, south - more, east + more, north + more))
        polygon.srid = WEB_MERCATOR
        return polygon


def _latitude(share: float) -> float:
    """Of a share of the world's height, from the top."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * share))))


def tile_at(longitude: float, latitude: float, zoom: int) -> Tile:
    """The square that holds a place in degrees."""
    side = 1 << zoom
    angle = math.radians(latitude)
    x = int((longitude + 180) / 360 * side)
    y = int((1 - math.asinh(math.tan(angle)) / math.pi) / 2 * side)
    return Tile(zoom, min(x, side - 1), min(max(y, 0), side - 1))
