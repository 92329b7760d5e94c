"""Reads well-known binary by our own hand: a hostile nesting would exhaust GEOS's stack."""

import struct
from typing import Any

MAX_DEPTH = 3
_KINDS = {
    1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString",
    6: "MultiPolygon", 7: "GeometryCollection",
}  # fmt: skip
_Z, _M, _SRID = 0x80000000, 0x40000000, 0x20000000


class BadBinary(ValueError):
    """The bytes are not the well-known binary of a geometry that we know."""


def read(data: bytes, offset: int = 0) -> dict[str, Any]:
    """The geometry, shaped as in GeoJSON, without altitudes. Raises `BadBinary`."""
    try:
        return _geometry(data, offset, 0)[0]
    except struct.error as error:
        raise BadBinary("truncated") from error


def _geometry(data: bytes, at: int, depth: int) -> tuple[dict[str, Any], int]:
    if depth > MAX_DEPTH:
        raise BadBinary("nested too deeply")
    (order,) = struct.unpack_from("B", data, at)
    if order not in (0, 1):
        raise BadBinary("byte order")
    end = "<" if order else ">"
    (code,) = struct.unpack_from(end + "I", data, at + 1)
    at += 9 if code & _SRID else 5
    plain = code & 0x0FFFFFFF
    dimensions = 2 + bool(code & _Z) + bool(code & _M) + (0, 1, 1, 2)[plain // 1000 % 4]
    kind = _KINDS.get(plain % 1000)
    if kind is None or plain >= 4000 or dimensions > 4:
        raise BadBinary("curves and surfaces are not read")
    if kind == "Point":
        positions, at = _positions(data, at, end, 1, dimensions)
        return {"type": kind, "coordinates": positions[0]}, at
    (count,) = struct.unpack_from(end + "I", data, at)
    at += 4
    if count > len(data):
        raise BadBinary("more parts than bytes")
    if kind == "LineString":
        positions, at = _positions(data, at, end, count, dimensions)
        return {"type": kind, "coordinates": positions}, at
    if kind == "Polygon":
        rings = []
        for _ring in range(count):
            (length,) = struct.unpack_from(end + "I", data, at)
            ring, at = _positions(data, at + 4, end, length, dimensions)
            rings.append(ring)
        return {"type": kind, "coordinates": rings}, at
    parts = []
    for _part in range(count):
        part, at = _geometry(data, at, depth + 1)
        parts.append(part)
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": parts}, at
    if any(part["type"] != kind.removeprefix("Multi") for part in parts):
        raise BadBinary("parts of another kind")
    return {"type": kind, "coordinates": [part["coordinates"] for part in parts]}, at


def _positions(
    data: bytes, at: int, end: str, count: int, dimensions: int
) -> tuple[list[tuple[float, ...]], int]:
    if count * dimensions * 8 > len(data) - at:
        raise BadBinary("truncated")
    numbers = struct.unpack_from(f"{end}{count * dimensions}d", data, at)
    places = list(zip(numbers[::dimensions], numbers[1::dimensions], strict=True))
    return list(places), at + count * dimensions * 8
