"""GeoJSON from outside: what is read, mended and said, refused line by line."""

import io
import json
import math
import tracemalloc

import pytest

from maps import intake
from maps.intake import Limits, Read, Refused
from tests.maps.intake.files import geojson, kept, read, said

pytestmark = pytest.mark.usefixtures("english")


class TestGeoJson:
    def test_memory_holds_one_feature(self):
        point = {"type": "Point", "coordinates": [1.444444, 43.604444]}
        content = geojson(*[point] * 6_000)
        file = io.BytesIO(content)
        tracemalloc.start()
        count = sum(1 for _row in intake.read(file))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 6_000
        assert peak < 2 * 1024**2  # parsed whole, it takes 5

    def test_members_in_any_order_and_a_crs_after_the_features(self):
        point = {"type": "Point", "coordinates": [1, 2]}
        feature = {"geometry": point, "properties": None, "type": "Feature"}
        assert len(kept(json.dumps({"features": [feature], "type": "FeatureCollection"}))) == 1
        assert "“crs” member" in said(geojson(point, crs={"type": "link", "properties": {}}))
        written = {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}
        assert kept(geojson(point, crs={"type": "name", "properties": written}))

    @pytest.mark.parametrize("cut", [1, 20, 60, 120])
    def test_a_file_cut_short(self, cut):
        content = geojson({"type": "Point", "coordinates": [1.25, 2.25]})
        assert "not JSON: line 1" in said(content[:-cut])

    def test_the_place_of_a_fault_far_into_the_file(self, monkeypatch):
        monkeypatch.setattr("maps.intake.geojson_files.CHUNK", 100)
        features = ["{}"] * 2_000
        features[1_500] = "{]"
        text = '{"features": [\n' + ",\n".join(features) + '], "type": "FeatureCollection"}'
        assert "line 1502, column 2" in said(text)

    def test_numbers_and_features_cut_by_the_chunks_are_whole(self, monkeypatch):
        monkeypatch.setattr("maps.intake.geojson_files.CHUNK", 7)
        rows = kept(geojson({"type": "Point", "coordinates": [1.2345, -43.5]}) + b"\n")
        assert rows[0].geometry.coords == (1.2345, -43.5)
        assert rows[0].properties == {"nom": "n°1"}

    def test_one_feature_per_line(self):
        feature = (
            '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}'
        )
        assert [row.number for row in kept(f"{feature}\n{feature}\n")] == [1, 2]
        assert len(kept(f"\x1e{feature}\n\x1e{feature}\n")) == 2

    def test_nesting_without_end(self):
        assert "nested" in said('{"type":"Feature","properties":{"a":' + "[" * 100_000)
        deep = json.loads('{"type":"GeometryCollection","geometries":[]}')
        for _level in range(50):
            deep = {"type": "GeometryCollection", "geometries": [deep]}
        (row,) = read(geojson(deep))
        assert isinstance(row, Refused)

    @pytest.mark.parametrize(
        ("geometry", "reason"),
        [
            (None, "it has no geometry"),
            ({"type": "Point", "coordinates": []}, "not a pair"),
            ({"type": "Point", "coordinates": [math.nan, 1]}, "not finite"),
            ({"type": "Point", "coordinates": [10**400, 1]}, "not finite"),
            ({"type": "Point", "coordinates": [574000, 6279000]}, "another system"),
            ({"type": "LineString", "coordinates": [[1, 2]]}, "fewer than 2"),
            ({"type": "LineString", "coordinates": [[1, 2], [1, 2]]}, "no length"),
            ({"type": "MultiLineString", "coordinates": [[[1, 2], [1, 2]]]}, "no length"),
            ({"type": "CircularString", "coordinates": [[1, 2]]}, "is a CircularString; expected"),
            (
                {
                    "type": "GeometryCollection",
                    "geometries": [
                        {"type": "Point", "coordinates": [1, 2]},
                        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
                    ],
                },
                "is a GeometryCollection",
            ),
        ],
    )
    def test_geometries_that_cannot_be_kept(self, geometry, reason):
        sound = {"type": "Point", "coordinates": [1, 2]}
        rows = read(geojson(sound, geometry, sound))
        assert [type(row) for row in rows] == [Read, Refused, Read]
        assert reason in str(rows[1])
        assert "feature 2 (n°2)" in str(rows[1])

    def test_a_collection_of_alike_parts_is_one_of_them(self):
        parts = [
            {"type": "Point", "coordinates": [1, 2]},
            {"type": "MultiPoint", "coordinates": [[3, 4]]},
        ]
        (row,) = kept(geojson({"type": "GeometryCollection", "geometries": parts}))
        assert row.geometry.wkt == "MULTIPOINT (1 2, 3 4)"

    def test_properties_are_plain(self):
        feature = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [1, 2]},
            "properties": {
                "a\u0000b": 1, "liste": [1, {"é": 2}], "nan": math.nan, "grand": 10**30,
                "vrai": True, "vide": None, "texte": "a\u0000\ud800\nb",
            },
        }  # fmt: skip
        (row,) = kept(json.dumps(feature))
        assert row.properties == {
            "ab": 1, "liste": '[1, {"é": 2}]', "nan": None, "grand": str(10**30), "vrai": True,
            "vide": None, "texte": "a\nb",
        }  # fmt: skip
        assert row.repair == ("not a number, left empty: nan ; control characters left out: texte")

    def test_properties_too_many_or_too_long(self):
        point = {"type": "Point", "coordinates": [1, 2]}
        (row,) = read(geojson(point), limits=Limits(fields=0))
        assert "more than 0 properties" in str(row)
        (row,) = read(geojson(point), limits=Limits(characters_of_text=2))
        assert "more than 2 characters" in str(row)
