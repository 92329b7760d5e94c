"""How positions are written, and how drawings are measured."""

import pytest
from django.contrib.gis.geos import LineString, Point, Polygon

from maps.drawing import measures
from maps.drawing.notations import NotANumber, position_in

HERE = (43.6045, 1.444)


@pytest.mark.parametrize(
    "text",
    [
        "43.6045, 1.444",
        "43.6045,1.444",
        "43.6045 1.444",
        "43.6045;1.444",
        "43,6045 1,444",
        "43,6045; 1,444",
        "43,6045, 1,444",
        "43,6045,1,444",
        "(43.6045, 1.444)",
        "+43.6045 / +1.444",
        "43.6045° 1.444°",
        "43.6045\u00a0N, 1.444\u202fE",
        "N 43.6045 E 1.444",
        "1.444 E, 43.6045 N",
        "43.6045 n 1.444 e",
        "43°36'16.2\"N 1°26'38.4\"E",
        "43° 36′ 16,2″ N, 1° 26′ 38,4″ E",
        "1°26'38.4\"E 43°36'16.2\"N",
        "43°36.27'N 1°26.64'E",
        "43º36’16,2’’N 1º26’38,4’’E",
    ],
)
def test_notations(text):
    assert position_in(text) == HERE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("−21,1 55,5", (-21.1, 55.5)),
        ("21°06'S 55°30'E", (-21.1, 55.5)),
        ("16.25 N 61.5 O", (16.25, -61.5)),
        ("16.25 N 61.5 W", (16.25, -61.5)),
        ("0, -0.0000001", (0.0, 0.0)),
        ("43.60450004 1.44399996", HERE),
        ("91, 500", (91.0, 500.0)),
    ],
)
def test_signs_letters_and_rounding(text, expected):
    assert position_in(text) == expected


@pytest.mark.parametrize(
    "text", ["", "43.6", "43,6045", "12 rue du Taur", "43.6 N 1.4 N", "1 2 3", "٤٣, ١", "1e3, 2"]
)
def test_what_is_no_position(text):
    assert position_in(text) is None


@pytest.mark.parametrize("text", ["nan, 1", "1, NaN", "inf 2", "-Infinity, 3", "43°60'N 1°E"])
def test_what_is_no_number(text):
    with pytest.raises(NotANumber):
        position_in(text)


def test_hostile_texts_are_read_at_once():
    """No pattern may take long on a text made to make it hesitate."""
    for text in ("1" * 200, "1 " * 100, "1," * 100, "°" * 200, "4°" * 100, " " * 200 + "x"):
        assert position_in(text) is None


@pytest.mark.usefixtures("french")
def test_measures_are_those_of_the_legal_system():
    # Toulouse: one hundredth of a degree northwards, then a square of that side.
    north = LineString((1.44, 43.60), (1.44, 43.61), srid=4326)
    assert measures.measure(north).length == pytest.approx(1111.4, abs=0.1)
    ring = ((55.45, -20.9), (55.46, -20.9), (55.46, -20.89), (55.45, -20.89), (55.45, -20.9))
    found = measures.measure(Polygon(ring, srid=4326))
    assert found.area == pytest.approx(1_150_000, rel=0.01)
    assert measures.said(north).replace("\u00a0", " ") == "1,11 km"
    assert measures.said(Polygon(ring, srid=4326)).replace("\u00a0", " ").startswith("1,15 km²")
    assert measures.said(Point(1, 43, srid=4326)) == measures.said(None) == ""


@pytest.mark.usefixtures("french")
def test_measures_in_words():
    lengths = [
        measures.length_text(value) for value in (1.26, 412.4, 999.7, 1_240, 12_400, 124_000)
    ]
    assert [text.replace("\u00a0", " ") for text in lengths] == [
        "1,3 m",
        "412 m",
        "1,00 km",
        "1,24 km",
        "12,4 km",
        "124 km",
    ]
    areas = [measures.area_text(value) for value in (85, 1_200, 34_000, 999_000, 3_100_000)]
    assert [text.replace("\u00a0", " ") for text in areas] == [
        "85 m²",
        "0,12 ha",
        "3,40 ha",
        "99,9 ha",
        "3,10 km²",
    ]


def test_the_scale_given_to_the_browser_is_that_of_the_projection():
    """Ellipsoidal length × scale is the projected length."""
    assert measures.scale_at(3.0, 46.5) == pytest.approx(0.99905, abs=2e-4)
    assert measures.scale_at(55.5, -21.1) == pytest.approx(0.9996, abs=5e-4)
