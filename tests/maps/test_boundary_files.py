"""Boundary files that come from outside: what is refused, what is repaired."""

import json
from typing import Any

import pytest

from maps import boundary_files
from maps.boundary_files import BoundaryFileError, Fields, read
from maps.intake import Limits

pytestmark = pytest.mark.usefixtures("english")

SQUARE = [[1.4, 43.5], [1.5, 43.5], [1.5, 43.6], [1.4, 43.6], [1.4, 43.5]]
BOW_TIE = [[1.4, 43.5], [1.5, 43.6], [1.5, 43.5], [1.4, 43.6], [1.4, 43.5]]
LINE = [[1.4, 43.5], [1.5, 43.5], [1.4, 43.5], [1.4, 43.5]]
PROPERTIES = {"code": "31999", "nom": "Villebelle"}


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": PROPERTIES | properties,
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]} if geometry is None else geometry,
    }


def collection(*features: Any, **members: Any) -> bytes:
    document = {"type": "FeatureCollection", "features": list(features), **members}
    return json.dumps(document).encode()


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_sound_file():
    file = read(collection(feature(population=1200), feature(code="31998")))
    assert [(each.number, each.code, each.population) for each in file.boundaries] == [
        (1, "31999", 1200),
        (2, "31998", None),
    ]
    assert file.refused == file.repaired == ()
    assert file.boundaries[0].geometry.geom_type == "MultiPolygon"
    assert file.boundaries[0].geometry.srid == 4326


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b'{"type": ', "not JSON: line 1, column"),
        (b'{"type": "\xff"}', "not in UTF-8 (byte 10)"),
        (b"[]", "an object is expected"),
        (b'{"type": "Topology"}', "not a GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": {}}', "not a GeoJSON FeatureCollection"),
        (collection(), "no feature"),
        (collection(feature(), crs={"type": "name"}), "“crs” member"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"type": ' + b"9" * 6000, "can't be read"),
    ],
)
def test_files_that_cannot_be_read_at_all(content, said):
    with pytest.raises(BoundaryFileError, match=r".") as raised:
        read(content)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("text", "not a GeoJSON Feature"),
        (float("nan"), "not a GeoJSON Feature"),
        (float("-inf"), "not a GeoJSON Feature"),
        (feature() | {"properties": None}, "no code"),
        (feature() | {"properties": []}, "not an object"),
        (feature(polygon([[float("nan"), 43.5], *SQUARE[1:4], [1.4, 43.5]])), "not finite"),
        (feature({}), "its geometry is a ?"),
        (feature([]), "it has no geometry"),
        (feature({"type": "Point", "coordinates": [1, 2]}), "a Point; expected: an area"),
        (
            feature({"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection"}]}),
            "a GeometryCollection; expected: an area",
        ),
        (feature(polygon(SQUARE) | {"crs": {}}), "“crs” member"),
        (feature() | {"crs": None}, "“crs” member"),
        (feature({"type": "Polygon"}), "no outline"),
        (feature({"type": "MultiPolygon", "coordinates": 3}), "coordinates are missing"),
        (feature({"type": "MultiPolygon", "coordinates": [[]]}), "no outline"),
        (feature({"type": "MultiPolygon", "coordinates": [SQUARE]}), "fewer than 4 positions"),
        (feature(polygon(SQUARE[:3])), "fewer than 4 positions"),
        (feature(polygon(SQUARE[:4])), "not closed"),
        (feature(polygon([*SQUARE[:4], "x"])), "not a pair of numbers"),
        (feature(polygon([[1.4], *SQUARE[1:4], [1.4]])), "not a pair of numbers"),
        (feature(polygon([["1.4", 43.5], *SQUARE[1:4], ["1.4", 43.5]])), "not a number"),
        (feature(polygon([[True, 43.5], *SQUARE[1:4], [True, 43.5]])), "not a number"),
        (
            feature(polygon([[574_000.5, 6_279_000], *SQUARE[1:4], [574_000.5, 6_279_000]])),
            "574000",
        ),
        (feature(polygon([[43.5, 101.4], *SQUARE[1:4], [43.5, 101.4]])), "wrong way round"),
        (feature(polygon(LINE)), "encloses nothing"),
        (feature(code=""), "no code"),
        (feature(code=None), "no code"),
        (feature(code=True), "no code"),
        (feature(code="x" * 21), "more than 20 characters"),
        (feature(nom="x" * 201), "more than 200 characters"),
        (feature(population=-1), "not a whole number"),
        (feature(population="12"), "not a whole number"),
        (feature(code="31000"), "already that of feature 1"),
    ],
)
def test_a_bad_feature_is_named_and_the_others_stand(bad, said):
    file = read(collection(feature(code="31000"), bad, feature(code="31001")))
    assert [each.code for each in file.boundaries] == ["31000", "31001"]
    (problem,) = file.refused
    assert problem.number == 2
    assert said in problem.reason
    assert said in str(problem)


def test_an_infinite_coordinate_is_refused():
    content = collection(feature()).replace(b"43.6", b"1e999")
    (problem,) = read(content).refused
    assert "not finite" in problem.reason


def test_a_bow_tie_is_repaired_and_said():
    (boundary,) = read(collection(feature(polygon(BOW_TIE)))).boundaries
    assert boundary.repair.startswith("its outline crossed itself")
    assert boundary.geometry.valid
    assert boundary.geometry.num_geom == 2
    assert boundary.geometry.area == pytest.approx(0.005)


def test_repair_keeps_only_areas():
    """A spike on the outline would leave a line behind."""
    spike = [*SQUARE[:2], [1.6, 43.5], [1.5, 43.5], *SQUARE[2:]]
    (boundary,) = read(collection(feature(polygon(spike)))).boundaries
    assert boundary.repair
    assert boundary.geometry.valid
    assert boundary.geometry.area == pytest.approx(0.01)


def test_control_characters_are_left_out_and_said():
    (boundary,) = read(collection(feature(nom="Ville\x00belle"))).boundaries
    assert boundary.name == "Villebelle"
    assert boundary.repair == "control characters left out: nom"


def test_altitudes_are_left_out_and_a_bom_is_allowed():
    high = [[x, y, 120.5] for x, y in SQUARE]
    (boundary,) = read(b"\xef\xbb\xbf" + collection(feature(polygon(high)))).boundaries
    assert not boundary.geometry.hasz


def test_one_feature_alone():
    assert len(read(json.dumps(feature()).encode()).boundaries) == 1


def test_fields_may_have_other_names():
    fields = Fields(code="id", name="titre", parent="commune", population="hab")
    asked = feature(id=7, titre="  Le   Port ", commune="31555", hab=12)
    (boundary,) = read(collection(asked), fields=fields).boundaries
    assert (boundary.code, boundary.name, boundary.parent_code, boundary.population) == (
        "7",
        "Le Port",
        "31555",
        12,
    )
    (problem,) = read(collection(feature()), fields=Fields(code="absent")).refused
    assert "no code (property absent)" in problem.reason


def test_sizes_are_limited(monkeypatch):
    def limit(**most: int) -> None:
        monkeypatch.setattr(boundary_files, "LIMITS", Limits(**most))

    limit(features=2, positions_of_one=8)
    with pytest.raises(BoundaryFileError, match="more than 2 features"):
        read(collection(feature(), feature(), feature()))
    (problem,) = read(collection(feature(polygon(SQUARE, SQUARE)))).refused
    assert "more than 8 positions" in problem.reason
    limit(positions=8)
    with pytest.raises(BoundaryFileError, match="more than 8 positions: split"):
        read(collection(feature(), feature(code="2")))
    limit(bytes=10)
    with pytest.raises(BoundaryFileError, match="MB"):
        read(collection(feature()))
