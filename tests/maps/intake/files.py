"""Small files of features, and what becomes of them."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.contrib.gis.geos import Polygon

from maps import intake
from maps.intake import FileRefused, Read, Refused

TOULOUSE = Polygon.from_bbox((1.35, 43.53, 1.52, 43.67))
TOULOUSE.srid = 4326
SQUARE = [[1.4, 43.5], [1.5, 43.5], [1.5, 43.6], [1.4, 43.6], [1.4, 43.5]]


def read(content: bytes | str, **options: Any) -> list[Read | Refused]:
    data = content.encode() if isinstance(content, str) else content
    return list(intake.read(io.BytesIO(data), **options))


def kept(content: bytes | str, **options: Any) -> list[Read]:
    rows = read(content, **options)
    assert [str(row) for row in rows if isinstance(row, Refused)] == []
    return [row for row in rows if isinstance(row, Read)]


def said(content: bytes | str, **options: Any) -> str:
    """Why the whole file is refused."""
    with pytest.raises(FileRefused) as refused:
        read(content, **options)
    return str(refused.value)


def geojson(*geometries: Any, **members: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {"nom": f"n°{place}"}, "geometry": each}
        for place, each in enumerate(geometries, start=1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def kml(inside: str) -> str:
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2">{inside}</kml>'


def zipped(**members: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()
