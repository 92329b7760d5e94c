"""The map and the location field in a real browser: keyboard, no script, no third party."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Visitor, browser, screen, visit  # noqa: F401 -- fixtures

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.urls("tests.maps.urls"),
    pytest.mark.usefixtures("neighbourhoods"),
]
MAP = "/essai/carte/"
FORM = "/essai/lieu/"
COMPRESSED_LIMIT = 61_000


def ready(page: Page) -> Page:
    expect(page.locator(".map.is-ready, .location.is-ready")).to_be_visible()
    return page


@pytest.fixture
def without_script(
    browser: Any,  # noqa: F811 -- the fixture imported above
    live_server: Any,
    neighbourhoods: Any,
) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def test_the_map_says_what_it_shows_and_asks_nothing_of_anyone(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(MAP))
    expect(page.locator("[data-map-status]")).to_have_text("23 idées affichées")
    region = page.get_by_role("region", name="Carte des idées")
    expect(region).to_be_visible()
    for name in ("Agrandir", "Réduire", "Voir tout le territoire"):
        expect(region.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(region.locator(".leaflet-control-attribution")).to_contain_text("Contours inventés")
    visit.check()  # again, now that the markers are there: axe, and no foreign request
    assert visit.console_errors == []


def test_zooming_keeps_the_markers_and_counts_what_is_in_the_frame(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(MAP))
    zoom_in = page.get_by_role("button", name="Agrandir", exact=True)
    for _press in range(3):
        zoom_in.click()
    expect(page.locator("[data-map-status]")).to_contain_text("sur 23")
    page.get_by_role("button", name="Voir tout le territoire").click()
    expect(page.locator("[data-map-status]")).to_have_text("23 idées affichées")


def test_keyboard_opens_a_card_and_comes_back(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(MAP))
    expect(page.locator(".map-pin").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Passer la carte")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Carte des idées")).to_be_focused()
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.map-pin')"):
            break
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name.startswith("Idée numéro ")
    page.keyboard.press("Enter")
    link = page.locator(".map-card a")
    expect(link).to_be_focused()
    assert name.startswith(link.inner_text())
    visit.check()
    page.keyboard.press("Escape")
    expect(page.locator(".map-card")).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name


def test_skipping_the_map(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(MAP))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Idée numéro 1", exact=True)).to_be_focused()


def test_a_cluster_opens_without_losing_the_focus(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(MAP))
    cluster = page.get_by_role("button", name="3 lieux proches\u00a0: agrandir")
    cluster.focus()
    page.keyboard.press("Enter")
    # These three are at one place: they are listed.
    expect(page.locator(".map-card__item")).to_have_count(3)
    expect(page.locator(".map-card a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(cluster).to_be_focused()


def test_the_list_and_the_map_point_at_each_other(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(MAP))
    pin = page.locator(".map-pin").first
    number = pin.get_attribute("data-feature-id")
    item = page.locator(f"#ideas [data-feature-id='{number}']")
    item.locator("a").focus()
    assert "is-active" in (pin.get_attribute("class") or "")
    pin.focus()
    assert "is-on-map" in (item.get_attribute("class") or "")
    assert "is-active" not in (pin.get_attribute("class") or "")


def test_the_wheel_scrolls_the_page(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(MAP))
    page.locator(".map__canvas").hover()
    before = page.locator(".leaflet-control-scale-line").inner_text()
    page.mouse.wheel(0, 300)
    # Asked from outside: the page's own content policy forbids to evaluate a text that waits.
    for _attempt in range(50):
        if page.evaluate("window.scrollY > 0"):
            break
        page.wait_for_timeout(100)
    assert page.evaluate("window.scrollY > 0")
    assert page.locator(".leaflet-control-scale-line").inner_text() == before
    expect(page.locator(".map-hint")).to_have_text("Ctrl + molette pour agrandir ou réduire")


def test_features_that_do_not_come_leave_the_list(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = visit.open(f"{MAP}?features=/essai/absent.geojson")
    expect(page.get_by_text("La carte n’a pas pu s’afficher.")).to_be_visible()
    expect(page.get_by_role("link", name="Idée numéro 1", exact=True)).to_be_visible()
    visit.check()


def test_without_script_the_list_is_announced(without_script: Page, live_server: Any):
    page = without_script
    page.goto(live_server.url + MAP)
    instead = page.locator("noscript .map__instead")  # text engines skip <noscript>
    expect(instead).to_be_visible()
    expect(instead).to_contain_text("La carte demande JavaScript. La liste de cette page")
    expect(page.get_by_role("link", name="Idée numéro 23")).to_be_visible()


def test_a_point_placed_with_the_keyboard(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(FORM))
    region = page.get_by_role("region", name="Carte pour choisir un lieu")
    region.focus()
    for key in ("ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator("[data-map-status]")).to_contain_text("Les Minimes")
    expect(page.get_by_label("Quartier")).to_have_value(
        page.get_by_role("option", name="Les Minimes").get_attribute("value") or "?"
    )
    visit.check()
    page.get_by_role("button", name="Envoyer").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#received")).to_have_text("Les Minimes |  | point")


def test_a_click_places_and_a_button_removes(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(FORM))
    box = page.locator(".map__canvas").bounding_box()
    assert box
    page.locator(".map__canvas").click(position={"x": box["width"] / 2 - 20, "y": 120})
    expect(page.locator("[data-part=lat]")).not_to_have_value("")
    page.get_by_role("button", name="Retirer le point").click()
    expect(page.locator("[data-part=lat]")).to_have_value("")
    expect(page.locator("[data-map-status]")).to_have_text("Point retiré.")


def test_a_point_outside_is_refused_in_words(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(FORM))
    page.locator(".map__canvas").click(position={"x": 3, "y": 60})
    expect(page.locator("[data-map-status]")).to_have_text("Ce point est en dehors de Villebelle.")
    expect(page.locator("[data-part=lat]")).to_have_value("")


def test_a_place_by_its_name(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(FORM))
    page.get_by_label("Adresse ou nom du lieu").fill("cyprien")
    page.locator("[data-act=search]").click()
    page.get_by_role("button", name="Saint-Cyprien").click()
    expect(page.locator("[data-map-status]")).to_contain_text("Saint-Cyprien")
    page.get_by_role("button", name="Placer le point ici").click()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#received")).to_have_text("Saint-Cyprien | cyprien | point")


def test_an_answer_that_comes_late_leaves_the_newer_one(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visit.context.route(re.compile("q=minimes"), hold)
    page = ready(visit.open(FORM))
    address, search = page.get_by_label("Adresse ou nom du lieu"), page.locator("[data-act=search]")
    address.fill("minimes")
    with page.expect_request(re.compile("q=minimes")):
        search.click()
    address.fill("cyprien")
    search.click()
    found = page.get_by_role("button", name="Saint-Cyprien")
    expect(found).to_be_visible()
    with page.expect_response(re.compile("q=minimes")) as late:
        held[0].continue_()
    assert "Les Minimes" in late.value.text()
    page.wait_for_timeout(300)
    expect(found).to_be_visible()
    expect(page.get_by_role("button", name="Les Minimes")).to_have_count(0)


@pytest.mark.parametrize(
    ("latitude", "said"), [(43.60, "Point placé"), (48.85, "en dehors de Villebelle")]
)
def test_my_position(visit: Visitor, latitude: float, said: str):  # noqa: F811 -- a fixture is asked for by its name
    visit.context.grant_permissions(["geolocation"])
    visit.context.set_geolocation({"latitude": latitude, "longitude": 1.42})
    page = ready(visit.open(FORM))
    page.get_by_role("button", name="Ma position").click()
    expect(page.locator("[data-map-status]")).to_contain_text(said)


def test_a_place_without_script(without_script: Page, live_server: Any):
    page = without_script
    page.goto(live_server.url + FORM)
    expect(page.locator(".map__canvas")).to_be_hidden()
    page.get_by_label("Adresse ou nom du lieu").fill("Sous le grand chêne")
    page.get_by_label("Quartier").select_option(label="La Roseraie")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#received")).to_have_text("La Roseraie | Sous le grand chêne | sans point")
    page.goto(f"{live_server.url}{FORM}?sent=1&place_lat=12&place_lon=34&place_address=Ici")
    expect(page.locator("#errors, .field-invalid")).to_contain_text("en dehors de Villebelle")
    expect(page.get_by_label("Latitude")).to_have_value("12")
    expect(page.get_by_label("Adresse ou nom du lieu")).to_have_value("Ici")


def test_the_weight_of_a_map():
    """Scripts and styles of a page with a map, compressed, Leaflet included."""
    sizes = {}
    for name in ("leaflet/leaflet.js", "leaflet/leaflet.css", "map.js", "map.css"):
        path = finders.find(name)
        assert path, f"{name} is missing: run npm run build"
        with open(path, "rb") as file:
            sizes[name] = len(gzip.compress(file.read(), 9))
    assert sum(sizes.values()) <= COMPRESSED_LIMIT, sizes
