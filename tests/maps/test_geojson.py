"""What we write is GeoJSON by RFC 7946, and GDAL reads it the same."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.gis.gdal import DataSource
from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSGeometry,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)

from maps.geojson import (
    MAX_DECIMALS,
    Feature,
    feature_collection,
    geojson_download,
    geojson_response,
    geometry_object,
    iter_feature_collection,
)

CLOCKWISE = ((0, 0), (0, 2), (2, 2), (2, 0), (0, 0))
HOLE = ((0.5, 0.5), (1, 0.5), (1, 1), (0.5, 1), (0.5, 0.5))  # counterclockwise: wrong for a hole
GEOMETRIES = [
    Point(1.4442, 43.6045),
    MultiPoint(Point(1, 2), Point(3, 4)),
    LineString((1, 2), (3, 4), (5, 5)),
    MultiLineString(LineString((1, 2), (3, 4)), LineString((5, 6), (7, 8))),
    Polygon(CLOCKWISE, HOLE),
    MultiPolygon(Polygon(CLOCKWISE), Polygon.from_bbox((5, 5, 6, 6))),
    GeometryCollection(Point(1, 2), Polygon(CLOCKWISE)),
]


def area(ring: list) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


@pytest.mark.parametrize("geometry", GEOMETRIES, ids=lambda each: each.geom_type)
def test_every_kind_reads_back_the_same(geometry):
    written = geometry_object(geometry)
    assert GEOSGeometry(json.dumps(written)).equals(geometry)


def test_right_hand_rule():
    rings = geometry_object(Polygon(CLOCKWISE, HOLE))["coordinates"]
    assert area(rings[0]) > 0  # outline counterclockwise
    assert area(rings[1]) < 0  # hole clockwise


def test_six_decimals_at_most_and_no_altitude():
    written = geometry_object(Point(1.23456789, 43.987654321, 150))
    assert written == {"type": "Point", "coordinates": (1.234568, 43.987654)}
    assert geometry_object(Point(1.23456789, 2), decimals=12)["coordinates"][0] == 1.234568
    assert MAX_DECIMALS == 6


def test_rounding_never_leaves_a_broken_ring():
    """A hole smaller than the precision goes; a polygon smaller than it goes with its multi."""
    speck = Polygon.from_bbox((10, 10, 10.0000001, 10.0000001))
    house = Polygon(CLOCKWISE, tuple(speck.coords[0]))
    assert len(geometry_object(house)["coordinates"]) == 1
    assert len(geometry_object(MultiPolygon(speck, Polygon(CLOCKWISE)))["coordinates"]) == 1
    assert geometry_object(LineString((1, 1), (1.0000001, 1)))["coordinates"] == [(1, 1), (1, 1)]


def test_other_reference_systems_are_refused():
    with pytest.raises(ValueError, match="EPSG:2154"):
        geometry_object(Point(574_000, 6_279_000, srid=2154))


def test_the_collection_and_its_bbox():
    features = [
        Feature(1, Point(1.5, 43.5, srid=4326), {"title": "Été « à »"}),
        Feature("b", None, {"title": None}),
        Feature(3, LineString((-1, 40), (2, 44))),
    ]
    text = feature_collection(features, members={"attribution": "© IGN"})
    read = json.loads(text)
    assert list(read) == ["type", "attribution", "features", "bbox"]
    assert read["bbox"] == [-1, 40, 2, 44]
    assert [each["id"] for each in read["features"]] == [1, "b", 3]
    assert read["features"][1]["geometry"] is None
    assert "crs" not in text
    assert "Été « à »" in text


def test_an_empty_collection_has_no_bbox():
    assert json.loads(feature_collection([])) == {"type": "FeatureCollection", "features": []}


def test_it_streams_one_feature_at_a_time():
    asked: list[int] = []

    def many():
        for number in range(1000):
            asked.append(number)
            yield Feature(number, Point(1, 2))

    pieces = iter_feature_collection(many())
    for _piece in range(5):
        next(pieces)
    assert len(asked) < 10


def test_answers():
    response = geojson_response([Feature(1, Point(1, 2))])
    assert response["Content-Type"] == "application/geo+json"
    download = geojson_download([Feature(1, Point(1, 2))], filename="idees.geojson")
    assert download["Content-Disposition"] == 'attachment; filename="idees.geojson"'
    assert json.loads(download.getvalue())["bbox"] == [1, 2, 1, 2]


def test_gdal_reads_it_without_complaint(tmp_path: Path):
    path = tmp_path / "x.geojson"
    polygons = [Polygon(CLOCKWISE, HOLE, srid=4326), Polygon.from_bbox((5, 5, 6, 6))]
    features = [Feature(n, each, {"nom": "L’Été"}) for n, each in enumerate(polygons)]
    path.write_text(feature_collection(features), encoding="utf-8")
    (layer,) = DataSource(path)
    assert layer.srs.srid == 4326
    assert [each.get("nom") for each in layer] == ["L’Été"] * 2
    assert all(geometry.geos.valid for geometry in layer.get_geoms())
    assert layer.get_geoms()[0].geos.equals(polygons[0])
