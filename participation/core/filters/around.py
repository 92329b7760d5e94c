"""“Around me”: a place and a radius, in an address that anyone may share."""

import re
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, Point

from maps.projections import WGS84, in_metres

RADII = (200, 500, 1000, 2000, 5000)
"""Metres that one may choose."""
DEFAULT_RADIUS = 500
DECIMALS = 3
"""About a hundred metres: a shared address does not tell where somebody lives."""
LABEL_LIMIT = 120
_PLACE = re.compile(r"(-?\d{1,2}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)")


@dataclass(frozen=True, slots=True)
class Around:
    """A circle: `latitude` and `longitude` in degrees, `radius` in metres, and its name in words
    (empty for somebody's own position)."""

    latitude: float
    longitude: float
    radius: int
    label: str = ""

    @property
    def place(self) -> str:
        """As in the address: `43.604,1.444`."""
        return f"{self.latitude:.{DECIMALS}f},{self.longitude:.{DECIMALS}f}"

    @property
    def point(self) -> Point:
        return Point(self.longitude, self.latitude, srid=WGS84)

    @property
    def circle(self) -> GEOSGeometry:
        """The circle as a polygon (WGS 84), made in metres of the projected system."""
        metres = in_metres(self.point).buffer(self.radius, quadsegs=16)
        return metres.transform(WGS84, clone=True)


def read_around(*, place: str, radius: str, label: str = "") -> Around | None:
    """What the address says; `None` when it means nothing."""
    found = _PLACE.fullmatch(place.strip())
    if found is None:
        return None
    latitude, longitude = (round(float(number), DECIMALS) for number in found.groups())
    if abs(latitude) > 85 or abs(longitude) > 180:
        return None
    metres = int(radius) if radius.isascii() and radius.isdigit() and len(radius) < 6 else 0
    return Around(
        latitude=latitude,
        longitude=longitude,
        radius=metres if metres in RADII else DEFAULT_RADIUS,
        label=" ".join(label.replace("\x00", "").split())[:LABEL_LIMIT],
    )
