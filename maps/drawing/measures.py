"""Lengths and areas of drawings, in metres of the legal projected system, and how to say them."""

import math
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, LineString, Point
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from maps.choices import GeometryKind
from maps.projections import in_metres, projected_srid

HECTARE = 10_000  # square metres
SQUARE_KILOMETRE = 1_000_000
KILOMETRE = 1_000

# GRS 80, the ellipsoid of the French systems and, to a tenth of a millimetre, of WGS 84.
_RADIUS = 6_378_137.0
_ECCENTRICITY_SQUARED = 0.006_694_380_022_9


@dataclass(frozen=True, slots=True)
class Measure:
    """`length` in metres (for an area, its outline); `area` in square metres; zero for a point."""

    length: float = 0.0
    area: float = 0.0


def measure(geometry: GEOSGeometry) -> Measure:
    """Length and area of a WGS 84 geometry, measured in its projected system."""
    flat = in_metres(geometry)
    return Measure(length=float(flat.length), area=float(flat.area))


def said(geometry: GEOSGeometry | None) -> str:
    """“412 m”, “3.4 ha (outline: 760 m)”; nothing for a point or for no geometry."""
    if geometry is None or geometry.empty:
        return ""
    found = measure(geometry)
    if found.area:
        return _("%(area)s (outline: %(length)s)") % {
            "area": area_text(found.area),
            "length": length_text(found.length),
        }
    return length_text(found.length) if found.length else ""


def length_text(metres: float) -> str:
    """Three figures: “12 m”, “412 m”, “1.24 km”."""
    if metres < 10:
        return _("%(value)s m") % {"value": _rounded(metres, 1)}
    if round(metres) < KILOMETRE:
        return _("%(value)s m") % {"value": _rounded(metres, 0)}
    return _("%(value)s km") % {"value": _three_figures(metres / KILOMETRE)}


def area_text(square_metres: float) -> str:
    """“85 m²”, “1.24 ha”, “3.1 km²” from a hundred hectares."""
    if round(square_metres) < HECTARE / 10:
        return _("%(value)s m²") % {"value": _rounded(square_metres, 0)}
    if square_metres < SQUARE_KILOMETRE:
        return _("%(value)s ha") % {"value": _three_figures(square_metres / HECTARE)}
    return _("%(value)s km²") % {"value": _three_figures(square_metres / SQUARE_KILOMETRE)}


def _three_figures(value: float) -> str:
    decimals = 2 if value < 10 else 1 if value < 100 else 0
    return _rounded(value, decimals)


def _rounded(value: float, decimals: int) -> str:
    # Django's own formatting cuts the decimals off.
    return number_format(round(value, decimals), decimals)


def kind_of(geometry: GEOSGeometry) -> GeometryKind | None:
    """Point, line or area; `None` for any other geometry."""
    return {
        "Point": GeometryKind.POINT,
        "LineString": GeometryKind.LINE,
        "Polygon": GeometryKind.AREA,
    }.get(geometry.geom_type)


def scale_at(longitude: float, latitude: float) -> float:
    """How much the projected system stretches lengths here (1.0003 for 3 mm in 10 m).

    The browser measures on the ellipsoid and multiplies: every legal French system is conformal, so
    one number serves all directions, and the figures it shows are those kept by the server.
    """
    step = 0.005
    flat = LineString(
        Point(longitude, latitude - step), Point(longitude, latitude + step), srid=4326
    ).transform(projected_srid(longitude, latitude), clone=True)
    bend = 1 - _ECCENTRICITY_SQUARED * math.sin(math.radians(latitude)) ** 2
    radius = _RADIUS * (1 - _ECCENTRICITY_SQUARED) / bend**1.5
    return float(flat.length) / (radius * math.radians(2 * step))
