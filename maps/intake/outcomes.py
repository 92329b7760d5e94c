"""What reading a file gives, row by row, and what it may cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

MEBIBYTE = 1024**2
POINT, LINE, AREA = "point", "line", "area"


class FileRefused(ValueError):
    """The file as a whole can't be read; the message says why, for a person."""


class FeatureRefused(ValueError):
    """This feature can't be kept; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may hold; the defaults are those of a layer or of contributions."""

    bytes: int = 64 * MEBIBYTE
    features: int = 40_000  # all the communes of France
    positions: int = 4_000_000
    positions_of_one: int = 250_000
    kept_positions_of_one: int = 20_000  # above, the line or the outline is simplified
    rings_of_one: int = 20_000
    characters_of_one: int = 16 * MEBIBYTE  # of one feature, as it is written in the file
    characters_of_text: int = 20_000
    fields: int = 200


@dataclass(frozen=True, slots=True)
class Rules:
    """What is expected of the features of a file.

    `perimeter` (WGS 84) refuses what lies wholly outside and tells swapped latitudes and longitudes
    apart; `perimeter_name` names it in the reasons.
    """

    kinds: frozenset[str] = frozenset({POINT, LINE, AREA})
    perimeter: GEOSGeometry | None = None
    perimeter_name: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table tell the place; an empty name means the usual ones."""

    latitude: str = ""
    longitude: str = ""
    wkt: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """One feature that can be kept, its geometry in WGS 84, in two dimensions and sound.

    `number` is its rank in the file, from 1 (in a table, the line: the headings are line 1).
    `repair` says what was mended, or is empty. Values of `properties`: text, numbers, booleans,
    `None`.
    """

    number: int
    geometry: GEOSGeometry
    properties: Mapping[str, Any]
    repair: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """One feature that can't be kept: its number, what it calls itself, why."""

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
class Found:
    """One feature as a reader found it: nothing is checked yet.

    `geometry` has the shape of a GeoJSON geometry, its positions in the system `srid`. `refusal`
    says why the reader itself could make nothing of it.
    """

    number: int
    geometry: Any
    properties: Mapping[str, Any] = field(default_factory=dict)
    srid: int = 4326
    note: str = ""
    refusal: str = ""


def printable(text: str, limit: int = 80) -> str:
    """What may be shown in a message or a log, whatever was written: one line, short."""
    return "".join(letter for letter in text[: 4 * limit] if letter.isprintable())[:limit]


def label_of(properties: Any) -> str:
    """What a feature calls itself, for a message."""
    if not isinstance(properties, Mapping):
        return ""
    usual = ("code", "insee", "code_insee", "nom", "name", "titre", "title", "libelle", "label")
    low = {str(name).lower(): value for name, value in properties.items()}
    found = [low[name] for name in usual if isinstance(low.get(name), str | int)]
    return printable(" ".join(str(value) for value in found))
