"""Reads boundary files from outside: areas that have a code and a name.

How geometries are read and checked is `maps.intake`'s; here is what a territory needs besides.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.utils.translation import gettext as _

from maps import intake
from maps.intake import FileRefused, Limits, Refused, Rules
from maps.intake.outcomes import FeatureRefused, printable

# Boundaries are kept as they are: the coast of a département has more positions than a layer may.
LIMITS = Limits(kept_positions_of_one=250_000)
RULES = Rules(kinds=frozenset({intake.AREA}))
CODE_FIELDS = ("code", "insee", "code_insee")
NAME_FIELDS = ("nom", "name", "libelle")
POPULATION_FIELDS = ("population", "populationTotale", "populationMunicipale")

BoundaryFileError = FileRefused
"""The file as a whole can't be read; the message says why, for a person."""

Problem = Refused
"""One feature that can't be kept: its number (from 1), what it calls itself, why."""


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
class BoundaryFile:
    """What a file holds: boundaries to keep, repaired or not, and features refused."""

    boundaries: tuple[Boundary, ...] = ()
    refused: tuple[Problem, ...] = field(default=())

    @property
    def repaired(self) -> tuple[Boundary, ...]:
        return tuple(each for each in self.boundaries if each.repair)


def read(content: bytes, *, fields: Fields | None = None) -> BoundaryFile:
    """Read the areas of a file of any kind that `maps.intake` knows, GeoJSON first.

    Raises `BoundaryFileError` when nothing can be read: too large, not of a known kind, or in
    another reference system. A feature with its own fault is `refused`, the others stand. Altitudes
    are left out; an outline that crosses itself is repaired and reported.
    """
    wanted = fields or Fields()
    boundaries: list[Boundary] = []
    refused: list[Problem] = []
    seen: dict[str, int] = {}
    for each in intake.read(io.BytesIO(content), limits=LIMITS, rules=RULES):
        if isinstance(each, Refused):
            refused.append(each)
            continue
        try:
            boundary = _boundary(each, wanted)
            if boundary.code in seen:
                raise FeatureRefused(
                    _("its code “%(code)s” is already that of feature %(first)s")
                    % {"code": boundary.code, "first": seen[boundary.code]}
                )
        except FeatureRefused as error:
            refused.append(Problem(each.number, _label(each.properties, wanted), str(error)))
        else:
            seen[boundary.code] = each.number
            boundaries.append(boundary)
    return BoundaryFile(tuple(boundaries), tuple(refused))


def _boundary(read: intake.Read, fields: Fields) -> Boundary:
    properties = read.properties
    code = _text(properties, fields.code, CODE_FIELDS, 20, _("code"))
    name = _text(properties, fields.name, NAME_FIELDS, 200, _("name"))
    geometry = read.geometry
    if not isinstance(geometry, MultiPolygon):
        geometry = MultiPolygon(geometry, srid=4326)
    return Boundary(
        number=read.number,
        code=code,
        name=name,
        short_name=_short(name),
        population=_population(properties, fields.population),
        parent_code=_parent(properties, fields.parent),
        geometry=geometry,
        repair=read.repair,
    )


def _text(
    properties: Mapping[str, Any], asked: str, usual: Sequence[str], limit: int, what: str
) -> str:
    names = (asked,) if asked else usual
    value = next((properties[name] for name in names if name in properties), None)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise FeatureRefused(
            _("no %(what)s (property %(names)s)") % {"what": what, "names": " / ".join(names)}
        )
    text = " ".join(value.split())
    if len(text) > limit:
        raise FeatureRefused(
            _("its %(what)s has more than %(limit)s characters") % {"what": what, "limit": limit}
        )
    if not text.isprintable():
        raise FeatureRefused(_("its %(what)s holds control characters") % {"what": what})
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
            raise FeatureRefused(_("no population (property %(name)s)") % {"name": asked})
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise FeatureRefused(_("its population is not a whole number"))
    return value


def _parent(properties: Mapping[str, Any], asked: str) -> str:
    if not asked:
        return ""
    value = properties.get(asked)
    if not isinstance(value, str) or not value.strip():
        raise FeatureRefused(_("no parent code (property %(name)s)") % {"name": asked})
    return value.strip()


def _label(properties: Mapping[str, Any], fields: Fields) -> str:
    """What the feature calls itself, for a message; whatever it holds."""
    names = [fields.code, fields.name, *CODE_FIELDS, *NAME_FIELDS]
    found = [properties[name] for name in names if isinstance(properties.get(name), str | int)]
    return printable(" ".join(str(value) for value in found))
