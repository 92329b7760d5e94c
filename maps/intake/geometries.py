"""The one way to read and check a geometry from outside, before any call to GDAL.

Positions are looked at one by one, then handed to GEOS as WKB; an outline that crosses itself is
repaired, one with too many positions is simplified within `TOLERANCE_METRES`, and both are said.
"""

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.contrib.gis.gdal import CoordTransform, GDALException, SpatialReference
from django.contrib.gis.geos import (
    GEOSException,
    GEOSGeometry,
    MultiLineString,
    MultiPolygon,
    Polygon,
)
from django.utils.translation import gettext as _

from maps.intake import intricacy
from maps.intake.outcomes import (
    AREA,
    LINE,
    POINT,
    FeatureRefused,
    FileRefused,
    Limits,
    Rules,
    printable,
)
from maps.projections import WGS84

TOLERANCE_METRES = 0.1
METRES_PER_DEGREE = 111_320  # of latitude; a degree of longitude is shorter: the error is smaller
WEB_MERCATOR_EDGE = 85.06

KINDS = {
    "Point": POINT,
    "MultiPoint": POINT,
    "LineString": LINE,
    "MultiLineString": LINE,
    "Polygon": AREA,
    "MultiPolygon": AREA,
}
_WKB = {
    "Point": 1, "LineString": 2, "Polygon": 3,
    "MultiPoint": 4, "MultiLineString": 5, "MultiPolygon": 6,
}  # fmt: skip

Position = tuple[float, float]


class Geometries:
    """Checks the geometries of one file, against its limits and rules."""

    def __init__(self, limits: Limits, rules: Rules) -> None:
        self._limits = limits
        self._rules = rules
        self._positions = 0
        self._perimeter = rules.perimeter.prepared if rules.perimeter is not None else None
        self._transforms: dict[int, CoordTransform] = {}

    def checked(self, written: Any, *, srid: int = WGS84) -> tuple[GEOSGeometry, str]:
        """A sound geometry in WGS 84 and what was repaired, from one shaped as in GeoJSON.

        Raises `FeatureRefused`, or `FileRefused` past the positions that a file may hold.
        """
        kind, coordinates = self._kind_and_coordinates(written)
        counter = _Positions(self._limits.positions_of_one, in_degrees=srid == WGS84)
        wkb = _written(kind, coordinates, counter, self._limits.rings_of_one)
        self._positions += counter.count
        if self._positions > self._limits.positions:
            raise FileRefused(
                _("The file holds more than %(limit)s positions: split it.")
                % {"limit": self._limits.positions}
            )
        geometry = self._made(wkb, srid)
        notes: list[str] = []
        geometry = self._placed(geometry, notes)
        if KINDS[kind] == AREA:
            geometry = _sound_area(geometry, notes)
        elif KINDS[kind] == LINE:
            geometry = _sound_line(geometry, notes)
        geometry = self._light(geometry, notes)
        self._refuse_outside(geometry)
        return geometry, " ; ".join(notes)

    def _kind_and_coordinates(self, written: Any) -> tuple[str, Any]:
        if not isinstance(written, Mapping):
            raise FeatureRefused(_("it has no geometry"))
        refuse_crs(written, FeatureRefused)
        kind, coordinates = written.get("type"), written.get("coordinates")
        if kind == "GeometryCollection":
            return self._alike(written.get("geometries"))
        if not isinstance(kind, str) or KINDS.get(kind) not in self._rules.kinds:
            raise self._another_kind(kind)
        return kind, coordinates

    def _alike(self, parts: Any) -> tuple[str, Any]:
        """A collection whose parts are all points, all lines or all areas is one of them."""
        kinds = [str(each.get("type")) for each in parts or () if isinstance(each, Mapping)]
        families = {KINDS.get(kind, "") for kind in kinds}
        if len(kinds) != len(parts or ()) or len(families) != 1 or "" in families:
            raise self._another_kind("GeometryCollection")
        if not families <= self._rules.kinds:
            raise self._another_kind(kinds[0])
        coordinates: list[Any] = []
        for each in parts:
            refuse_crs(each, FeatureRefused)
            inside = each.get("coordinates")
            several = each["type"].startswith("Multi")
            coordinates += inside if several and isinstance(inside, list) else [inside]
        return "Multi" + kinds[0].removeprefix("Multi"), coordinates

    def _another_kind(self, kind: Any) -> FeatureRefused:
        names = {POINT: _("a point"), LINE: _("a line"), AREA: _("an area")}
        expected = [names[each] for each in (POINT, LINE, AREA) if each in self._rules.kinds]
        shown = printable(kind, 40) if isinstance(kind, str) else "?"
        return FeatureRefused(
            _("its geometry is a %(kind)s; expected: %(expected)s")
            % {"kind": shown, "expected": ", ".join(expected)}
        )

    def _made(self, wkb: bytes, srid: int) -> GEOSGeometry:
        try:
            geometry = GEOSGeometry(memoryview(wkb), srid=srid)
            if srid == WGS84:
                return geometry
            geometry.transform(self._transform(srid))
        except (GEOSException, GDALException, ValueError, TypeError) as error:
            raise FeatureRefused(_("its coordinates make no geometry")) from error
        west, south, east, north = geometry.extent
        if not all(math.isfinite(edge) for edge in (west, south, east, north)):
            raise FeatureRefused(_("a coordinate lies outside its reference system"))
        geometry.srid = WGS84
        return geometry

    def _transform(self, srid: int) -> CoordTransform:
        if srid not in self._transforms:
            # Whole numbers that we know, never a text of the file: see `reference_systems`.
            self._transforms[srid] = CoordTransform(SpatialReference(srid), SpatialReference(WGS84))
        return self._transforms[srid]

    def _placed(self, geometry: GEOSGeometry, notes: list[str]) -> GEOSGeometry:
        """The right way round: latitudes first are told by the perimeter, when only they fit."""
        perimeter = self._rules.perimeter
        if perimeter is None or _boxes_meet(geometry.extent, perimeter.extent):
            return geometry
        west, south, east, north = geometry.extent
        if not _boxes_meet((south, west, north, east), perimeter.extent):
            return geometry
        notes.append(_("latitude and longitude were swapped: put the right way round"))
        return _swapped(geometry)

    def _light(self, geometry: GEOSGeometry, notes: list[str]) -> GEOSGeometry:
        limit = self._limits.kept_positions_of_one
        before = geometry.num_coords
        if before <= limit:
            return geometry
        lighter = geometry.simplify(TOLERANCE_METRES / METRES_PER_DEGREE, preserve_topology=True)
        if lighter.num_coords > limit:
            raise FeatureRefused(
                _("%(count)s positions, %(limit)s at most: simplify it")
                % {"count": before, "limit": limit}
            )
        notes.append(
            _("simplified within 10 cm: %(before)s positions, now %(after)s")
            % {"before": before, "after": lighter.num_coords}
        )
        return lighter

    def _refuse_outside(self, geometry: GEOSGeometry) -> None:
        if self._perimeter is None or self._perimeter.intersects(geometry):
            return
        west, south, _east, _north = geometry.extent
        raise FeatureRefused(
            _("it is outside %(perimeter)s (%(x)s, %(y)s)")
            % {
                "perimeter": self._rules.perimeter_name or _("the perimeter"),
                "x": f"{west:.5f}",
                "y": f"{south:.5f}",
            }
        )


def refuse_crs(member: Mapping[str, Any], error: type[ValueError]) -> None:
    """RFC 7946 § 4 removed `crs`: it may mean another system, or a URL to be fetched."""
    if "crs" in member and not _is_wgs84(member["crs"]):
        raise error(
            _("it has a “crs” member: convert it to WGS 84 longitudes and latitudes (RFC 7946)")
        )


def _is_wgs84(crs: Any) -> bool:
    """The one `crs` that changes nothing, written to the letter by GDAL's tools."""
    return crs == {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}


class _Positions:
    """Counts and checks the positions of one feature."""

    def __init__(self, limit: int, *, in_degrees: bool) -> None:
        self.count = 0
        self._limit = limit
        self._in_degrees = in_degrees

    def flat(self, line: Sequence[Any]) -> list[float]:
        """The numbers of a line of positions, x and y in turn; altitudes are left out."""
        self.count += len(line)
        if self.count > self._limit:
            raise FeatureRefused(
                _("more than %(limit)s positions: simplify it") % {"limit": self._limit}
            )
        numbers: list[float] = []
        for position in line:
            numbers += self._position(position)
        return numbers

    def _position(self, position: Any) -> Position:
        if not isinstance(position, list | tuple) or not 2 <= len(position) <= 4:
            raise FeatureRefused(_("a position is not a pair of numbers"))
        for value in position:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise FeatureRefused(_("a coordinate is not a number"))
        try:
            x, y = float(position[0]), float(position[1])
        except OverflowError:
            x = y = math.inf
        if not (math.isfinite(x) and math.isfinite(y)):
            raise FeatureRefused(_("a coordinate is not finite"))
        if self._in_degrees and (abs(x) > 180 or abs(y) > 90):
            raise FeatureRefused(
                _(
                    "the position %(x)s, %(y)s is not a longitude and a latitude: is the file in "
                    "another system, or the wrong way round?"
                )
                % {"x": f"{x:.6g}", "y": f"{y:.6g}"}
            )
        return x, y


def _written(kind: str, coordinates: Any, counter: _Positions, most_rings: int) -> bytes:
    """Well-known binary of these coordinates, once each is checked."""
    if kind == "Point":
        return _head(kind) + _numbers(counter.flat([coordinates]))
    if kind == "LineString":
        return _line(coordinates, counter)
    if kind == "Polygon":
        return _polygon(coordinates, counter, most_rings)[0]
    if not isinstance(coordinates, list | tuple) or not coordinates:
        raise FeatureRefused(_("its coordinates are missing"))
    parts: list[bytes] = []
    if kind == "MultiPoint":
        parts = [_head("Point") + _numbers(counter.flat([each])) for each in coordinates]
    elif kind == "MultiLineString":
        parts = [_line(each, counter) for each in coordinates]
    else:
        for each in coordinates:
            part, rings = _polygon(each, counter, most_rings)
            most_rings -= rings
            parts.append(part)
    if len(parts) == 1:
        return parts[0]
    return _head(kind) + struct.pack("<I", len(parts)) + b"".join(parts)


def _head(kind: str) -> bytes:
    return struct.pack("<BI", 1, _WKB[kind])


def _numbers(numbers: list[float]) -> bytes:
    return struct.pack(f"<{len(numbers)}d", *numbers)


def _line(positions: Any, counter: _Positions) -> bytes:
    if not isinstance(positions, list | tuple) or len(positions) < 2:
        raise FeatureRefused(_("a line has fewer than 2 positions"))
    return (
        _head("LineString") + struct.pack("<I", len(positions)) + _numbers(counter.flat(positions))
    )


def _polygon(rings: Any, counter: _Positions, most_rings: int) -> tuple[bytes, int]:
    if not isinstance(rings, list | tuple) or not rings:
        raise FeatureRefused(_("one of its polygons has no outline"))
    if len(rings) > most_rings:
        raise FeatureRefused(_("it has too many rings"))
    written = [_head("Polygon"), struct.pack("<I", len(rings))]
    for ring in rings:
        if not isinstance(ring, list | tuple) or len(ring) < 4:
            raise FeatureRefused(_("a ring has fewer than 4 positions"))
        numbers = counter.flat(ring)
        if numbers[:2] != numbers[-2:]:
            raise FeatureRefused(_("a ring is not closed: its first and last positions differ"))
        written += [struct.pack("<I", len(ring)), _numbers(numbers)]
    return b"".join(written), len(rings)


def _boxes_meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _swapped(geometry: Any) -> GEOSGeometry:
    """The same with x and y exchanged."""

    def turned(coordinates: Any) -> Any:
        if isinstance(coordinates[0], float):
            return coordinates[1], coordinates[0]
        return [turned(each) for each in coordinates]

    kind = geometry.geom_type
    loose = _Positions(geometry.num_coords, in_degrees=True)
    wkb = _written(kind, turned(geometry.coords), loose, geometry.num_coords)
    return GEOSGeometry(memoryview(wkb), srid=WGS84)


def _sound_line(geometry: Any, notes: list[str]) -> GEOSGeometry:
    if geometry.geom_type == "LineString":
        if geometry.length == 0:
            raise FeatureRefused(_("its line has no length"))
        return geometry
    parts = [part for part in geometry if part.length > 0]
    if not parts:
        raise FeatureRefused(_("its line has no length"))
    if len(parts) == len(geometry):
        return geometry
    notes.append(_("the parts of the line without length were left out"))
    return parts[0].clone() if len(parts) == 1 else MultiLineString(parts, srid=WGS84)


def _sound_area(geometry: Any, notes: list[str]) -> GEOSGeometry:
    """The same outline when sound; else GEOS's repair, of which only the areas are kept."""
    intricacy.refuse_tangled(geometry)
    if geometry.valid:
        return geometry
    reason = geometry.valid_reason
    intricacy.refuse_knotted(geometry)
    try:
        mended = geometry.make_valid()
    except GEOSException as error:
        raise FeatureRefused(_("its outline can't be repaired")) from error
    areas = [part for part in _polygons(mended) if part.area > 0]
    if not areas:
        raise FeatureRefused(_("its outline encloses nothing"))
    notes.append(_in_words(reason))
    return areas[0].clone() if len(areas) == 1 else MultiPolygon(areas, srid=WGS84)


def _polygons(geometry: Any) -> Iterator[Polygon]:
    if geometry.geom_type == "Polygon":
        yield geometry
    elif geometry.geom_type in ("MultiPolygon", "GeometryCollection"):
        for part in geometry:
            yield from _polygons(part)


def _in_words(reason: str) -> str:
    """GEOS's reason ("Self-intersection[1.45 43.55]") as a sentence."""
    name, _bracket, place = reason.partition("[")
    words = {
        "Self-intersection": _("its outline crossed itself: only the areas were kept"),
        "Ring Self-intersection": _("its outline touched itself: it was separated there"),
        "Hole lies outside shell": _("a hole lay outside its outline: it was made right"),
        "Holes are nested": _("a hole lay inside another: it was made right"),
        "Nested shells": _("an outline lay inside another: they were joined"),
        "Interior is disconnected": _("its holes cut it in pieces: they were separated"),
    }
    said = words.get(name, _("its outline was not sound: it was repaired"))
    if not place:
        return said
    near = ", ".join(f"{float(number):.5f}" for number in place.rstrip("]").split()[:2])
    return _("%(repair)s (near %(place)s)") % {"repair": said, "place": near}
