"""Reads files of geographic features from outside: one way in, whatever the kind of file.

GeoJSON, KML, KMZ, GPX, CSV, XLSX, Shapefile (zip) and GeoPackage, told apart by their first bytes.
Every reader is our own or pure Python, and hands what it found to one checker (`geometries`): no
file, and no text of a file, ever reaches GDAL or PROJ.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from maps.intake import sources
from maps.intake.dates import UnreadableDate, read_date
from maps.intake.geometries import Geometries
from maps.intake.outcomes import (
    AREA,
    LINE,
    MEBIBYTE,
    POINT,
    Columns,
    FeatureRefused,
    FileRefused,
    Found,
    Limits,
    Read,
    Refused,
    Rules,
    label_of,
)
from maps.intake.values import properties_of
from maps.models import Territory

__all__ = [
    "AREA", "LINE", "POINT", "Columns", "FileRefused", "Limits", "Read", "Refused", "Rules",
    "UnreadableDate", "read", "read_date",
]  # fmt: skip


def read(
    file: BinaryIO,
    *,
    limits: Limits | None = None,
    rules: Rules | None = None,
    columns: Columns | None = None,
    within: Territory | None = None,
) -> Iterator[Read | Refused]:
    """Each feature of an opened file (binary, seekable), kept or refused, in the file's order.

    Memory holds one feature at a time. `within` is where the addresses of a table are looked for.
    Raises `FileRefused` at once when the size or the kind of file is refused, and while reading
    when the fault comes further: what is written must be written in one transaction.
    """
    limits = limits or Limits()
    refuse_large(_size(file), limits)
    found = sources.found(file, limits, columns or Columns(), within)
    return _checked(found, limits, rules or Rules())


def refuse_large(size: int, limits: Limits | None = None) -> None:
    """Raises `FileRefused` for a file of that many bytes; it need not have been read."""
    most = (limits or Limits()).bytes
    if size > most:
        raise FileRefused(
            _("The file weighs %(size)s MB; %(limit)s MB at most.")
            % {"size": math.ceil(size / MEBIBYTE), "limit": most // MEBIBYTE}
        )


def _size(file: BinaryIO) -> int:
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return size


def _checked(found: Iterator[Found], limits: Limits, rules: Rules) -> Iterator[Read | Refused]:
    geometries = Geometries(limits, rules)
    for count, each in enumerate(found, start=1):
        if count > limits.features:
            raise FileRefused(
                _("The file holds more than %(limit)s features.") % {"limit": limits.features}
            )
        yield _outcome(each, geometries, limits)


def _outcome(found: Found, geometries: Geometries, limits: Limits) -> Read | Refused:
    label = label_of(found.properties)
    if found.refusal:
        return Refused(found.number, label, found.refusal)
    try:
        properties: Mapping[str, Any]
        properties, mended = properties_of(found.properties, limits)
        geometry, repair = geometries.checked(found.geometry, srid=found.srid)
    except FeatureRefused as refusal:
        return Refused(found.number, label, str(refusal))
    notes = [note for note in (found.note, repair, mended) if note]
    return Read(found.number, geometry, properties, " ; ".join(notes))
