"""Files for other tools: safe cells, shortened names, constant memory."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon

from maps import exporting
from maps.exporting import FORMATS, Feature, UnknownFormat
from maps.exporting.gdal_files import short_names

pytestmark = pytest.mark.usefixtures("english")


def written(*features: Feature, format: str, fields: Any = ("title",)) -> str:
    content = exporting.pieces(features, format=format, fields=fields, name="Îlots & co")
    return b"".join(content).decode("utf-8-sig")


def at(x: float, y: float, **properties: Any) -> Feature:
    return Feature(7, Point(x, y, srid=4326), properties)


def test_no_cell_runs_as_a_formula():
    dangerous = ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "'=1"]
    text = written(*[at(1, 2, title=each) for each in dangerous], format="csv")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[0] == ["id", "latitude", "longitude", "wkt", "title"]
    assert [row[4] for row in rows[1:]] == [f"'{each}" for each in dangerous]


def test_csv_tells_the_place_of_everything():
    area = Polygon.from_bbox((1, 2, 3, 4))
    area.srid = 4326
    text = written(Feature("a", area), at(1.5, 2.5), Feature(9, None), format="csv")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[1][:4] == ["a", "3.0", "2.0", "POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2))"]
    assert rows[2][1:4] == ["2.5", "1.5", "POINT (1.5 2.5)"]
    assert rows[3][:4] == ["9", "", "", ""]


def test_a_field_named_as_ours_is_told_apart():
    assert written(at(1, 2, id=5), format="csv", fields=("id",)).startswith(
        "id;latitude;longitude;wkt;id_"
    )


@pytest.mark.parametrize("format", ["kml", "gpx"])
def test_markup_is_text(format):
    text = written(at(1, 2, title="<script>&\x00\x1b", summary="a<b"), format=format)
    assert "&lt;script&gt;&amp;</name>" in text
    assert "Îlots &amp; co" in text
    assert "<script>" not in text
    assert "\x00" not in text


def test_only_the_fields_asked_for():
    for format in ("geojson", "csv", "kml"):
        assert "secret" not in written(at(1, 2, title="a", mail="secret"), format=format)


def test_short_names_are_plain_and_never_twice():
    names = short_names(["Très long nom de colonne", "Tres long nom", "id", "été", "", "été "])
    assert list(names.values()) == [
        "Tres_long_", "Tres_lon_2", "id_2", "ete", "champ", "ete_",
    ]  # fmt: skip


def test_an_unknown_format():
    with pytest.raises(UnknownFormat):
        exporting.download([], format="exe", fields=(), name="x")


@pytest.mark.parametrize("format", FORMATS)
def test_a_download_has_a_plain_name(format):
    answer = exporting.download(
        [at(1, 2, title="a")], format=format, fields=("title",), name='Îlots "été"\r\n'
    )
    assert answer["Content-Disposition"] == (
        f'attachment; filename="ilots-ete{FORMATS[format].suffix}"'
    )
    assert b"".join(answer.streaming_content)


@pytest.mark.parametrize("format", ["geojson", "csv", "kml", "gpx", "gpkg"])
def test_memory_does_not_grow_with_the_export(format):
    def many() -> Iterator[Feature]:
        for place in range(3_000):
            yield at(1 + place / 10_000, 43, title="x" * 500)

    tracemalloc.start()
    size = sum(
        len(piece) for piece in exporting.pieces(many(), format=format, fields=("title",), name="x")
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 1_500_000 or format == "gpx"
    assert peak < 700_000
