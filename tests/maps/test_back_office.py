"""Territories in the back office: find, look at, import with a preview."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import ModelLogEntry

from maps.models import Territory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]

INDEX = "/gestion/territoires/"
IMPORT = "/gestion/territoires/importer/"
SQUARE = [[1.4, 43.5], [1.5, 43.5], [1.5, 43.6], [1.4, 43.6], [1.4, 43.5]]
BOW_TIE = [[1.4, 43.5], [1.5, 43.6], [1.5, 43.5], [1.4, 43.6], [1.4, 43.5]]


def staff(*codenames: str):
    user = get_user_model().objects.create_user(email="agent@example.org", password="un long mot")
    wanted = Permission.objects.filter(codename__in=["access_admin", *codenames])
    user.user_permissions.set(wanted)
    return user


@pytest.fixture
def officer(client):
    user = staff("view_territory", "add_territory", "change_territory")
    client.force_login(user)
    return user


def upload(*features: tuple[str, list]) -> SimpleUploadedFile:
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": code, "nom": f"Quartier {code}"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for code, ring in features
        ],
    }
    return SimpleUploadedFile("quartiers.geojson", json.dumps(document).encode())


def typed(**values: object) -> dict[str, object]:
    empty = dict.fromkeys(("parent", "source", "code_field", "name_field"), "")
    return {"kind": "neighbourhood", **empty, **values}


def test_list_search_and_filter(client, officer, town, neighbourhoods):
    page = client.get(INDEX).content.decode()
    assert all(each.name in page for each in (town, *neighbourhoods))
    assert "Importer des contours" in page
    page = client.get(INDEX, {"q": "minimes"}).content.decode()
    assert "Les Minimes" in page
    assert "Saint-Cyprien" not in page
    page = client.get(INDEX, {"kind": "municipality"}).content.decode()
    assert "Villebelle" in page
    assert "99001-01" not in page


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_loads_no_boundary_and_costs_the_same_at_any_size(
    client, officer, neighbourhoods, number, django_assert_num_queries
):
    kept = [each.pk for each in neighbourhoods[: number - 1]]
    Territory.objects.filter(kind="neighbourhood").exclude(pk__in=kept).delete()
    assert Territory.objects.count() == number
    client.get(INDEX)
    with django_assert_num_queries(11) as asked:
        client.get(INDEX)
    territories = [
        each["sql"] for each in asked.captured_queries if 'FROM "maps_territory"' in each["sql"]
    ]
    assert territories
    assert not any('"geometry"' in sql.split(" FROM ")[0] for sql in territories)


def test_inspect_shows_the_map_and_the_parts(client, officer, town, neighbourhoods):
    page = client.get(f"{INDEX}inspect/{town.pk}/").content.decode()
    assert "data-map-view" in page
    assert "parent=municipality:99001&amp;kind=neighbourhood" in page
    assert "EPSG:2154" in page
    assert "Les Minimes" in page


def test_names_change_and_boundaries_do_not(client, officer, town):
    before = town.geometry.wkt
    data = {"name": "Villebelle-sur-Mer", "short_name": "", "population": 12, "source": "IGN"}
    client.post(f"{INDEX}edit/{town.pk}/", {**data, "valid_to": "", "geometry": "POINT(0 0)"})
    town.refresh_from_db()
    assert (town.name, town.population, town.geometry.wkt) == ("Villebelle-sur-Mer", 12, before)


@pytest.mark.parametrize("address", ["new/", "delete/{pk}/", "copy/{pk}/"])
def test_nothing_is_added_copied_or_deleted_by_hand(client, officer, town, address):
    assert client.get(INDEX + address.format(pk=town.pk)).status_code == 404


def test_preview_then_import(client, officer, town):
    preview = client.post(
        IMPORT, typed(parent="99001", file=upload(("99001-1", SQUARE), ("99001-2", BOW_TIE)))
    ).content.decode()
    assert "2 territoires créés" in preview
    assert "son contour se croisait" in preview
    assert Territory.objects.count() == 1
    done = client.post(IMPORT, typed(parent="99001", confirm="1"))
    assert done.status_code == 302
    made = Territory.objects.filter(parent=town).order_by("code")
    assert [each.code for each in made] == ["99001-1", "99001-2"]
    entry = ModelLogEntry.objects.get(action="parvis.territory.import")
    assert entry.user == officer
    assert entry.data["repaired"] == ["99001-2"]
    assert default_storage.listdir("imports/territories") == ([], [])


def test_a_refused_feature_needs_a_decision(client, officer):
    preview = client.post(
        IMPORT, typed(file=upload(("1-1", SQUARE), ("1-2", SQUARE[:4])))
    ).content.decode()
    assert "un anneau n’est pas fermé" in preview
    refused = client.post(IMPORT, typed(confirm="1"))
    assert refused.status_code == 200
    assert not Territory.objects.exists()
    client.post(IMPORT, typed(confirm="1", skip_refused="on"))
    assert [each.code for each in Territory.objects.all()] == ["1-1"]


def test_a_confirmation_without_preview_imports_nothing(client, officer):
    page = client.post(IMPORT, typed(confirm="1")).content.decode()
    assert "choisissez-le de nouveau" in page
    assert not Territory.objects.exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"file": SimpleUploadedFile("a.geojson", b"{")}, "n’est pas du JSON"),
        ({"file": upload(("1-1", SQUARE)), "parent": "404"}, "Aucun territoire n’a le code"),
        ({"file": upload(("1-1", SQUARE)), "kind": "street"}, "street"),
    ],
)
def test_bad_forms_say_why_and_keep_what_was_typed(client, officer, values, said):
    page = client.post(IMPORT, typed(source="Ma source", **values)).content.decode()
    assert said in page
    assert 'value="Ma source"' in page
    assert not Territory.objects.exists()


def test_a_file_is_needed(client, officer):
    form = client.post(IMPORT, typed()).context["form"]
    assert form.has_error("file", "required")


@pytest.mark.parametrize("codenames", [(), ("view_territory",), ("add_territory",)])
def test_others_may_not_import(client, codenames):
    client.force_login(staff(*codenames))
    assert client.get(IMPORT).status_code in (302, 403)
    assert client.post(IMPORT, typed(file=upload(("1-1", SQUARE)))).status_code in (302, 403)
    assert not Territory.objects.exists()
