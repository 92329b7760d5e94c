"""A map in a frame of another site: framed there alone, the same for everybody, kept by caches."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participation.core.choices import Visibility
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import make_category, make_map, make_map_contribution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
HERE = Point(1.444, 43.604, srid=4326)
QUERIES = 11


def embed(map) -> str:
    return reverse("mapping:embed", args=[map.activity.slug])


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def titles(response) -> list[str]:
    return [node.get_text(strip=True) for node in soup(response).select(".m-row h3")]


@pytest.fixture
def map():
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    return make_map(process__perimeter=town, activity__title="Bancs & « ombre »")


def test_it_may_be_framed_and_nothing_else_may(client: Client, map, settings):
    row = make_map_contribution(map, geometry=HERE)
    response = client.get(embed(map))
    assert response.status_code == 200
    assert "X-Frame-Options" not in response
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *;" in f"{policy};"
    assert "unsafe" not in policy
    slug = map.activity.slug
    for name in ("home", "about", "alerts", "new"):
        other = client.get(reverse(f"mapping:{name}", args=[slug]))
        assert other["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    for other in (
        client.get("/"),
        client.get(reverse("mapping:contribution", args=[slug, row.pk])),
    ):
        assert other["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_the_site_says_who_may_frame_it(client: Client, map, settings):
    settings.EMBED_ANCESTORS = ["https://ville.example", "https://agglo.example"]
    policy = client.get(embed(map))["Content-Security-Policy"]
    assert "frame-ancestors https://ville.example https://agglo.example" in policy


def test_no_cookie_no_session_and_any_cache_keeps_it(client: Client, map):
    make_map_contribution(map, geometry=HERE)
    user = make_user(is_staff=True)
    client.force_login(user, backend=BACKEND)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(embed(map))
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()
    assert "public" in response["Cache-Control"]
    assert "max-age=300" in response["Cache-Control"]
    assert response["Surrogate-Key"] == f"map-{map.pk}"
    assert not [each for each in queries.captured_queries if "django_session" in each["sql"]]
    assert "csrf" not in response.content.decode().lower()


def test_it_shows_what_is_public_and_asked_for(client: Client, map):
    bikes, shade = make_category(map, "Vélo"), make_category(map, "Ombre")
    make_map_contribution(map, category=bikes, geometry=HERE, title="Une piste")
    make_map_contribution(map, category=shade, geometry=HERE, title="Un tilleul", state="planned")
    make_map_contribution(map, category=shade, title="En attente", visibility=Visibility.PENDING)
    assert set(titles(client.get(embed(map)))) == {"Une piste", "Un tilleul"}
    response = client.get(f"{embed(map)}?categorie={shade.pk}&statut=planned")
    assert titles(response) == ["Un tilleul"]
    page = soup(response)
    query = f"?categorie={shade.pk}&statut=planned"
    assert page.select_one("h1 a")["href"] == (
        reverse("mapping:home", args=[map.activity.slug]) + query
    )
    tiles = page.select_one("[data-tiled-map]")["data-tiles-url"]
    assert tiles.endswith(f"/{{z}}/{{x}}/{{y}}.mvt{query}")
    assert page.select_one("base")["target"] == "_top"


def test_nothing_comes_from_a_third_party(client: Client, map):
    make_map_contribution(map, geometry=HERE)
    page = soup(client.get(embed(map)))
    sources = [node["src"] for node in page.select("[src]")]
    sources += [node["href"] for node in page.select("link[href]")]
    assert sources
    assert all(address.startswith("/") and not address.startswith("//") for address in sources)
    assert not page.select("form, script:not([src]):not([type='application/json'])")


def test_what_is_kept_back_stays_so_even_for_staff(client: Client, map):
    map.shows_others = False
    map.save()
    make_map_contribution(map, geometry=HERE, title="Une piste")
    client.force_login(make_user(is_staff=True), backend=BACKEND)
    response = client.get(embed(map))
    assert titles(response) == []
    assert b"Une piste" not in response.content
    assert not soup(response).select("[data-tiled-map]")


def test_a_map_that_is_not_published_has_none(client: Client):
    map = make_map(process__published=False)
    client.force_login(make_user(is_staff=True), backend=BACKEND)
    assert client.get(embed(map)).status_code == 404


def test_a_constant_number_of_queries(client: Client, map, django_assert_num_queries):
    category = make_category(map)
    make_map_contribution(map, category=category, geometry=HERE)
    client.get(embed(map))
    with django_assert_num_queries(QUERIES):
        client.get(embed(map))
    for _number in range(2):
        make_map_contribution(map, category=category, geometry=HERE)
    with django_assert_num_queries(QUERIES):
        client.get(embed(map))


def test_long_lists_have_pages_inside_the_frame(client: Client, map):
    category = make_category(map)
    for number in range(21):
        make_map_contribution(map, category=category, title=f"Contribution {number:02}")
    link = soup(client.get(embed(map))).select_one("a[rel=next]")
    assert (link["target"], link["href"]) == ("_self", "?page=2")
    assert titles(client.get(embed(map) + link["href"])) == ["Contribution 00"]


def test_the_about_page_gives_the_code(client: Client, map, settings):
    settings.SITE_URL = "https://participer.example"
    page = soup(client.get(reverse("mapping:about", args=[map.activity.slug])))
    code = page.select_one("#code-integrer").get_text()
    frame = BeautifulSoup(code, "html.parser").select_one("iframe")
    assert frame["src"] == f"https://participer.example{embed(map)}"
    title = frame["title"].replace("\N{NO-BREAK SPACE}", " ")
    assert title == "Carte participative : Bancs & « ombre »"
    assert re.search(r'title="[^"]+"', code)
