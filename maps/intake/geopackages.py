"""Reads GeoPackage as the SQLite file that it is: no GDAL, no extension, no view, no trigger."""

import re
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from maps.intake import reference_systems, wkb
from maps.intake.outcomes import FileRefused, Found, Limits, printable

MAGIC = b"SQLite format 3\x00"
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_STEPS = 5_000_000  # instructions of SQLite's machine between two looks at the count
_MAX_LOOKS = 400
_ENVELOPES = (0, 32, 48, 48, 64)
_LAYERS = (
    "SELECT c.table_name, g.column_name, g.srs_id, s.organization, s.organization_coordsys_id "
    "FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name "
    "JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
    "WHERE c.data_type = 'features' ORDER BY c.table_name"
)


def read(file: BinaryIO, limits: Limits) -> Iterator[Found]:
    """Each feature of its layers, one layer after the other. Raises `FileRefused`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "layer.gpkg")
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        # Read only, and "immutable": no journal beside the file is looked for.
        database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            yield from _features(_guarded(database), limits)
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            raise FileRefused(_("The GeoPackage is damaged: it can't be read.")) from error
        finally:
            database.close()


def _guarded(database: sqlite3.Connection) -> sqlite3.Connection:
    """Only plain reads of tables, and not for ever."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.execute("PRAGMA mmap_size = 0")
    looks = 0

    def enough() -> int:
        nonlocal looks
        looks += 1
        return looks > _MAX_LOOKS

    def judge(action: int, *_names: str | None) -> int:
        return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY

    database.set_progress_handler(enough, _STEPS)
    database.set_authorizer(judge)
    return database


def _features(database: sqlite3.Connection, limits: Limits) -> Iterator[Found]:
    layers = database.execute(_LAYERS).fetchmany(limits.fields)
    number = 0
    for table, column, _srs, organization, code in layers:
        srid = _srid(organization, code)
        for row in _rows(database, table, limits):
            number += 1
            yield _found(number, row, column, srid, limits)
    if not number:
        raise FileRefused(_("The file holds no feature."))


def _srid(organization: Any, code: Any) -> int:
    if str(organization).upper() != "EPSG" or not isinstance(code, int):
        raise FileRefused(_("The GeoPackage does not name a reference system by an EPSG code."))
    return reference_systems.known(code)


def _rows(database: sqlite3.Connection, table: Any, limits: Limits) -> Iterator[dict[str, Any]]:
    kind = database.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = ?", (str(table),)
    ).fetchone()
    # A view or a virtual table could run anything.
    if kind is None or kind[0] != "table" or re.match(r"(?i)\s*create\s+virtual", kind[1] or ""):
        raise FileRefused(
            _("“%(name)s” is not a plain table of the GeoPackage.")
            % {"name": printable(str(table), 60)}
        )
    quoted = str(table).replace('"', '""')
    rows = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 -- quoted, and the authorizer allows reads alone
    names = [each[0] for each in rows.description]
    if len(names) > limits.fields:
        raise FileRefused(_("It has more than %(limit)s columns.") % {"limit": limits.fields})
    for row in rows:
        yield dict(zip(names, row, strict=True))


def _found(number: int, row: dict[str, Any], column: str, srid: int, limits: Limits) -> Found:
    blob = row.pop(column, None)
    row.pop("fid", None)
    properties = {name: value for name, value in row.items() if not isinstance(value, bytes)}
    if blob is None:
        return Found(number, None, properties)
    try:
        geometry = _geometry(blob, limits)
    except (wkb.BadBinary, struct.error) as error:
        reason = _("its geometry can't be read (%(detail)s)") % {"detail": str(error)}
        return Found(number, None, properties, refusal=reason)
    return Found(number, geometry, properties, srid=srid)


def _geometry(blob: Any, limits: Limits) -> dict[str, Any] | None:
    """The geometry after GeoPackage's own header (§ 2.1.3); `None` when it is marked empty."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        raise wkb.BadBinary("header")
    if len(blob) > limits.characters_of_one:
        raise wkb.BadBinary("too large")
    flags = blob[3]
    envelope = flags >> 1 & 0x07
    if flags & 0x20 or envelope >= len(_ENVELOPES):
        raise wkb.BadBinary("extended")
    if flags & 0x10:
        return None
    return wkb.read(blob, 8 + _ENVELOPES[envelope])
