"""Exports written as they are sent: CSV, KML and GPX. Memory holds one feature at a time."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from maps.exporting.cells import neutralise, plain
from maps.geojson import MAX_DECIMALS, Feature, geometry_object

Line = list[tuple[float, float]]

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CSV_HEAD = ("id", "latitude", "longitude", "wkt")
_KML_OWN = ("title", "summary")
_CONTROLS = {code: None for code in (*range(32), 127) if code not in (9, 10, 13)}


def csv_rows(features: Iterable[Feature], fields: Sequence[str]) -> Iterator[str]:
    """A table that spreadsheets open as it is: `;`, UTF-8 with its mark, decimal points.

    `latitude` and `longitude` are those of the point, or of a point on the line or the area; `wkt`
    is the whole geometry.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")

    def written(row: Iterable[Any]) -> str:
        writer.writerow(row)
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    names = [f"{name}_" if name in _CSV_HEAD else name for name in fields]
    yield "\ufeff" + written([*_CSV_HEAD, *(neutralise(name) for name in names)])
    for each in features:
        values = (neutralise(plain(each.properties.get(name))) for name in fields)
        yield written([neutralise(plain(each.id)), *_place(each.geometry), *values])


def _place(geometry: Any) -> tuple[Any, Any, str]:
    if geometry is None or geometry.empty:
        return "", "", ""
    spot = geometry if geometry.geom_type == "Point" else geometry.point_on_surface
    x, y = round(spot.x, MAX_DECIMALS), round(spot.y, MAX_DECIMALS)
    return y, x, wkt(geometry_object(geometry))


def wkt(written: Any) -> str:
    """Well-known text of a GeoJSON geometry object."""
    kind = written["type"]
    if kind == "GeometryCollection":
        return f"GEOMETRYCOLLECTION ({', '.join(wkt(part) for part in written['geometries'])})"
    return f"{kind.upper()} {_nested(written['coordinates'], kind == 'Point')}"


def _nested(coordinates: Any, alone: bool = False) -> str:
    if isinstance(coordinates, tuple):
        text = f"{_number(coordinates[0])} {_number(coordinates[1])}"
        return f"({text})" if alone else text
    return f"({', '.join(_nested(each) for each in coordinates)})"


def _number(value: float) -> str:
    return f"{value:.{MAX_DECIMALS}f}".rstrip("0").rstrip(".")


def kml_pieces(features: Iterable[Feature], fields: Sequence[str], name: str) -> Iterator[str]:
    """KML 2.2: `title` and `summary` are the name and the description, the rest extended data."""
    yield (
        f'{_XML}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>{_text(name)}</name>\n'
    )
    for each in features:
        if each.geometry is None or each.geometry.empty:
            continue
        yield _placemark(each, fields)
    yield "</Document></kml>\n"


def _placemark(feature: Feature, fields: Sequence[str]) -> str:
    properties = feature.properties
    pieces = [f"<Placemark><name>{_text(properties.get('title', feature.id))}</name>"]
    if summary := properties.get("summary"):
        pieces.append(f"<description>{_text(summary)}</description>")
    data = [
        f"<Data name={quoteattr(_clean(name))}><value>{_text(properties[name])}</value></Data>"
        for name in fields
        if name not in _KML_OWN and properties.get(name) is not None
    ]
    pieces.append(f'<ExtendedData><Data name="id"><value>{_text(feature.id)}</value></Data>')
    pieces.append("".join(data) + "</ExtendedData>")
    pieces.append(_kml_geometry(geometry_object(feature.geometry)))  # type: ignore[arg-type]  # the caller left out the features without place
    return "".join(pieces) + "</Placemark>\n"


def _kml_geometry(written: Any) -> str:
    kind = written["type"]
    if kind == "GeometryCollection":
        parts = written["geometries"]
    elif kind.startswith("Multi"):
        one = kind.removeprefix("Multi")
        parts = [{"type": one, "coordinates": part} for part in written["coordinates"]]
    else:
        return _kml_one(kind, written["coordinates"])
    return f"<MultiGeometry>{''.join(_kml_geometry(part) for part in parts)}</MultiGeometry>"


def _kml_one(kind: str, coordinates: Any) -> str:
    if kind == "Point":
        return f"<Point>{_kml_positions([coordinates])}</Point>"
    if kind == "LineString":
        return f"<LineString>{_kml_positions(coordinates)}</LineString>"
    sides = ["outerBoundaryIs", *["innerBoundaryIs"] * (len(coordinates) - 1)]
    rings = (
        f"<{side}><LinearRing>{_kml_positions(ring)}</LinearRing></{side}>"
        for side, ring in zip(sides, coordinates, strict=True)
    )
    return f"<Polygon>{''.join(rings)}</Polygon>"


def _kml_positions(line: Line) -> str:
    text = " ".join(f"{_number(x)},{_number(y)}" for x, y in line)
    return f"<coordinates>{text}</coordinates>"


def gpx_pieces(features: Iterable[Feature], name: str) -> Iterator[str]:
    """GPX 1.1: points, then lines as tracks. It has no areas: their outlines are tracks.

    GPX wants all its points before its tracks: tracks are set aside in a temporary file.
    """
    yield (
        f'{_XML}<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="Parvis">'
        f"<metadata><name>{_text(name)}</name></metadata>\n"
    )
    with TemporaryFile("w+", encoding="utf-8", newline="") as tracks:
        for each in features:
            if each.geometry is None or each.geometry.empty:
                continue
            points, lines = _gpx_parts(geometry_object(each.geometry))
            said = _gpx_words(each)
            for x, y in points:
                yield f'<wpt lat="{_number(y)}" lon="{_number(x)}">{said}</wpt>\n'
            if lines:
                segments = "".join(f"<trkseg>{_gpx_points(line)}</trkseg>" for line in lines)
                tracks.write(f"<trk>{said}{segments}</trk>\n")
        tracks.seek(0)
        while piece := tracks.read(64 * 1024):
            yield piece
    yield "</gpx>\n"


def _gpx_words(feature: Feature) -> str:
    properties = feature.properties
    said = f"<name>{_text(properties.get('title', feature.id))}</name>"
    if summary := properties.get("summary"):
        said += f"<desc>{_text(summary)}</desc>"
    if category := properties.get("category"):
        said += f"<type>{_text(category)}</type>"
    return said


def _gpx_parts(written: Any) -> tuple[Line, list[Line]]:
    """The points and the lines of a geometry; an outline is a line."""
    coordinates = written.get("coordinates")
    match written["type"]:
        case "Point":
            return [coordinates], []
        case "MultiPoint":
            return list(coordinates), []
        case "LineString":
            return [], [coordinates]
        case "MultiLineString" | "Polygon":
            return [], list(coordinates)
        case "MultiPolygon":
            return [], [ring for polygon in coordinates for ring in polygon]
    points: Line = []
    lines: list[Line] = []
    for part in written["geometries"]:
        more_points, more_lines = _gpx_parts(part)
        points += more_points
        lines += more_lines
    return points, lines


def _gpx_points(line: Line) -> str:
    return "".join(f'<trkpt lat="{_number(y)}" lon="{_number(x)}"/>' for x, y in line)


def _clean(value: Any) -> str:
    """What XML 1.0 can hold: no control character."""
    text = str(plain(value) if value is not None else "").translate(_CONTROLS)
    return "".join(each for each in text if each not in "\ufffe\uffff")


def _text(value: Any) -> str:
    return escape(_clean(value))
