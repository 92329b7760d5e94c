"""Which kind of file this is, told by its first bytes and not by its name."""

import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from maps.intake import archives, geojson_files, geopackages, gpx, kml, shapefiles, tables
from maps.intake.outcomes import Columns, FileRefused, Found, Limits
from maps.models import Territory

_BLANKS = b" \t\r\n\x1e"
_HEAD = 4096


def found(
    file: BinaryIO, limits: Limits, columns: Columns, within: Territory | None
) -> Iterator[Found]:
    """What the file holds, unchecked. Raises `FileRefused`, at the latest while it is read."""
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(geopackages.MAGIC):
        return geopackages.read(file, limits)
    if head.startswith(b"PK\x03\x04"):
        return _archive(file, limits, columns, within)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS)
    if start[:1] in (b"{", b"["):
        return geojson_files.read(file, limits)
    if start[:1] == b"<":
        return _markup(start)(file, limits)
    if not start:
        raise FileRefused(_("The file is empty."))
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(_("The file is not a kind of file that is read here."))
    return tables.read_csv(file, limits, columns, within)


def _markup(start: bytes) -> Callable[[BinaryIO, Limits], Iterator[Found]]:
    # Prologues, comments and namespaces may come first: the words are looked for, not parsed.
    if b"<gpx" in start or b":gpx" in start:
        return gpx.read
    if b"<kml" in start or b":kml" in start:
        return kml.read
    raise FileRefused(_("The file is XML but neither KML nor GPX."))


def _archive(
    file: BinaryIO, limits: Limits, columns: Columns, within: Territory | None
) -> Iterator[Found]:
    with archives.opened(file, limits.bytes) as archive:
        kind = _kind(archive)
    file.seek(0)
    if kind == ".shp":
        return shapefiles.read(file, limits)
    if kind == ".kml":
        return kml.read_archive(file, limits)
    return tables.read_xlsx(file, limits, columns, within)


def _kind(archive: zipfile.ZipFile) -> str:
    for suffix in (".shp", ".kml", "xl/workbook.xml"):
        if archives.members(archive, suffix):
            return suffix
    raise FileRefused(_("The archive holds neither a shapefile nor a KML document."))
