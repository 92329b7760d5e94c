"""Reads Shapefiles in a zip, with pyshp: written in Python, it calls neither GDAL nor PROJ."""

import datetime
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Any, BinaryIO

import shapefile
from django.utils.translation import gettext as _

from maps.intake import archives, reference_systems
from maps.intake.outcomes import FileRefused, Found, Limits, printable

_MAGIC = b"\x00\x00\x27\x0a"
_NEEDED = (".shx", ".dbf", ".prj")
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8", "1252": "cp1252", "cp1252": "cp1252",
    "ansi 1252": "cp1252", "windows-1252": "cp1252", "iso-8859-1": "cp1252", "88591": "cp1252",
    "8859-1": "cp1252", "latin1": "cp1252", "iso-8859-15": "iso-8859-15", "850": "cp850",
}  # fmt: skip


def read(file: BinaryIO, limits: Limits) -> Iterator[Found]:
    """Each record of the shapefiles of the archive. Raises `FileRefused`."""
    with archives.opened(file, limits.bytes) as archive:
        number = 0
        for main in sorted(archives.members(archive, ".shp"), key=lambda each: each.filename):
            for each in _layer(archive, main, limits, number):
                number = each.number
                yield each
    if not number:
        raise FileRefused(_("The file holds no feature."))


def _layer(
    archive: zipfile.ZipFile, main: zipfile.ZipInfo, limits: Limits, number: int
) -> Iterator[Found]:
    beside = {
        each.filename.lower()[len(main.filename) - 4 :]: each
        for each in archive.infolist()
        if each.filename[: len(main.filename) - 4] == main.filename[:-4]
    }
    for suffix in _NEEDED:
        if suffix not in beside:
            raise FileRefused(
                _("The shapefile %(name)s comes without its %(suffix)s file.")
                % {"name": printable(main.filename, 60), "suffix": suffix}
            )
    srid = reference_systems.of_text(_text(archive, beside[".prj"]))
    with ExitStack() as stack:

        def unpacked(member: zipfile.ZipInfo) -> IO[bytes]:
            target: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())
            archives.unpack(archive, member, target)
            return target

        shp, shx, dbf = (unpacked(each) for each in (main, beside[".shx"], beside[".dbf"]))
        if shp.read(4) != _MAGIC:
            raise FileRefused(_("The shapefile is damaged: it can't be read."))
        shp.seek(0)
        encoding = _encoding(archive, beside.get(".cpg"), dbf)
        try:
            reader = stack.enter_context(
                shapefile.Reader(
                    shp=shp, shx=shx, dbf=dbf, encoding=encoding, encodingErrors="replace"
                )
            )
            _refuse_wide(reader, limits)
            for record in reader.iterShapeRecords():
                number += 1
                yield _found(number, record, srid, limits)
        except FileRefused:
            raise
        except Exception as error:  # pyshp lets struct, index, value and its own errors through
            raise FileRefused(_("The shapefile is damaged: it can't be read.")) from error


def _refuse_wide(reader: Any, limits: Limits) -> None:
    if len(reader.fields) > limits.fields:
        raise FileRefused(_("It has more than %(limit)s columns.") % {"limit": limits.fields})


def _found(number: int, record: Any, srid: int, limits: Limits) -> Found:
    properties = {name: _value(value) for name, value in record.record.as_dict().items()}
    shape = record.shape
    if shape.shapeType == shapefile.NULL:
        return Found(number, None, properties)
    if len(shape.points) > limits.positions_of_one or len(getattr(shape, "parts", ())) > (
        limits.rings_of_one
    ):
        reason = _("more than %(limit)s positions: simplify it") % {
            "limit": limits.positions_of_one
        }
        return Found(number, None, properties, refusal=reason)
    try:
        geometry = shape.__geo_interface__
    except Exception:  # a ring without points, a part that begins past the end…
        return Found(number, None, properties, refusal=_("its coordinates make no geometry"))
    return Found(number, geometry, properties, srid=srid)


def _value(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("ascii", "replace")
    return value


def _text(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    with tempfile.TemporaryFile() as target:
        archives.unpack(archive, member, target)
        return target.read(4096).decode("utf-8", "replace")


def _encoding(archive: zipfile.ZipFile, cpg: zipfile.ZipInfo | None, dbf: IO[bytes]) -> str:
    """What the `.cpg` says, when we know it; else what the bytes look like."""
    if cpg is not None:
        said = _text(archive, cpg).strip().lower()
        if said in _ENCODINGS:
            return _ENCODINGS[said]
    dbf.seek(0)
    sample = dbf.read(1024**2)
    dbf.seek(0)
    header = int.from_bytes(sample[8:10], "little")
    try:
        # The sample may end in the middle of a character.
        sample[header : max(header, len(sample) - 4)].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
