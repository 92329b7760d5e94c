"""The map, the list and the table: one set, one order, one address."""

import csv
import datetime
import io
import json
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maps.services import add_external_layer, add_uploaded_layer
from participation.core.choices import Visibility
from participation.core.models import Contribution
from participation.core.services import add_attachment
from participation.mapping.models import MapContribution, ParticipatoryMap
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import (
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
    now,
)
from tests.participation.mapping.pictures import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
HERE = Point(1.444, 43.604, srid=4326)
NEAR = Point(1.4455, 43.604, srid=4326)  # 120 metres east
FAR = Point(1.47, 43.604, srid=4326)  # 2 kilometres east


def at(name: str, map: ParticipatoryMap, *more: Any) -> str:
    return reverse(f"mapping:{name}", args=[map.activity.slug, *more])


def shown(client: Client, url: str) -> list[str]:
    return [row.contribution.title for row in client.get(url).context["found"]]


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def filled() -> ParticipatoryMap:
    """Four contributions that every criterion tells apart."""
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    map = make_map(process__perimeter=town)
    west = make_territory("La Gare", kind="neighbourhood", parent=town)
    east = make_territory("Le Port", kind="neighbourhood", parent=town)
    bikes, shade = make_category(map, "Vélo", position=1), make_category(map, "Ombre", position=2)
    day = datetime.timedelta(days=1)
    for number, (title, category, place, geometry, state) in enumerate(
        [
            ("Une piste rue Haute", bikes, west, HERE, "received"),
            ("Un arceau devant l’école", bikes, east, NEAR, "planned"),
            ("Planter des tilleuls", shade, west, FAR, "received"),
            ("Ombrager la cour", shade, None, None, "done"),
        ]
    ):
        row = make_map_contribution(
            map,
            category=category,
            geometry=geometry,
            state=state,
            title=title,
            territory=place,
            body="Texte de cette contribution.",
        )
        Contribution.objects.filter(pk=row.pk).update(
            submitted_at=now() - number * 10 * day, supports_count=number
        )
    return map


BY_DATE = [
    "Une piste rue Haute",
    "Un arceau devant l’école",
    "Planter des tilleuls",
    "Ombrager la cour",
]


@pytest.mark.parametrize("view", ["", "vue=liste", "vue=tableau"])
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", BY_DATE),
        ("ordre=anciennes", BY_DATE[::-1]),
        ("ordre=soutiens", BY_DATE[::-1]),
        ("ordre=soutiens-inverse", BY_DATE),
        ("ordre=titre", sorted(BY_DATE)),
        ("q=tilleul", ["Planter des tilleuls"]),
        ("statut=planned", ["Un arceau devant l’école"]),
        ("pres=43.604,1.444&rayon=200", ["Une piste rue Haute", "Un arceau devant l’école"]),
        ("pres=43.604,1.446&rayon=200&ordre=proches", [BY_DATE[1], BY_DATE[0]]),
        ("pres=nowhere&rayon=200", BY_DATE),
        ("du=2000-01-01&au=2001-01-01", []),
        ("du=hier", BY_DATE),
    ],
)
def test_three_views_show_the_same_set_in_the_same_order(
    client: Client, filled: ParticipatoryMap, view: str, query: str, titles: list[str]
) -> None:
    assert shown(client, f"{at('home', filled)}?{query}&{view}") == titles


def test_category_district_and_period_narrow(client: Client, filled: ParticipatoryMap) -> None:
    shade = filled.categories.get(name="Ombre")
    west = Contribution.objects.get(title=BY_DATE[0]).territory
    assert shown(client, f"{at('home', filled)}?categorie={shade.pk}") == BY_DATE[2:]
    assert shown(client, f"{at('home', filled)}?quartier={west.pk}") == [BY_DATE[0], BY_DATE[2]]
    first = (now() - datetime.timedelta(days=12)).date()
    last = (now() - datetime.timedelta(days=8)).date()
    assert shown(client, f"{at('home', filled)}?du={first}&au={last}") == [BY_DATE[1]]


def test_the_address_says_all_that_is_asked(client: Client, filled: ParticipatoryMap) -> None:
    query = "?q=texte&du=2020-01-01&pres=43.604%2C1.444&rayon=2000&vue=tableau"
    filters = client.get(at("home", filled) + query).context["filters"]
    assert filters.query() == query
    assert filters.active_count == 3
    words = [chip.label for chip in filters.chips]
    assert len(words) == 3
    without = next(chip.remove_url for chip in filters.chips if "2" in chip.label[:3])
    assert without == "?q=texte&du=2020-01-01&vue=tableau"
    assert filters.clear_query == "?vue=tableau"


def test_a_place_in_the_address_is_rounded(client: Client, filled: ParticipatoryMap) -> None:
    filters = client.get(at("home", filled) + "?pres=43.604567,1.444321").context["filters"]
    assert filters.around.place == "43.605,1.444"


def test_an_address_that_is_typed_becomes_a_place(client: Client, filled: ParticipatoryMap) -> None:
    response = client.get(at("home", filled) + "?adresse=La+Gare&rayon=1000&vue=liste")
    assert response.status_code == 302
    assert "pres=" in response.url
    assert "rayon=1000" in response.url
    assert "adresse=La+Gare" in response.url
    assert "vue=liste" in response.url
    unknown = client.get(at("home", filled) + "?adresse=Nullepart")
    assert unknown.status_code == 200
    assert "Nullepart" in unknown.context["place_problem"]
    assert unknown.context["found"].paginator.count == 4


@pytest.mark.parametrize(
    ("query", "expected"), [("?vue=liste&q=banc", 7), ("?vue=tableau", 7), ("", 12)]
)
def test_the_views_ask_the_same_number_of_queries(
    client: Client, query: str, expected: int
) -> None:
    for size in (1, 3):
        map = make_map()
        place = make_territory(kind="neighbourhood", parent=map.activity.process.perimeter)
        for _ in range(size):
            make_map_contribution(
                map, category=make_category(map), title="Un banc", territory=place, geometry=HERE
            )
        client.get(at("home", map) + query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at("home", map) + query).status_code == 200
        assert len(queries) == expected


def test_only_what_is_public_is_shown(client: Client) -> None:
    map = make_map()
    for visibility in Visibility.values:
        make_map_contribution(map, title=visibility, visibility=visibility)
    target = MapContribution.objects.get(contribution__title="published")
    make_map_contribution(map, title="joined")
    MapContribution.objects.filter(contribution__title="joined").update(merged_into=target)
    assert shown(client, at("home", map)) == ["published"]
    lines = body_of(client.get(at("csv", map))).decode().splitlines()
    assert len(lines) == 2
    assert len(json.loads(body_of(client.get(at("geojson", map))))["features"]) == 1


def test_others_are_kept_back_while_the_map_is_open(client: Client) -> None:
    map = make_map(shows_others=False)
    mine = make_user()
    make_map_contribution(map, title="La mienne", author=mine, geometry=HERE)
    other = make_map_contribution(map, title="Une autre", geometry=HERE)
    assert shown(client, at("home", map)) == []
    assert client.get(at("contribution", map, other.pk)).status_code == 404
    assert len(body_of(client.get(at("csv", map))).decode().splitlines()) == 1
    client.force_login(mine, backend=BACKEND)
    response = client.get(at("home", map))
    assert [row.contribution.title for row in response.context["found"]] == ["La mienne"]
    assert response["Cache-Control"] == "private, no-store"
    client.force_login(make_map_officer(), backend=BACKEND)
    assert len(shown(client, at("home", map))) == 2


def test_the_spreadsheet_runs_no_formula(client: Client) -> None:
    map = make_map()
    make_map_contribution(
        map,
        title="=HYPERLINK(1)",
        body="@somme",
        address="+33",
        geometry=LineString((1.44, 43.6), (1.45, 43.6), srid=4326),
    )
    response = client.get(at("csv", map))
    assert response.streaming
    rows = list(csv.reader(io.StringIO(body_of(response).decode("utf-8-sig")), delimiter=";"))
    assert [rows[1][1], rows[1][2], rows[1][5]] == ["'=HYPERLINK(1)", "'@somme", "'+33"]
    assert rows[1][9].startswith("LINESTRING")


def test_the_files_hold_the_filtered_set_in_its_order(
    client: Client, filled: ParticipatoryMap
) -> None:
    rows = body_of(client.get(at("csv", filled) + "?ordre=titre&statut=received")).decode(
        "utf-8-sig"
    )
    titles = [row[1] for row in csv.reader(io.StringIO(rows), delimiter=";")][1:]
    assert titles == ["Planter des tilleuls", "Une piste rue Haute"]
    features = json.loads(body_of(client.get(at("geojson", filled) + "?statut=done")))["features"]
    assert [(each["geometry"], each["properties"]["title"]) for each in features] == [
        (None, "Ombrager la cour")
    ]
    assert "author" not in features[0]["properties"]


def test_an_unpublished_map_is_for_the_staff(client: Client) -> None:
    map = make_map(process__published_at=None)
    for name in ("home", "about", "new", "csv", "geojson"):
        assert client.get(at(name, map)).status_code == 404
    client.force_login(make_map_officer(), backend=BACKEND)
    assert client.get(at("home", map)).status_code == 200


def test_a_fragment_is_answered_to_htmx(client: Client, filled: ParticipatoryMap) -> None:
    response = client.get(at("home", filled) + "?vue=liste", headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b"data-list" in response.content


def test_zones_are_a_layer_of_the_map(client: Client, filled: ParticipatoryMap) -> None:
    assert client.get(at("home", filled)).context["layers"] == []
    filled.zones.create(name="Les berges", geometry=filled.activity.process.perimeter.geometry)
    layer = client.get(at("home", filled)).context["layers"][0]
    features = json.loads(client.get(layer.url).content)["features"]
    assert [each["properties"]["title"] for each in features] == ["Les berges"]


def test_the_officers_layers_lie_under_the_map(
    client: Client, filled: ParticipatoryMap, settings: Any
) -> None:
    settings.MAP_ALLOW_THIRD_PARTIES = True
    paths = add_uploaded_layer(name="Pistes cyclables", credit="La ville", at=timezone.now())
    draft = add_uploaded_layer(
        name="En projet", credit="La ville", published=False, at=timezone.now()
    )
    aerial = add_external_layer(
        kind="raster",
        url="https://tuiles.example.org/{z}/{x}/{y}.png",
        name="Vue du ciel",
        credit="L’institut",
        at=timezone.now(),
    )
    roads = add_external_layer(
        kind="vector",
        url="https://vecteurs.example.org/{z}/{x}/{y}.pbf",
        name="Voirie",
        credit="Le département",
        licence="Licence Ouverte 2.0",
        tone=5,
        pattern="crossed",
        dashed=True,
        at=timezone.now(),
    )
    for position, layer in enumerate((aerial, draft, roads, paths)):
        filled.map_layers.create(layer=layer, position=position, shown_at_start=layer == paths)
    response = client.get(at("home", filled))
    told = [(each.label, each.kind, each.shown) for each in response.context["layers"]]
    assert told == [
        ("Vue du ciel", "raster", False),
        ("Voirie", "vector", False),
        ("Pistes cyclables", "geojson", True),
    ]
    vector = response.context["layers"][1]
    assert vector.attribution == "Le département – Licence Ouverte 2.0"
    assert (vector.tone, vector.pattern, vector.dashed, vector.max_zoom) == (5, "crossed", True, 14)
    policy = dict(
        rule.strip().split(" ", 1) for rule in response["Content-Security-Policy"].split(";")
    )
    assert "https://tuiles.example.org" in policy["img-src"]
    assert "https://vecteurs.example.org" in policy["connect-src"]
    assert "vecteurs.example.org" not in policy["img-src"]
    assert client.get(response.context["layers"][2].url).status_code == 200
    settings.MAP_ALLOW_THIRD_PARTIES = False
    response = client.get(at("home", filled))
    assert [each.label for each in response.context["layers"]] == ["Pistes cyclables"]
    assert "example.org" not in response["Content-Security-Policy"]


def test_photos_are_kept_back_with_their_contributions(client: Client) -> None:
    map = make_map(shows_others=False)
    mine = make_user()
    row = make_map_contribution(map, author=mine, geometry=HERE)
    file = add_attachment(contribution=row.contribution, upload=photo(), title="Ici", alt="Ici")
    url = reverse("core:attachment", args=[file.pk])
    assert client.get(url).status_code == 404
    client.force_login(mine, backend=BACKEND)
    response = client.get(url)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
