"""Reads tables: CSV as spreadsheets write it, and XLSX. The place is told by usual columns.

In this order: a geometry (WKT or GeoJSON), a latitude and a longitude, both in one column, or an
address, asked of the geocoder.
"""

import codecs
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, TextIO

from django.contrib.gis.geos import GEOSException, WKTReader
from django.utils.translation import gettext as _

from maps import geocoding
from maps.intake import archives
from maps.intake.outcomes import MEBIBYTE, Columns, FileRefused, Found, Limits, printable
from maps.models import Territory

_LATITUDES = ("latitude", "lat", "y", "ylat", "lat_wgs84", "latitude_wgs84", "y_wgs84", "coord_y",
              "geo_lat", "gps_lat", "wgs84_lat")  # fmt: skip
_LONGITUDES = ("longitude", "lon", "lng", "long", "x", "xlong", "xlon", "lon_wgs84", "x_wgs84",
               "longitude_wgs84", "coord_x", "geo_lon", "gps_lon", "gps_lng",
               "wgs84_lon")  # fmt: skip
_BOTH = ("geo_point_2d", "geo_point", "geopoint", "coordonnees", "coordonnees_geo", "coordinates",
         "latlon", "lat_lon", "latitude_longitude", "coordonnees_gps", "gps")  # fmt: skip
_SHAPES = ("wkt", "the_geom", "geom", "geometry", "geometrie", "geo_shape", "geojson", "geom_wkt")
_ADDRESSES = ("adresse", "address", "adresse_complete", "adresse_postale", "lieu", "rue", "voie")
_ADDRESS_ENDS = ("code_postal", "cp", "codepostal", "postcode", "ville", "commune", "nom_commune",
                 "city", "town")  # fmt: skip
_ACCENTS = str.maketrans("éèêëàâîïôöûüùç", "eeeeaaiioouuuc")
_DELIMITERS = ";,\t|"
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,20})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_DEGREES = re.compile(
    r"""(\d{1,3})\s*°\s*(?:(\d{1,2})\s*['’′]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:["”″]|''|’’)\s*)?"""
    r"([NSEWO])",
    re.ASCII | re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[;,]\s+|\s*;\s*|\s+")
_MAX_NESTING = 6
_SILENCES = 3  # after as many unanswered addresses in a row, the geocoder is not asked any more
_SRID = re.compile(r"\s*SRID=4326;", re.IGNORECASE)

Row = tuple[int, Sequence[Any]]


def read_csv(
    file: BinaryIO, limits: Limits, columns: Columns, within: Territory | None
) -> Iterator[Found]:
    """Each line of a CSV file: UTF-8, UTF-16 with its mark, else Windows-1252.

    The separator (`;`, `,`, tab or `|`) is told by the headings. Raises `FileRefused`: no heading
    tells the place, two have the same name.
    """
    text = io.TextIOWrapper(file, encoding=_encoding(file), errors="replace", newline="")
    try:
        first = text.readline(MEBIBYTE)
        if "\x00" in first:
            raise FileRefused(_("The file is not a kind of file that is read here."))
        lines = chain([first], _bounded(text, limits.characters_of_one))
        reader = csv.reader(lines, delimiter=_delimiter(first), strict=False)
        # Lines are counted as a text editor does: a quoted cell may span several.
        yield from _read(((reader.line_num, row) for row in reader), limits, columns, within)
    except csv.Error as error:
        raise FileRefused(_("The file is not a table: %(detail)s.") % {"detail": error}) from error
    finally:
        text.detach()


def read_xlsx(
    file: BinaryIO, limits: Limits, columns: Columns, within: Territory | None
) -> Iterator[Found]:
    """Each line of the first sheet of a workbook. Raises `FileRefused`."""
    from openpyxl import load_workbook  # three hundred milliseconds, for this kind of file alone

    with archives.opened(file, limits.bytes):
        pass
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        rows = book.worksheets[0].iter_rows(values_only=True)
        yield from _read(enumerate(rows, start=1), limits, columns, within)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, ValueError, KeyError, IndexError, TypeError, OSError) as error:
        raise FileRefused(_("The workbook is damaged: it can't be read.")) from error


def _encoding(file: BinaryIO) -> str:
    """The encoding of the whole file, read once through for that."""
    start = file.read(4)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        file.seek(0)
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := file.read(MEBIBYTE):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _delimiter(heading: str) -> str:
    bare = re.sub(r'"[^"]*"', "", heading)
    return max(_DELIMITERS, key=bare.count)


def _bounded(text: TextIO, limit: int) -> Iterator[str]:
    while line := text.readline(limit):
        if len(line) >= limit:
            raise FileRefused(_("One of its lines is too long."))
        yield line


def _read(
    rows: Iterator[Row], limits: Limits, columns: Columns, within: Territory | None
) -> Iterator[Found]:
    heading = next((row for _number, row in rows if any(_filled(cell) for cell in row)), None)
    if heading is None:
        raise FileRefused(_("The file holds no feature."))
    names = _names(heading, limits)
    place = _place_of(names, columns, within)
    empty = True
    for number, row in rows:
        if not any(_filled(cell) for cell in row):
            continue
        empty = False
        if any(_filled(cell) for cell in row[len(names) :]):
            reason = _("it has %(count)s cells for %(limit)s columns") % {
                "count": len(row),
                "limit": len(names),
            }
            yield Found(number, None, refusal=reason)
            continue
        cells = dict(zip(names, [*row, *([None] * (len(names) - len(row)))], strict=False))
        properties = {
            name: None if not _filled(value) else value
            for name, value in cells.items()
            if name and name not in place.silent
        }
        try:
            geometry = place.find(cells)
        except ValueError as error:
            yield Found(number, None, properties, refusal=str(error))
        else:
            yield Found(number, geometry, properties)
    if empty:
        raise FileRefused(_("The file holds no feature."))


def _filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _names(heading: Sequence[Any], limits: Limits) -> list[str]:
    names = ["" if cell is None else " ".join(str(cell).split()) for cell in heading]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.fields:
        raise FileRefused(_("It has more than %(limit)s columns.") % {"limit": limits.fields})
    seen = [name for name in names if name]
    twice = sorted({name for name in seen if seen.count(name) > 1})
    if twice:
        raise FileRefused(
            _("Two columns have the same name: %(names)s.") % {"names": printable(", ".join(twice))}
        )
    return names


@dataclass(frozen=True, slots=True)
class _Place:
    """How a line tells its place; `silent` names the columns that are not properties."""

    find: Callable[[dict[str, Any]], Any]
    silent: frozenset[str] = frozenset()


def _place_of(names: Sequence[str], columns: Columns, within: Territory | None) -> _Place:
    plain = {_plain(name): name for name in reversed(names)}

    def column(asked: str, usual: Sequence[str]) -> str:
        if asked:
            if asked not in names:
                raise FileRefused(
                    _("No column is called “%(name)s”.") % {"name": printable(asked, 60)}
                )
            return asked
        return next((plain[name] for name in usual if name in plain), "")

    asked_point = bool(columns.latitude or columns.longitude or columns.address)
    if shape := column(columns.wkt, () if asked_point else _SHAPES):
        return _Place(lambda cells: _shape(cells[shape]), frozenset({shape}))
    latitude = column(columns.latitude, () if columns.address else _LATITUDES)
    longitude = column(columns.longitude, () if columns.address else _LONGITUDES)
    if latitude and longitude:
        both = frozenset({latitude, longitude})
        return _Place(lambda cells: _point(cells[longitude], cells[latitude]), both)
    if not columns.address and (pair := column("", _BOTH)):
        return _Place(lambda cells: _pair(cells[pair]), frozenset({pair}))
    address = [column(name, ()) for name in columns.address]
    if not address and (start := column("", _ADDRESSES)):
        address = [start, *(plain[name] for name in _ADDRESS_ENDS if name in plain)]
    if address:
        return _Place(_Addresses(address, within).find)
    raise FileRefused(
        _(
            "No column tells the place. Expected: latitude and longitude, or a geometry (WKT), or "
            "an address. Columns found: %(names)s."
        )
        % {"names": printable(", ".join(names), 200)}
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower().translate(_ACCENTS)).strip("_")


def number_of(cell: Any) -> float:
    """A number as spreadsheets write it, decimal comma or point, or degrees, minutes, seconds.

    Raises `ValueError` with a sentence.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = "".join(str(cell or "").split())
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    if found := _DEGREES.fullmatch(str(cell or "").strip()):
        degrees, minutes, seconds, side = found.groups(default="0")
        value = int(degrees) + int(minutes) / 60 + float(seconds.replace(",", ".")) / 3600
        return -value if side.upper() in "SWO" else value
    raise ValueError(_("“%(value)s” is not a number") % {"value": printable(text, 40)})


def _point(longitude: Any, latitude: Any) -> Any:
    if not _filled(longitude) and not _filled(latitude):
        raise ValueError(_("it has no latitude and longitude"))
    return {"type": "Point", "coordinates": [number_of(longitude), number_of(latitude)]}


def _pair(cell: Any) -> Any:
    """`43.6, 1.44`: latitude first, as open data portals write it."""
    text = str(cell or "").strip("()[] ")
    parts = _SEPARATOR.split(text)
    if len(parts) != 2:
        parts = text.split(",")
    if len(parts) != 2:
        raise ValueError(_("it has no latitude and longitude"))
    return _point(parts[1], parts[0])


def _shape(cell: Any) -> Any:
    text = str(cell or "").strip()
    if not text:
        return None
    if text.startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(_("its geometry is not GeoJSON")) from error
    text = _SRID.sub("", text)
    # GEOS reads nested collections by recursion: the depth is looked at first.
    depth = 0
    for letter in re.findall("[()]", text):
        depth += 1 if letter == "(" else -1
        if depth > _MAX_NESTING:
            raise ValueError(_("its geometry is not WKT"))
    try:
        return shaped(WKTReader().read(text))
    except (GEOSException, ValueError, TypeError) as error:
        raise ValueError(_("its geometry is not WKT")) from error


def shaped(geometry: Any) -> Any:
    """A GEOS geometry shaped as in GeoJSON; `None` when it is empty."""
    if geometry.empty:
        return None
    if geometry.geom_type == "GeometryCollection":
        return {"type": "GeometryCollection", "geometries": [shaped(part) for part in geometry]}
    kind = "Polygon" if geometry.geom_type == "LinearRing" else geometry.geom_type
    return {"type": kind, "coordinates": geometry.coords}


class _Addresses:
    """Asks the geocoder for each address; a service that is down is not asked for ever."""

    def __init__(self, columns: Sequence[str], within: Territory | None) -> None:
        self._columns = columns
        self._within = within
        self._silences = 0

    def find(self, cells: dict[str, Any]) -> Any:
        words = [str(cells[name]).strip() for name in self._columns if _filled(cells[name])]
        if not words:
            raise ValueError(_("it has no address"))
        if self._silences >= _SILENCES:
            raise ValueError(_("the address search does not answer"))
        found = geocoding.search(" ".join(words), within=self._within, limit=1)
        self._silences = 0 if found.available else self._silences + 1
        if not found.available:
            raise ValueError(_("the address search does not answer"))
        if not found.places:
            raise ValueError(
                _("its address was not found with enough certainty: %(address)s")
                % {"address": printable(" ".join(words))}
            )
        point = found.places[0].point
        return {"type": "Point", "coordinates": [point.x, point.y]}
