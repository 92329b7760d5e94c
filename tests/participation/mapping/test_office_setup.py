"""The office of maps: creating, setting up."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cms.models import ActivityPage
from maps.models import Layer
from participation.mapping.models import (
    MapCategory,
    ParticipatoryMap,
    QuestionAnswer,
    Zone,
)
from tests.factories.accounts import make_territory
from tests.factories.core import make_directorate, make_process
from tests.factories.mapping import (
    make_map,
    make_map_contribution,
    make_map_officer,
    now,
)
from tests.participation.mapping.addresses import at

pytestmark = pytest.mark.django_db

AREA = {"area_kind": "area", "area_vertices": "43.58, 1.42\n43.58, 1.47\n43.62, 1.45"}


@pytest.fixture
def office(client):
    client.force_login(make_map_officer(public_name="Agathe Bureau"))
    return client


# Setting up


@pytest.fixture
def new(office):
    territory = make_territory()
    owner = make_directorate()

    def send(**changes):
        values = {
            "title": "Carte du vélo",
            "template": "cycling",
            "collect_from": "2027-01-04",
            "collect_until": "2027-02-14",
            "answers_until": "2027-04-11",
            "perimeter": territory.pk,
            "parts": "neighbourhood",
            "moderation": "before",
            "shows_others": "on",
            "owner": owner.pk,
            "contact_name": "Mission vélo",
            "contact_email": "velo@example.org",
            "terms": "Chacune et chacun peut participer.",
        }
        return office.post(reverse("cms_new_map"), {**values, **changes})

    return send


def test_one_form_makes_a_map_with_its_draft_page(new, office):
    response = new()
    map = ParticipatoryMap.objects.get()
    assert response.url == reverse("cms_map_made", args=[map.pk])
    made = office.get(response.url)
    assert "du 4 janvier 2027 au 14 février 2027 inclus" in made.text
    assert map.categories.count() == 3
    assert list(map.activity.phases.order_by("period").values_list("step", flat=True)) == [
        "collect",
        "examine",
        "follow",
    ]
    page = ActivityPage.objects.filter(activity=map.activity).first()
    assert page is None or page.live is False


def test_a_map_in_a_drawn_area_of_a_process_that_exists(new):
    process = make_process(perimeter=make_territory())
    assert new(process=process.pk, owner="", terms="", **AREA).status_code == 302
    map = ParticipatoryMap.objects.get()
    assert map.activity.process == process
    assert map.drawn_perimeter.num_points == 4


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "???"}, "title"),
        ({"collect_until": "2026-12-31"}, "collect_until"),
        ({"answers_until": "2027-02-14"}, "answers_until"),
        ({"owner": ""}, "owner"),
        ({"area_kind": "area", "area_vertices": "43.6, 1.45"}, "area"),
        ({"area_file": SimpleUploadedFile("x.geojson", b"{")}, "area_file"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(new, changes, field):
    response = new(**changes)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not ParticipatoryMap.objects.exists()


def test_settings_are_saved_or_refused_in_words(office):
    map = make_map()
    url = at("settings", map.pk)
    values = {
        "parts": "neighbourhood",
        "moderation": "before",
        "per_person": 2,
        "shows_others": "on",
    }
    assert office.post(url, values).status_code == 302
    map.refresh_from_db()
    assert (map.moderation, map.per_person, map.comments_open) == ("before", 2, False)
    make_map_contribution(map)
    del values["shows_others"]
    response = office.post(url, values)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors()


def test_categories_and_questions_are_added_changed_and_removed(office):
    map = make_map()
    values = {
        "name": "Bancs",
        "shapes": ["point"],
        "icon": "armchair",
        "tone": 5,
        "pattern": "dots",
        "position": 0,
    }
    assert office.post(at("categories", map.pk), values).status_code == 302
    category = MapCategory.objects.get()
    assert (category.icon, category.tone, category.shapes) == ("armchair", 5, ["point"])
    assert b"#armchair" in office.get(at("category", map.pk, category.pk)).content
    assert office.post(at("categories", map.pk), values).status_code == 422  # its name is taken
    asked = {"label": "Pour qui ?", "kind": "choice", "options": "Enfants\nAînés", "position": 0}
    assert office.post(at("questions", map.pk, category.pk), asked).status_code == 302
    question = category.questions.get()
    assert question.options == ["Enfants", "Aînés"]
    row = make_map_contribution(map, category=category)
    QuestionAnswer.objects.create(contribution=row, question=question, chosen=["Enfants"])
    changed = {**asked, "options": "Aînés\nTous"}
    assert office.post(at("question", map.pk, category.pk, question.pk), changed).status_code == 422
    office.post(at("question_remove", map.pk, category.pk, question.pk))
    office.post(at("category_remove", map.pk, category.pk))
    assert MapCategory.objects.filter(questions=question).exists()


def test_the_perimeter_is_drawn_read_from_a_file_or_given_back(office):
    map = make_map(process=make_process(perimeter=make_territory()))
    url = at("perimeter", map.pk)
    assert office.get(url).status_code == 200
    assert office.post(url, {"where": "drawn", **AREA}).status_code == 302
    map.refresh_from_db()
    assert map.drawn_perimeter.num_points == 4
    assert office.post(url, {"where": "drawn"}).status_code == 422
    assert office.post(url, {"where": "file", "file": two_squares()}).status_code == 302
    map.refresh_from_db()
    assert len(map.drawn_perimeter) == 2
    assert office.get(url).status_code == 200  # several parts: replaced, not edited
    office.post(url, {"where": "territory"})
    map.refresh_from_db()
    assert map.drawn_perimeter is None


def two_squares() -> SimpleUploadedFile:
    def square(west: float) -> dict:
        ring = [
            [west, 43.6],
            [west + 0.01, 43.6],
            [west + 0.01, 43.61],
            [west, 43.61],
            [west, 43.6],
        ]
        return {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"nom": f"Zone {west}", "description": "À savoir"},
        }

    collection = {"type": "FeatureCollection", "features": [square(1.41), square(1.45)]}
    return SimpleUploadedFile("zones.geojson", json.dumps(collection).encode())


def test_zones_are_drawn_or_read_from_a_file(office):
    map = make_map()
    url = at("zones", map.pk)
    assert office.post(url, {"name": "Gare", "position": 0, **AREA}).status_code == 302
    assert office.post(url, {"name": "Gare", "position": 0, **AREA}).status_code == 422
    assert office.post(at("zones_file", map.pk), {"file": two_squares()}).status_code == 302
    assert map.zones.count() == 3
    zone = map.zones.get(name="Gare")
    assert office.get(at("zone", map.pk, zone.pk)).status_code == 200
    moved = {"name": "Gare centrale", "position": 1, **AREA}
    assert office.post(at("zone", map.pk, zone.pk), moved).status_code == 302
    office.post(at("zone_remove", map.pk, zone.pk))
    assert not Zone.objects.filter(pk=zone.pk).exists()


def test_layers_are_attached_in_their_order(office):
    map = make_map()
    bikes, floods, other = (
        Layer.objects.create(name=name, credit="Ville", updated_at=now())
        for name in ("Pistes", "Crues", "Autre")
    )
    sent = {
        f"on_{bikes.pk}": "on",
        f"place_{bikes.pk}": 2,
        f"on_{floods.pk}": "on",
        f"place_{floods.pk}": 1,
        f"start_{floods.pk}": "on",
    }
    assert office.post(at("layers", map.pk), sent).status_code == 302
    rows = list(map.map_layers.order_by("position").values_list("layer__name", "shown_at_start"))
    assert rows == [("Crues", True), ("Pistes", False)]
    assert other.name in office.get(at("layers", map.pk)).content.decode()
