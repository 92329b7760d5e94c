"""What a map says as a whole: counts, squares, groups, rates."""

import csv
import datetime
import io
import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse

from participation.core.choices import Visibility
from participation.mapping.office.pictures import discs, frame_of, patches
from participation.mapping.queries import synthesis
from tests.factories.accounts import make_territory
from tests.factories.core import make_process
from tests.factories.mapping import (
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """A map of a town with two districts, one with 4,000 residents and one never counted."""
    perimeter = make_territory()
    districts = [
        make_territory(name="Nord", kind="neighbourhood", parent=perimeter, population=4000),
        make_territory(name="Sud", kind="neighbourhood", parent=perimeter, population=None),
    ]
    map = make_map(process=make_process(perimeter=perimeter))
    categories = [make_category(map, "Bancs"), make_category(map, "Arbres")]
    return map, districts, categories


def put(town, category=0, district=0, x=1.45, y=43.6, **fields):
    map, districts, categories = town
    return make_map_contribution(
        map,
        category=categories[category],
        territory=districts[district] if district is not None else None,
        geometry=Point(x, y, srid=4326),
        **fields,
    )


def test_counts_by_category_and_district_of_what_is_online(town):
    put(town)
    put(town)
    put(town, category=1)
    put(town, category=1, district=1, state="done")
    put(town, district=None)
    put(town, visibility=Visibility.HIDDEN)
    joined = put(town)
    joined.merged_into_id = put(town).pk
    joined.save()
    counts = synthesis.counts(map=town[0])
    lines = [(str(place), line, total) for place, line, total in counts.cross.rows]
    assert lines == [("Nord", (3, 1), 4), ("Sud", (0, 1), 1), ("None", (1, 0), 1)]
    assert (counts.cross.totals, counts.cross.total) == ((4, 2), 6)
    assert dict(counts.states) == {
        "received": 5,
        "under_study": 0,
        "planned": 0,
        "done": 1,
        "not_retained": 0,
    }
    shares = [(s.territory.name, s.count, s.per_thousand) for s in counts.shares]
    assert shares == [("Nord", 4, 1.0), ("Sud", 1, None)]


def test_months_leave_none_out(town):
    for year, month in ((2025, 11), (2026, 2), (2026, 2)):
        moment = datetime.datetime(year, month, 14, 12, tzinfo=datetime.UTC)
        put(town, submitted_at=moment)
    assert synthesis.months(map=town[0]) == [
        (datetime.date(2025, 11, 1), 1),
        (datetime.date(2025, 12, 1), 0),
        (datetime.date(2026, 1, 1), 0),
        (datetime.date(2026, 2, 1), 2),
    ]


def test_squares_of_the_heat_map_are_in_metres(town):
    for _ in range(3):
        put(town, x=1.45, y=43.6)
    put(town, x=1.55, y=43.65)
    map = town[0]
    box = synthesis.box_of(map)
    squares = synthesis.heat(map=map, box=box)
    assert [square.count for square in squares] == [3, 1]
    assert squares[0].outline.contains(Point(1.45, 43.6, srid=4326))
    side = synthesis.square_side(box, 2154)
    area = squares[0].outline.transform(2154, clone=True).area
    assert area == pytest.approx(side**2, rel=0.001)


def test_groups_are_named_by_their_commonest_words(town):
    for title in ("Un banc à l’ombre", "Des bancs pour l’ombre", "Banc cassé"):
        put(town, title=title)
    put(town, x=1.451, title="Un banc près de l’école")  # 80 metres away
    put(town, x=1.48, title="Loin de tout")
    (group,) = synthesis.clusters(map=town[0])
    assert (group.count, group.category) == (4, "Bancs")
    assert group.words == ("banc", "ombre")
    assert group.name == "banc, ombre"
    assert group.outline.contains(group.centre)


def test_a_group_without_common_words_is_named_by_its_category(town):
    for title in ("Fontaine", "Éclairage", "Poubelle"):
        put(town, category=1, title=title)
    (group,) = synthesis.clusters(map=town[0])
    assert (group.words, group.name) == ((), "Arbres")


@pytest.mark.parametrize(
    ("titles", "words"),
    [
        ([], []),
        (["Un banc"], []),  # once is not common
        (["Arbres place X", "arbre rue Y", "ARBRE"], ["arbre"]),
        (["École Jean-Jaurès", "école Jaurès"], ["école", "jaurès"]),
        (["pour les rues", "pour les rues"], []),
        (["vers le port", "dans le port"], ["port"]),
    ],
)
def test_common_words(titles, words):
    assert synthesis.common_words(titles) == words


def test_an_empty_map_has_an_empty_synthesis(client):
    client.force_login(make_map_officer())
    map = make_map(process=make_process(perimeter=None))
    page = client.get(reverse("participatory_map:synthesis", args=[map.pk]))
    assert page.status_code == 200
    assert synthesis.clusters(map=map) == []
    assert synthesis.months(map=map) == []


def test_pictures_follow_the_numbers(town):
    for _ in range(4):
        put(town)
    put(town, x=1.55, y=43.65)
    map = town[0]
    box = synthesis.box_of(map)
    frame = frame_of(map, box)
    shades = [patch.shade for patch in patches(frame, synthesis.heat(map=map, box=box))]
    assert shades == [4, 1]
    (disc,) = discs(frame, synthesis.clusters(map=map))
    assert 0 < disc.x < frame.width
    assert 0 < disc.y < frame.height


def test_a_drawn_perimeter_has_its_picture():
    area = MultiPolygon(Polygon.from_bbox((1.4, 43.55, 1.5, 43.65)), srid=4326)
    map = make_map(process=make_process(perimeter=None), drawn_perimeter=area)
    frame = frame_of(map, synthesis.box_of(map))
    assert [shape.role for shape in frame.shapes] == ["outline"]


@pytest.mark.parametrize("what", ["croisement", "etats", "mois", "chaleur", "groupes", "habitants"])
@pytest.mark.usefixtures("french")
def test_each_table_is_a_file(client, town, what):
    client.force_login(make_map_officer())
    for _ in range(3):
        put(town, title="Un banc")
    url = reverse("participatory_map:synthesis_file", args=[town[0].pk, what, "csv"])
    text = client.get(url).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(lines) >= 2
    assert len({len(line) for line in lines}) == 1
    assert "3" in lines[1] or "3" in lines[-1]


@pytest.mark.parametrize("what", ["chaleur", "groupes", "habitants"])
def test_each_map_is_geojson(client, town, what):
    client.force_login(make_map_officer())
    for _ in range(3):
        put(town, title="Un banc")
    url = reverse("participatory_map:synthesis_file", args=[town[0].pk, what, "geojson"])
    data = json.loads(client.get(url).content)
    assert data["type"] == "FeatureCollection"
    assert data["features"][0]["properties"]["contributions"] == 3
