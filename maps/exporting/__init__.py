"""Writes features of any number to the files that other tools read, in constant memory.

GeoJSON, CSV, KML and GPX are sent as they are written; GeoPackage and Shapefile are made in a
temporary folder first, gone once they are sent.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.http import StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from maps.exporting import gdal_files, text_files
from maps.exporting.gdal_files import NotWritten
from maps.geojson import MEDIA_TYPE, Feature, iter_feature_collection

__all__ = ["FORMATS", "Feature", "Format", "NotWritten", "UnknownFormat", "download", "pieces"]

CHUNK = 64 * 1024
_GATHERED = 16 * 1024  # small pieces travel together


class UnknownFormat(LookupError):
    """No format has this name."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name in addresses, what people call it, its end, what it leaves out."""

    name: str
    label: str | Promise
    suffix: str
    media_type: str
    loss: str | Promise = ""


FORMATS = {
    each.name: each
    for each in (
        Format("geojson", "GeoJSON", ".geojson", MEDIA_TYPE),
        Format("csv", "CSV", ".csv", "text/csv; charset=utf-8"),
        Format("gpkg", "GeoPackage", ".gpkg", "application/geopackage+sqlite3"),
        Format(
            "shp",
            _("Shapefile (zip)"),
            ".zip",
            "application/zip",
            _("Names of columns are cut at 10 characters and texts at 254 bytes."),
        ),
        Format("kml", "KML", ".kml", "application/vnd.google-earth.kml+xml"),
        Format(
            "gpx",
            "GPX",
            ".gpx",
            "application/gpx+xml",
            _("Areas become outlines; only titles and summaries are kept."),
        ),
    )
}


def pieces(
    features: Iterable[Feature], *, format: str, fields: Sequence[str], name: str
) -> Iterator[bytes]:
    """The file, piece by piece. `fields` names the properties to write, in order.

    Everything may be published: the caller leaves private fields out. `name` is that of the layer.
    Raises `UnknownFormat` at once, `NotWritten` when GDAL can't write.
    """
    if format not in FORMATS:
        raise UnknownFormat(format)
    label = slugify(name)[:40] or "export"
    match format:
        case "gpkg":
            return _through_a_file(gdal_files.write_geopackage, features, fields, label)
        case "shp":
            return _through_a_file(gdal_files.write_shapefiles, features, fields, label)
        case "csv":
            return _gathered(text_files.csv_rows(features, fields))
        case "kml":
            return _gathered(text_files.kml_pieces(features, fields, name))
        case "gpx":
            return _gathered(text_files.gpx_pieces(features, name))
    return _gathered(iter_feature_collection(_only(features, fields)))


def download(
    features: Iterable[Feature], *, format: str, fields: Sequence[str], name: str
) -> StreamingHttpResponse:
    """An answer that sends the file as it is written. Raises `UnknownFormat`."""
    content = pieces(features, format=format, fields=fields, name=name)
    kind = FORMATS[format]
    filename = f"{slugify(name)[:40] or 'export'}{kind.suffix}"
    return StreamingHttpResponse(
        content,
        content_type=kind.media_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _only(features: Iterable[Feature], fields: Sequence[str]) -> Iterator[Feature]:
    for each in features:
        kept = {name: each.properties[name] for name in fields if name in each.properties}
        yield Feature(each.id, each.geometry, kept)


def _gathered(texts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _GATHERED:
            yield "".join(held).encode()
            held.clear()
            size = 0
    if held:
        yield "".join(held).encode()


def _through_a_file(
    write: Callable[[Path, Iterable[Feature], Sequence[str], str], None],
    features: Iterable[Feature],
    fields: Sequence[str],
    name: str,
) -> Iterator[bytes]:
    """The file is made at once, so that what fails fails before anything is sent."""
    folder = tempfile.TemporaryDirectory()
    path = Path(
        folder.name, "export.gpkg" if write is gdal_files.write_geopackage else "export.zip"
    )
    try:
        write(path, features, fields, name)
    except BaseException:
        folder.cleanup()
        raise
    return _sent(folder, path)


def _sent(folder: "tempfile.TemporaryDirectory[str]", path: Path) -> Iterator[bytes]:
    with folder, path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
