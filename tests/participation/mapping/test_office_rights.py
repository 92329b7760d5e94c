"""The back office of maps: who enters where, for every address."""

import io

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.management import call_command
from django.urls import resolve, reverse
from wagtail.admin.menu import admin_menu

from participation.core.choices import Visibility
from participation.mapping.models import Zone
from participation.mapping.office.bulk import ACTIONS
from participation.mapping.office.menu import mapping_group
from tests.cms.making import make_staff
from tests.factories.accounts import make_moderator, make_user
from tests.factories.mapping import (
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
    make_question,
)
from tests.participation.office import opened

pytestmark = pytest.mark.django_db

ENTER = "wagtailadmin.access_admin"
HERE = Point(1.45, 43.6, srid=4326)
SQUARE = MultiPolygon(Polygon.from_bbox((1.4, 43.55, 1.5, 43.65)), srid=4326)
JOBS = {"set_up": "mapping.change_participatorymap", "follow_up": "mapping.follow_up_map"}


@pytest.fixture
def world():
    """One of each, and the addresses of the back office with who may open them."""
    map = make_map()
    category = make_category(map)
    question = make_question(category)
    zone = Zone.objects.create(map=map, name="Gare", geometry=SQUARE)
    row = make_map_contribution(map, category=category, geometry=HERE)
    joined = make_map_contribution(map, category=category, geometry=HERE)
    joined.merged_into = row
    joined.save()
    make_map_contribution(map, category=category, visibility=Visibility.DRAFT)

    def map_url(name, *args):
        return reverse(f"participatory_map:{name}", args=[map.pk, *args])

    def row_url(name, each=row):
        return reverse(f"map_contribution:{name}", args=[each.pk])

    both, set_up, follow_up = {"set_up", "follow_up"}, {"set_up"}, {"follow_up"}
    chosen = f"?contribution={row.pk}"
    return [
        ("get", reverse("participatory_map:index"), both),
        ("get", map_url("board"), both),
        ("get", map_url("settings"), set_up),
        ("post", map_url("settings"), set_up),
        ("get", map_url("perimeter"), set_up),
        ("post", map_url("perimeter"), set_up),
        ("get", map_url("categories"), set_up),
        ("post", map_url("categories"), set_up),
        ("get", map_url("category", category.pk), set_up),
        ("post", map_url("category_remove", category.pk), set_up),
        ("get", map_url("questions", category.pk), set_up),
        ("post", map_url("questions", category.pk), set_up),
        ("get", map_url("question", category.pk, question.pk), set_up),
        ("get", map_url("zones"), set_up),
        ("post", map_url("zones"), set_up),
        ("get", map_url("zone", zone.pk), set_up),
        ("post", map_url("zones_file"), set_up),
        ("get", map_url("layers"), set_up),
        ("post", map_url("layers"), set_up),
        ("get", map_url("import"), follow_up),
        ("post", map_url("import"), follow_up),
        ("get", map_url("export", "geojson"), both),
        ("get", map_url("synthesis"), both),
        ("get", map_url("synthesis_file", "croisement", "csv"), both),
        ("get", map_url("synthesis_file", "chaleur", "geojson"), both),
        ("get", reverse("map_contribution:index"), follow_up),
        ("get", reverse("map_contribution:index_results"), follow_up),
        ("get", reverse("map_contribution:export"), follow_up),
        ("get", reverse("map_contribution:merge") + chosen, follow_up),
        ("get", row_url("read"), follow_up),
        ("post", row_url("assign"), follow_up),
        ("post", row_url("reclassify"), follow_up),
        ("post", row_url("move"), follow_up),
        ("post", row_url("answer"), follow_up),
        ("post", row_url("adopt"), follow_up),
        ("post", row_url("split"), follow_up),
        ("get", row_url("read", joined), follow_up),
        ("get", reverse("cms_new_map"), set_up),
        ("post", reverse("cms_new_map"), set_up),
        ("get", reverse("cms_map_made", args=[map.pk]), set_up),
        *(
            (
                "get",
                reverse(
                    "wagtail_bulk_action", args=["mapping", "mapcontribution", action.action_type]
                )
                + f"?id={row.pk}&next=/gestion/",
                {"moderate"} if action.action_type in ("publish", "restrict") else follow_up,
            )
            for action in ACTIONS
        ),
        ("post", map_url("question_remove", category.pk, question.pk), set_up),
        ("post", map_url("zone_remove", zone.pk), set_up),
    ]


@pytest.mark.parametrize("person", ["anonymous", "resident", "editor", "moderator", "suspended"])
def test_nobody_else_opens_any_address(client, world, person):
    user = {
        "anonymous": lambda: None,
        "resident": make_user,
        "editor": lambda: make_user(is_staff=True, permissions=(ENTER, "wagtailcore.change_page")),
        "moderator": make_moderator,
        "suspended": lambda: make_map_officer(is_active=False),
    }[person]()
    expected = [f"{method} {url}" for method, url, jobs in world if jobs == {"moderate"}]
    assert opened(client, user, world) == (expected if person == "moderator" else [])


@pytest.mark.parametrize("job", JOBS)
def test_each_job_opens_its_own_addresses_and_no_other(client, world, job):
    user = make_user(is_staff=True, permissions=(ENTER, JOBS[job]))
    expected = [f"{method} {url}" for method, url, jobs in world if job in jobs]
    assert opened(client, user, world) == expected


def test_an_officer_opens_every_address(client, world):
    assert len(opened(client, make_map_officer(), world)) == len(world) == 48


def test_the_matrix_forgets_no_address_of_the_desks(world):
    tested = {resolve(url.split("?")[0]).view_name for _method, url, _jobs in world}
    routes = {
        desk.get_url_name(pattern.name)
        for desk in mapping_group.items
        for pattern in desk.get_urlpatterns()
    }
    assert routes - tested == {"participatory_map:index_results"}  # the same view as its index


def test_a_draft_has_no_page(client, world):
    client.force_login(make_map_officer())
    draft = make_map_contribution(visibility=Visibility.DRAFT)
    assert client.get(reverse("map_contribution:read", args=[draft.pk])).status_code == 404


@pytest.mark.usefixtures("french")
def test_the_menu_tells_the_maps_of_the_public_from_what_they_are_drawn_on(rf):
    call_command("setup_roles", verbosity=0, stdout=io.StringIO())
    request = rf.get(reverse("wagtailadmin_home"))  # the addresses fill the menu
    request.user = make_staff("Participation")
    menu = admin_menu.menu_items_for_request(request)
    inside = {
        str(item.label): {str(each.label) for each in item.menu.menu_items_for_request(request)}
        for item in menu
        if hasattr(item, "menu")
    }
    assert inside["Cartes participatives"] == {"Cartes", "Contributions"}
    assert inside["Territoires et calques de carte"] == {"Territoires", "Calques de référence"}
    assert "Cartes" not in {str(item.label) for item in menu}
