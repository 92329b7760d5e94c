"""The office of maps: what each button does, and what lists cost."""

import datetime
import io
import json
import threading

import pytest
from django.contrib.gis.geos import LineString, Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from maps.services import add_uploaded_layer
from participation.core.choices import Visibility
from participation.core.models import AnswerTemplate
from participation.mapping.models import (
    MapContribution,
    QuestionAnswer,
    Trace,
)
from participation.mapping.services.follow_up import answer, merge_duplicates
from tests.factories.accounts import make_territory, make_user
from tests.factories.core import make_directorate, make_process
from tests.factories.mapping import (
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
    make_question,
    now,
)
from tests.participation.mapping.addresses import at

pytestmark = pytest.mark.django_db

HERE = Point(1.45, 43.6, srid=4326)


@pytest.fixture
def office(client):
    client.force_login(make_map_officer(public_name="Agathe Bureau"))
    return client


# With one thing of each kind, and with four.
LISTS = {
    "participatory_map:index": 12,
    "participatory_map:board": 17,
    "participatory_map:categories": 15,
    "participatory_map:questions": 14,
    "participatory_map:zones": 15,
    "participatory_map:layers": 13,
    "participatory_map:synthesis": 19,
    "map_contribution:index": 16,
    "map_contribution:read": 25,
    "map_contribution:export": 9,
}


@pytest.mark.parametrize("number", [1, 4])
@pytest.mark.parametrize(("name", "queries"), LISTS.items())
def test_each_list_and_board_costs_the_same_at_any_size(
    office, number, name, queries, django_assert_num_queries
):
    map = make_map(process=make_process(perimeter=make_territory()))
    category = make_category(map)
    for place in range(number):
        question = make_question(category)
        make_category(map)
        district = make_territory(kind="neighbourhood", parent=map.activity.process.perimeter)
        row = make_map_contribution(map, category=category, geometry=HERE, territory=district)
        row.directorates.add(make_directorate())
        QuestionAnswer.objects.create(contribution=row, question=question, text="Oui")
        map.zones.create(name=f"Berge {place}", geometry=map.activity.process.perimeter.geometry)
        layer = add_uploaded_layer(name="Pistes", credit="La ville", at=now())
        map.map_layers.create(layer=layer)
        make_map_contribution(make_map(), geometry=HERE)
    arguments = {
        "participatory_map:index": [],
        "participatory_map:questions": [map.pk, category.pk],
        "map_contribution:index": [],
        "map_contribution:read": [row.pk],
        "map_contribution:export": [],
    }
    url = reverse(name, args=arguments.get(name, [map.pk]))
    assert office.get(url).status_code == 200  # what a first visit alone reads: content types
    with django_assert_num_queries(queries):
        office.get(url)


# Following up


def listed(office, **asked) -> set[int]:
    response = office.get(reverse("map_contribution:index"), asked)
    return {row.pk for row in response.context["object_list"]}


def test_the_list_is_filtered_and_searched(office):
    map = make_map()
    category, other = make_category(map), make_category(map)
    district = make_territory(kind="neighbourhood")
    one = make_map_contribution(map, category=category, title="Un banc", territory=district)
    two = make_map_contribution(map, category=other, title="Une fontaine", state="planned")
    far = make_map_contribution(title="Un arbre")
    parks = make_directorate()
    one.directorates.add(parks)
    old = make_map_contribution(map, category=other, title="Vieille demande")
    old.contribution.submitted_at = now() - datetime.timedelta(days=40)
    old.contribution.save()
    assert listed(office) == {one.pk, two.pk, far.pk, old.pk}
    assert listed(office, map=map.pk) == {one.pk, two.pk, old.pk}
    assert listed(office, category=category.pk) == {one.pk}
    assert listed(office, territory=district.pk) == {one.pk}
    assert listed(office, state="planned") == {two.pk}
    assert listed(office, directorate=parks.pk) == {one.pk}
    assert listed(office, waiting="to_assign", map=map.pk) == {two.pk, old.pk}
    assert listed(office, unanswered="30") == {old.pk}
    assert listed(office, q="fontaines") == {two.pk}
    assert listed(office, q=one.contribution.receipt_number) == {one.pk}


def test_each_button_of_a_contribution_calls_its_service(office):
    map = make_map()
    row = make_map_contribution(map, geometry=HERE)
    other = make_category(map)
    roads = make_directorate("Voirie")
    assert office.post(at("assign", row.pk), {"directorates": [roads.pk]}).status_code == 302
    moved = {"drawing_kind": "point", "drawing_vertices": "43.61, 1.46", "reason": "Plus précis"}
    assert office.post(at("move", row.pk), moved).status_code == 302
    assert office.post(at("move", row.pk), {**moved, "reason": ""}).status_code == 422
    assert office.post(at("reclassify", row.pk), {"category": other.pk}).status_code == 302
    refused = office.post(at("answer", row.pk), {"status": "not_retained", "body": ""})
    assert refused.status_code == 422
    told = {"status": "not_retained", "body": "Déjà fait."}
    assert office.post(at("answer", row.pk), told).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.category, row.geometry.coords) == ("not_retained", other, (1.46, 43.61))
    kinds = list(row.traces.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["assigned", "moved", "reclassified", "answered"]
    page = office.get(at("read", row.pk))
    assert "Plus précis" in page.content.decode()
    actions = ModelLogEntry.objects.filter(object_id=str(row.pk)).values_list("action", flat=True)
    assert {"parvis.map.assign", "parvis.map.move", "parvis.map.reclassify"} <= set(actions)


def test_an_answer_starts_from_a_template(office):
    row = make_map_contribution()
    template = AnswerTemplate.objects.create(
        name="Programmé", status="planned", body="Prévu au budget 2027."
    )
    AnswerTemplate.objects.create(name="Retenu", status="retained", body="Retenu.")
    office.post(at("answer", row.pk), {"template": template.pk})
    row.refresh_from_db()
    assert row.state == "planned"
    assert row.contribution.answers.get().body == "Prévu au budget 2027."
    choices = office.get(at("read", row.pk)).context["answer_form"].fields["template"].queryset
    assert list(choices) == [template]  # a map does not know “retained”


def bulk(office, action, rows, data=None, **asked):
    url = reverse("wagtail_bulk_action", args=["mapping", "mapcontribution", action])
    keys = "&".join(f"id={row.pk}" for row in rows) if rows != "all" else "id=all"
    there = asked.get("next", reverse("map_contribution:index"))
    return office.post(f"{url}?{keys}&next={there}", data or {})


def test_several_are_answered_at_once_and_what_refuses_is_told(office):
    map = make_map()
    rows = [make_map_contribution(map) for _ in range(2)]
    waiting = make_map_contribution(map, visibility=Visibility.PENDING)
    said = {"status": "done", "body": "C’est fait."}
    response = bulk(office, "answer", [*rows, waiting], said)
    assert response.status_code == 302
    assert set(MapContribution.objects.values_list("pk", "state")) == {
        (rows[0].pk, "done"),
        (rows[1].pk, "done"),
        (waiting.pk, "received"),
    }
    assert bulk(office, "answer", rows, {"status": "done"}).status_code == 200  # asked again


def test_all_means_all_the_lines_of_the_list_as_filtered(office):
    map = make_map()
    mine = [make_map_contribution(map) for _ in range(2)]
    other = make_map_contribution()
    there = f"{reverse('map_contribution:index')}?map={map.pk}".replace("?", "%3F")
    bulk(office, "answer", "all", {"status": "done", "body": "Fait."}, next=there)
    assert set(MapContribution.objects.filter(state="done")) == set(mine)
    other.refresh_from_db()
    assert other.state == "received"


def test_several_are_assigned_reclassified_and_handed_to_moderation(office):
    map = make_map()
    rows = [make_map_contribution(map) for _ in range(2)]
    other = make_category(map)
    bulk(office, "assign", rows, {"directorates": [make_directorate().pk]})
    bulk(office, "reclassify", rows, {"category": other.pk})
    assert all(row.directorates.count() == 1 for row in rows)
    assert MapContribution.objects.filter(category=other).count() == 2
    publish = reverse("wagtail_bulk_action", args=["core", "contribution", "moderation_publish"])
    assert bulk(office, "publish", rows).url.startswith(f"{publish}?id={rows[0].pk}&")
    assert bulk(office, "merge", rows).url.startswith(reverse("map_contribution:merge"))


def test_duplicates_are_joined_and_taken_apart_from_the_office(office):
    map = make_map()
    main, one, near = (make_map_contribution(map, geometry=HERE) for _ in range(3))
    url = reverse("map_contribution:merge")
    page = office.get(f"{url}?contribution={main.pk}&contribution={one.pk}")
    assert near.contribution.title in page.content.decode()
    sent = {"contribution": [main.pk, one.pk, near.pk], "note": "Même banc"}
    assert office.post(url, sent).status_code == 422  # which one stays?
    assert office.post(url, {**sent, "into": main.pk}).url == at("read", main.pk)
    assert MapContribution.objects.filter(merged_into=main).count() == 2
    assert near.contribution.title in office.get(at("read", main.pk)).content.decode()
    assert office.get(at("read", one.pk)).status_code == 200
    assert office.post(at("split", one.pk), {"note": ""}).status_code == 302
    assert MapContribution.objects.filter(merged_into=main).get() == near
    for wrong, status in (("contribution=x", 400), ("", 404), ("contribution=999999", 404)):
        assert office.get(f"{url}?{wrong}").status_code == status


# Files


def test_the_list_is_exported_with_the_answers_and_no_formula(office):
    map = make_map()
    category = make_category(map, "Bancs")
    question = make_question(category, is_public=False)
    row = make_map_contribution(map, category=category, title="=cmd()", geometry=HERE)
    QuestionAnswer.objects.create(contribution=row, question=question, text="Au 3")
    make_map_contribution(title="Ailleurs")
    url = reverse("map_contribution:export")
    lines = office.get(url, {"map": map.pk}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Numéro;Carte;Catégorie;Titre;")
    assert lines[0].endswith(question.label)
    assert ";'=cmd();" in lines[1]
    assert lines[1].endswith("Au 3")
    content = office.get(url, {"format": "xlsx", "map": map.pk}).content
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    told = dict(zip(*([cell.value for cell in line] for line in sheet), strict=True))
    assert (told["Soutiens"], told["Commentaires"]) == (0, 0)  # numbers, which add up


@pytest.mark.parametrize("format", ["geojson", "csv", "kml", "gpkg", "shp"])
def test_what_is_online_is_downloaded_for_gis(office, format):
    map = make_map()
    make_map_contribution(map, geometry=HERE, title="En ligne")
    make_map_contribution(map, geometry=HERE, visibility=Visibility.HIDDEN, title="Cachée")
    url = reverse("participatory_map:export", args=[map.pk, format])
    content = b"".join(office.get(url).streaming_content)
    if format in ("geojson", "csv", "kml"):
        assert "En ligne" in content.decode()
        assert "Cachée" not in content.decode()
    else:
        assert content[:4] in (b"SQLi", b"PK\x03\x04")


def test_an_unknown_format_is_not_found(office):
    map = make_map()
    assert office.get(reverse("participatory_map:export", args=[map.pk, "dwg"])).status_code == 404
    url = at("synthesis_file", map.pk, "etats", "geojson")
    assert office.get(url).status_code == 404


def test_a_file_is_imported_in_three_steps(office):
    map = make_map(process=make_process(perimeter=make_territory()))
    make_category(map, "Bancs")
    rows = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [x, 43.6]},
            "properties": {"Nom": title, "type": "Bancs"},
        }
        for x, title in ((1.45, "Un banc"), (1.46, ""))
    ]
    file = io.BytesIO(json.dumps({"type": "FeatureCollection", "features": rows}).encode())
    file.name = "bancs.geojson"
    url = at("import", map.pk)
    form = office.post(url, {"step": "file", "file": file}).context["columns_form"]
    assert form.initial["title"] == "Nom"
    sent = {
        "source_system": "bancs",
        "title": "Nom",
        "category_column": "type",
        "leave_refused": "",
    }
    report = office.post(url, {**sent, "step": "check"}).context["report"]
    assert (report.new, len(report.refused)) == (1, 1)
    assert not MapContribution.objects.exists()
    assert office.post(url, {**sent, "step": "write"}).status_code == 422
    done = office.post(url, {**sent, "leave_refused": "on", "step": "write"})
    assert done.status_code == 302
    assert MapContribution.objects.get().contribution.title == "Un banc"
    assert office.post(url, {**sent, "step": "check"}).url == url  # the file is gone


@pytest.mark.parametrize("content", [b"", b"not a map", b'{"type": "Feature"}'])
def test_a_file_that_cannot_be_read_says_why(office, content):
    map = make_map()
    upload = SimpleUploadedFile("x.geojson", content)
    response = office.post(at("import", map.pk), {"step": "file", "file": upload})
    assert response.status_code == 422
    assert response.context["form"].errors


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_join_and_answer_do_it_once():
    map, officer = make_map(), make_map_officer()
    main, one, other = (make_map_contribution(map, geometry=HERE) for _ in range(3))

    def join(into, *rows):
        merge_duplicates(into=into, duplicates=rows, note="", actor=officer, at=now())

    def say():
        answer(
            contribution=main,
            status="done",
            body="Fait.",
            directorate=None,
            actor=officer,
            at=now(),
        )

    errors: list[Exception] = []

    def run(act, *args):
        try:
            act(*args)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=args)
        for args in ((join, main, one, other), (join, main, other, one), (say,), (say,))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Trace.objects.filter(kind="merged").count() == 4
    assert Trace.objects.filter(kind="answered").count() == 1
    assert main.contribution.answers.count() == 1


def test_lines_and_areas_show_on_the_page(office):
    line = LineString((1.44, 43.6), (1.45, 43.61), srid=4326)
    row = make_map_contribution(geometry=line, author=make_user())
    page = office.get(at("read", row.pk)).content.decode()
    assert '"LineString"' in page
