"""Writes GeoJSON as RFC 7946 asks: WGS 84, right-hand rule, six decimals at most, a bbox.

Reading is elsewhere (`maps.intake`): what comes from outside is never trusted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, StreamingHttpResponse

MEDIA_TYPE = "application/geo+json"
MAX_DECIMALS = 6  # about 0.1 m: RFC 7946 § 11.2

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on a map. `geometry` is in WGS 84, or `None` when it has no place.

    The map component reads these properties: `title`, `url`, `summary`, `category`, `icon`,
    `tone` (1 to 8), `status`; see docs/maps.md. Others pass through.
    """

    id: int | str
    geometry: GEOSGeometry | None
    properties: Mapping[str, Any] = field(default_factory=dict)


class _Box:
    """Grows with each position written."""

    def __init__(self) -> None:
        self.west = self.south = float("inf")
        self.east = self.north = float("-inf")

    def add(self, position: Position) -> None:
        longitude, latitude = position
        self.west, self.east = min(self.west, longitude), max(self.east, longitude)
        self.south, self.north = min(self.south, latitude), max(self.north, latitude)

    def as_list(self) -> list[float] | None:
        if self.west > self.east:
            return None
        return [self.west, self.south, self.east, self.north]


def geometry_object(
    geometry: GEOSGeometry, *, decimals: int = MAX_DECIMALS, box: _Box | None = None
) -> dict[str, Any]:
    """A GeoJSON geometry object: rings by the right-hand rule, altitudes left out.

    Rounding may make two following positions equal; the second is left out, and a ring that no
    longer has four positions goes with its hole. Raises `ValueError` when the geometry is not in
    WGS 84 or is of a kind that GeoJSON lacks.
    """
    if geometry.srid not in (None, 4326):
        raise ValueError(f"GeoJSON is in WGS 84; this geometry is in EPSG:{geometry.srid}.")
    return _object(geometry, min(decimals, MAX_DECIMALS), box or _Box())


def _object(geometry: Any, decimals: int, box: _Box) -> dict[str, Any]:
    kind = geometry.geom_type
    match kind:
        case "Point":
            coordinates: Any = _position(geometry.coords, decimals, box) if geometry else []
        case "MultiPoint":
            coordinates = [_position(part.coords, decimals, box) for part in geometry]
        case "LineString":
            coordinates = _line(geometry.coords, decimals, box)
        case "MultiLineString":
            coordinates = [_line(part.coords, decimals, box) for part in geometry]
        case "Polygon":
            coordinates = _polygon(geometry.coords, decimals, box)
        case "MultiPolygon":
            polygons = (_polygon(part.coords, decimals, box) for part in geometry)
            coordinates = [polygon for polygon in polygons if polygon]
        case "GeometryCollection":
            parts = [_object(part, decimals, box) for part in geometry]
            return {"type": kind, "geometries": parts}
        case _:
            raise ValueError(f"GeoJSON has no {kind}.")
    return {"type": kind, "coordinates": coordinates}


def _position(coordinates: tuple[float, ...], decimals: int, box: _Box) -> Position:
    position = round(coordinates[0], decimals), round(coordinates[1], decimals)
    box.add(position)
    return position


def _line(coordinates: Iterable[tuple[float, ...]], decimals: int, box: _Box) -> list[Position]:
    line: list[Position] = []
    for each in coordinates:
        position = _position(each, decimals, box)
        if not line or line[-1] != position:
            line.append(position)
    if len(line) == 1:  # all the same place at this precision: a line still needs two ends
        line.append(line[0])
    return line


def _polygon(rings: Iterable[Any], decimals: int, box: _Box) -> list[list[Position]]:
    written: list[list[Position]] = []
    for place, coordinates in enumerate(rings):
        ring = _line(coordinates, decimals, box)
        if len(ring) < 4:
            if place == 0:
                return []  # the outline itself is smaller than the precision
            continue
        counterclockwise = _signed_area(ring) > 0
        if counterclockwise != (place == 0):
            ring.reverse()
        written.append(ring)
    return written


def _signed_area(ring: list[Position]) -> float:
    """Positive when counterclockwise (shoelace formula), in square degrees."""
    # Measured from the first corner: differences of near numbers keep their digits.
    origin_x, origin_y = ring[0]
    total = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        total += (x1 - origin_x) * (y2 - origin_y) - (x2 - origin_x) * (y1 - origin_y)
    return total / 2


def iter_feature_collection(
    features: Iterable[Feature],
    *,
    decimals: int = MAX_DECIMALS,
    members: Mapping[str, Any] | None = None,
) -> Iterator[str]:
    """A FeatureCollection, piece by piece: memory holds one feature at a time.

    `members` are foreign members of the collection (RFC 7946 § 6.1), such as an attribution. The
    collection's `bbox` comes last, when every position is known.
    """
    whole = _Box()
    yield '{"type":"FeatureCollection"'
    for name, value in (members or {}).items():
        yield f",{_json(name)}:{_json(value)}"
    yield ',"features":['
    for place, each in enumerate(features):
        yield ("," if place else "") + _json(_feature(each, decimals, whole))
    yield "]"
    if bbox := whole.as_list():
        yield f',"bbox":{_json(bbox)}'
    yield "}"


def _feature(feature: Feature, decimals: int, whole: _Box) -> dict[str, Any]:
    geometry = feature.geometry
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": None
        if geometry is None
        else geometry_object(geometry, decimals=decimals, box=whole),
        "properties": dict(feature.properties),
    }


def feature_json(feature: Feature, *, decimals: int = MAX_DECIMALS) -> str:
    """One Feature as text, on one line: files of a Feature per line have no collection."""
    return _json(_feature(feature, decimals, _Box()))


def feature_collection(
    features: Iterable[Feature],
    *,
    decimals: int = MAX_DECIMALS,
    members: Mapping[str, Any] | None = None,
) -> str:
    """The whole FeatureCollection as text."""
    return "".join(iter_feature_collection(features, decimals=decimals, members=members))


def geojson_response(features: Iterable[Feature], **options: Any) -> HttpResponse:
    """An answer that holds the whole collection; options are `feature_collection`'s."""
    return HttpResponse(feature_collection(features, **options), content_type=MEDIA_TYPE)


def geojson_download(
    features: Iterable[Feature], *, filename: str, **options: Any
) -> StreamingHttpResponse:
    """A file sent as it is written, for large exports."""
    pieces = (piece.encode() for piece in iter_feature_collection(features, **options))
    return StreamingHttpResponse(
        pieces,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _json(value: Any) -> str:
    return json.dumps(
        value, cls=DjangoJSONEncoder, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
