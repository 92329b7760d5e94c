"""Reads boundary files (GeoJSON) from outside: our own checks before any GDAL or GEOS call.

Django's GDAL reader follows what a file says about its own reference system, and deep or huge
structures cost memory before anything is checked: so the JSON is looked at first, member by member.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSException, MultiPolygon, Polygon
from django.utils.translation import gettext as _

MAX_BYTES = 64 * 1024 * 1024
MAX_FEATURES = 40_000  # all the communes of France
MAX_POSITIONS = 4_000_000
MAX_POSITIONS_OF_ONE = 250_000
MAX_RINGS_OF_ONE = 20_000
CODE_FIELDS = ("code", "insee", "code_insee")
NAME_FIELDS = ("nom", "name", "libelle")
POPULATION_FIELDS = ("population", "populationTotale", "populationMunicipale")


class BoundaryFileError(ValueError):
    """The file as a whole can't be read; the message says why, for a person."""


class _FeatureRefused(ValueError):
    """This feature can't be kept; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Which properties to read; an empty name means the usual ones."""

    code: str = ""
    name: str = ""
    population: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Boundary:
    """One feature that can be kept. `repair` says what was wrong with its outline, or is empty."""

    number: int
    code: str
    name: str
    short_name: str
    population: int | None
    parent_code: str
    geometry: MultiPolygon
    repair: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One feature that can't be kept: its number (from 1), what it calls itself, why."""

    number: int
    label: str
    reason: str

    def __str__(self) -> str:
        return _("feature %(number)s (%(label)s): %(reason)s") % {
            "number": self.number,
            "label": self.label or "?",
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """What a file holds: boundaries to keep, repaired or not, and features refused."""

    boundaries: tuple[Boundary, ...] = ()
    refused: tuple[Problem, ...] = field(default=())

    @property
    def repaired(self) -> tuple[Boundary, ...]:
        return tuple(each for each in self.boundaries if each.repair)


def read(content: bytes, *, fields: Fields | None = None) -> BoundaryFile:
    """Read a GeoJSON FeatureCollection (or one Feature) of Polygons and MultiPolygons.

    Raises `BoundaryFileError` when nothing can be read: too large, not UTF-8, not JSON, not
    GeoJSON, or in another reference system. A feature with its own fault is `refused`, the others
    stand. Altitudes are left out; an outline that crosses itself is repaired and reported.
    """
    wanted = fields or Fields()
    boundaries: list[Boundary] = []
    refused: list[Problem] = []
    seen: dict[str, int] = {}
    total = 0
    for number, feature in enumerate(_features(_parse(content)), start=1):
        try:
            boundary, positions = _boundary(number, feature, wanted)
            total += positions
            if total > MAX_POSITIONS:
                raise BoundaryFileError(
                    _("The file holds more than %(limit)s positions: split it.")
                    % {"limit": MAX_POSITIONS}
                )
            if boundary.code in seen:
                raise _FeatureRefused(
                    _("its code “%(code)s” is already that of feature %(first)s")
                    % {"code": boundary.code, "first": seen[boundary.code]}
                )
        except _FeatureRefused as error:
            refused.append(Problem(number, _label(feature, wanted), str(error)))
        else:
            seen[boundary.code] = number
            boundaries.append(boundary)
    return BoundaryFile(tuple(boundaries), tuple(refused))


def _parse(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise BoundaryFileError(
            _("The file weighs %(size)s MB; %(limit)s MB at most.")
            % {"size": math.ceil(len(content) / 1024**2), "limit": MAX_BYTES // 1024**2}
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BoundaryFileError(
            _("The file is not in UTF-8 (byte %(place)s).") % {"place": error.start}
        ) from error
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BoundaryFileError(
            _("The file is not JSON: line %(line)s, column %(column)s.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except RecursionError as error:
        raise BoundaryFileError(_("The file is nested too deeply.")) from error
    except BoundaryFileError:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise BoundaryFileError(_("The file holds a number that can't be read.")) from error


def _refuse_constant(name: str) -> None:
    raise BoundaryFileError(
        _("The file holds “%(name)s”, which is not a JSON number.") % {"name": name}
    )


def _features(document: Any) -> Sequence[Any]:
    if not isinstance(document, dict):
        raise BoundaryFileError(_("The file is not GeoJSON: an object is expected."))
    _refuse_crs(document, BoundaryFileError)
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    features = document.get("features")
    if kind != "FeatureCollection" or not isinstance(features, list):
        raise BoundaryFileError(_("The file is not a GeoJSON FeatureCollection."))
    if not features:
        raise BoundaryFileError(_("The file holds no feature."))
    if len(features) > MAX_FEATURES:
        raise BoundaryFileError(
            _("The file holds %(count)s features; %(limit)s at most.")
            % {"count": len(features), "limit": MAX_FEATURES}
        )
    return features


def _refuse_crs(member: Mapping[str, Any], error: type[ValueError]) -> None:
    """RFC 7946 § 4 removed `crs`: it may mean another system, or a URL to be fetched."""
    if "crs" in member:
        raise error(
            _("it has a “crs” member: convert it to WGS 84 longitudes and latitudes (RFC 7946)")
        )


def _boundary(number: int, feature: Any, fields: Fields) -> tuple[Boundary, int]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _FeatureRefused(_("it is not a GeoJSON Feature"))
    _refuse_crs(feature, _FeatureRefused)
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise _FeatureRefused(_("it has no properties"))
    code = _text(properties, fields.code, CODE_FIELDS, 20, _("code"))
    name = _text(properties, fields.name, NAME_FIELDS, 200, _("name"))
    geometry, positions = _geometry(feature.get("geometry"))
    multi, repair = _repaired(geometry)
    return (
        Boundary(
            number=number,
            code=code,
            name=name,
            short_name=_short(name),
            population=_population(properties, fields.population),
            parent_code=_parent(properties, fields.parent),
            geometry=multi,
            repair=repair,
        ),
        positions,
    )


def _text(
    properties: Mapping[str, Any], asked: str, usual: Sequence[str], limit: int, what: str
) -> str:
    names = (asked,) if asked else usual
    value = next((properties[name] for name in names if name in properties), None)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise _FeatureRefused(
            _("no %(what)s (property %(names)s)") % {"what": what, "names": " / ".join(names)}
        )
    text = " ".join(value.split())
    if len(text) > limit:
        raise _FeatureRefused(
            _("its %(what)s has more than %(limit)s characters") % {"what": what, "limit": limit}
        )
    if not text.isprintable():
        raise _FeatureRefused(_("its %(what)s holds control characters") % {"what": what})
    return text


def _short(name: str) -> str:
    """The first place of a name that lists several ("Capitole / Carmes"), for small maps."""
    first, slash, _rest = name.partition("/")
    return first.strip()[:60] if slash else ""


def _population(properties: Mapping[str, Any], asked: str) -> int | None:
    names = (asked,) if asked else POPULATION_FIELDS
    value = next((properties[name] for name in names if name in properties), None)
    if value is None:
        if asked:
            raise _FeatureRefused(_("no population (property %(name)s)") % {"name": asked})
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise _FeatureRefused(_("its population is not a whole number"))
    return value


def _parent(properties: Mapping[str, Any], asked: str) -> str:
    if not asked:
        return ""
    value = properties.get(asked)
    if not isinstance(value, str) or not value.strip():
        raise _FeatureRefused(_("no parent code (property %(name)s)") % {"name": asked})
    return value.strip()


def _label(feature: Any, fields: Fields) -> str:
    """What the feature calls itself, for a message; whatever it holds."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return ""
    names = [fields.code, fields.name, *CODE_FIELDS, *NAME_FIELDS]
    found = [properties[name] for name in names if isinstance(properties.get(name), str | int)]
    text = " ".join(str(value) for value in found)
    return "".join(letter for letter in text if letter.isprintable())[:80]


def _geometry(geometry: Any) -> tuple[MultiPolygon, int]:
    if not isinstance(geometry, dict):
        raise _FeatureRefused(_("it has no geometry"))
    _refuse_crs(geometry, _FeatureRefused)
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        shown = kind if isinstance(kind, str) else "?"
        raise _FeatureRefused(
            _("its geometry is a %(kind)s; a Polygon or a MultiPolygon is expected")
            % {"kind": "".join(letter for letter in shown if letter.isprintable())[:40]}
        )
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise _FeatureRefused(_("its coordinates are missing"))
    made: list[Polygon] = []
    positions = rings = 0
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise _FeatureRefused(_("one of its polygons has no outline"))
        rings += len(polygon)
        if rings > MAX_RINGS_OF_ONE:
            raise _FeatureRefused(_("more than %(limit)s rings") % {"limit": MAX_RINGS_OF_ONE})
        lines = []
        for ring in polygon:
            line = list(_ring(ring, room=MAX_POSITIONS_OF_ONE - positions))
            positions += len(line)
            lines.append(line)
        made.append(_polygon(lines))
    return MultiPolygon(made, srid=4326), positions


def _polygon(lines: list[list[tuple[float, float]]]) -> Polygon:
    try:
        return Polygon(*lines, srid=4326)
    except (GEOSException, ValueError, TypeError) as error:
        raise _FeatureRefused(_("its coordinates make no polygon")) from error


def _ring(ring: Any, *, room: int) -> Iterator[tuple[float, float]]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _FeatureRefused(_("a ring has fewer than 4 positions"))
    if len(ring) > room:
        raise _FeatureRefused(
            _("more than %(limit)s positions: simplify it") % {"limit": MAX_POSITIONS_OF_ONE}
        )
    if ring[0] != ring[-1]:
        raise _FeatureRefused(_("a ring is not closed: its first and last positions differ"))
    for position in ring:
        yield _position(position)


def _position(position: Any) -> tuple[float, float]:
    if not isinstance(position, list) or not 2 <= len(position) <= 4:
        raise _FeatureRefused(_("a position is not a pair of numbers"))
    for value in position:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _FeatureRefused(_("a coordinate is not a number"))
        if not math.isfinite(value):
            raise _FeatureRefused(_("a coordinate is not finite"))
    longitude, latitude = position[0], position[1]
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise _FeatureRefused(
            _(
                "the position %(x)s, %(y)s is not a longitude and a latitude: is the file in "
                "another system, or the wrong way round?"
            )
            % {"x": f"{longitude:.6g}", "y": f"{latitude:.6g}"}
        )
    return float(longitude), float(latitude)


def _repaired(geometry: MultiPolygon) -> tuple[MultiPolygon, str]:
    """The same outline when sound; else GEOS's repair, of which only the areas are kept."""
    if geometry.valid:
        return geometry, ""
    reason = geometry.valid_reason
    try:
        mended = geometry.make_valid()
    except GEOSException as error:
        raise _FeatureRefused(_("its outline can't be repaired")) from error
    areas = [part for part in _polygons(mended) if part.area > 0]
    if not areas:
        raise _FeatureRefused(_("its outline encloses nothing"))
    whole = MultiPolygon(areas, srid=4326)
    return whole, reason


def _polygons(geometry: Any) -> Iterator[Polygon]:
    if geometry.geom_type == "Polygon":
        yield geometry
    elif geometry.geom_type in ("MultiPolygon", "GeometryCollection"):
        for part in geometry:
            yield from _polygons(part)
