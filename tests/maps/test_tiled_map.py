"""The map of many things in a real browser: tiles in view only, buttons, cards, list, keyboard."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.utils.safestring import SafeString
from PIL import Image
from playwright.sync_api import Page, Route, expect

from maps import base_layers
from maps.base_layers import Tiles
from tests.e2e.conftest import (  # noqa: F401 -- fixtures
    Visitor,
    browser,
    screen,
    visit,
    visit_desktop,
)
from tests.maps.conftest import SIDE, SOUTH, WEST
from tests.maps.services import Service, send
from tests.maps.spots import Spot, area, line, point, tables

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.urls("tests.maps.urls"),
    pytest.mark.usefixtures("spots"),
]
PAGE = "/essai/tuiles/"
STATUS = "[data-map-status]"
KINDS = ("arbre", "velo", "danger")


@pytest.fixture
def spots(transactional_db: None, neighbourhoods: Any) -> Iterator[list[Spot]]:
    """Twelve points, a line and an area in the invented town."""
    with tables():
        made = [
            Spot(
                title=f"Lieu {place + 1}",
                category=KINDS[place % 3],
                tile_geometry=point(
                    WEST + SIDE * (0.3 + 0.35 * (place % 4)),
                    SOUTH + SIDE * (0.5 + 0.4 * (place // 4)),
                ),
            )
            for place in range(12)
        ]
        made += [
            Spot(
                title="La piste",
                category="velo",
                tile_geometry=line(
                    (WEST + SIDE * 0.2, SOUTH + SIDE * 0.2),
                    (WEST + SIDE * 1.0, SOUTH + SIDE * 0.25),
                    (WEST + SIDE * 1.8, SOUTH + SIDE * 0.2),
                ),
            ),
            Spot(
                title="Le parc",
                category="danger",
                tile_geometry=area(
                    WEST + SIDE * 1.45,
                    SOUTH + SIDE * 1.5,
                    WEST + SIDE * 1.8,
                    SOUTH + SIDE * 1.8,
                ),
            ),
        ]
        for each in made:
            each.save()
        yield made


def ready(page: Page) -> Page:
    expect(page.locator(".map.is-ready")).to_be_visible()
    return page


def watch_tiles(page: Page) -> list[tuple[int, int, int]]:
    """The tiles asked from now on."""
    asked: list[tuple[int, int, int]] = []

    def note(request: Any) -> None:
        if found := re.search(r"/essai/tuiles/(\d+)/(\d+)/(\d+)\.mvt", request.url):
            z, x, y = map(int, found.groups())
            asked.append((z, x, y))

    page.on("request", note)
    return asked


def settle(page: Page) -> None:
    """Until nothing more is asked."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def most_tiles(page: Page) -> int:
    """How many tiles of 512 pixels a frame of this size can meet."""
    box = page.locator(".map__canvas").bounding_box()
    assert box
    return (int(box["width"] // 512) + 2) * (int(box["height"] // 512) + 2)


def test_the_map_is_named_counted_and_asks_nothing_of_anyone(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(PAGE))
    expect(page.locator(STATUS)).to_have_text("14 lieux affichés")
    region = page.get_by_role("region", name="Carte des lieux")
    expect(region.get_by_role("button", name="Lieu 1, Plus d’arbres", exact=True)).to_be_visible()
    expect(region.get_by_role("button", name="La piste, Piste cyclable")).to_be_visible()
    legend = page.get_by_role("list", name="Légende")
    expect(legend.get_by_role("listitem")).to_have_count(3)
    expect(legend.locator("canvas")).to_have_count(6)
    expect(region.locator(".leaflet-control-attribution")).to_contain_text("Contours inventés")
    visit.check()  # again, now that the buttons are there
    assert visit.console_errors == []


def test_only_the_tiles_in_view_are_asked(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    asked = watch_tiles(visit.page)
    page = ready(visit.open(PAGE))
    settle(page)
    limit = most_tiles(page)
    assert 1 <= len(asked) <= limit
    assert len(set(asked)) == len(asked)
    for _press in range(2):
        asked.clear()
        page.get_by_role("button", name="Agrandir", exact=True).click()
        settle(page)
        assert 1 <= len(asked) <= limit
        assert len({z for z, _x, _y in asked}) == 1
    asked.clear()
    page.get_by_role("region", name="Carte des lieux").focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    assert len(asked) <= limit / 2  # only what the move uncovers


def test_a_tap_on_a_point_a_line_or_an_area_opens_its_card(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(PAGE))
    expect(page.locator(STATUS)).to_have_text("14 lieux affichés")
    canvas = page.locator(".map__canvas").bounding_box()
    assert canvas
    spot = page.get_by_role("button", name="Le parc, Danger").bounding_box()
    assert spot
    # Beside its button, still inside the area.
    page.mouse.click(spot["x"] + 16, spot["y"] + 38)
    card = page.locator(".map-card")
    expect(card.get_by_role("link", name="Le parc")).to_be_focused()
    visit.check()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Lieu 1, Plus d’arbres", exact=True).click()
    expect(card.get_by_role("link", name="Lieu 1", exact=True)).to_be_focused()
    expect(card).to_contain_text("Fiche du lieu")


def test_a_point_can_be_hit_without_its_button(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    """As where singles are too many to have buttons: the picture itself is pressed."""
    page = ready(visit_desktop.open(PAGE))
    button = page.get_by_role("button", name="Lieu 6, Danger", exact=True)
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box
    page.evaluate("document.querySelectorAll('.map-spot').forEach((each) => each.hidden = true)")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x + 4, y)
    page.mouse.move(x + 3, y)
    expect(page.locator(".map__canvas.is-over-single")).to_be_visible()
    expect(page.locator("#spots .is-on-map")).to_have_text("Lieu 6")
    page.mouse.click(x + 3, y)
    expect(page.locator(".map-card").get_by_role("link", name="Lieu 6")).to_be_focused()


def test_several_at_one_place_are_chosen_from(visit_desktop: Visitor, spots: Any):  # noqa: F811 -- a fixture is asked for by its name
    spots[1].tile_geometry = spots[0].tile_geometry
    spots[1].save()
    page = ready(visit_desktop.open(PAGE))
    button = page.get_by_role("button", name="Lieu 1, Plus d’arbres", exact=True)
    box = button.bounding_box()
    assert box
    page.evaluate("document.querySelectorAll('.map-spot').forEach((each) => each.hidden = true)")
    page.mouse.click(box["x"] + 16, box["y"] + 16)
    expect(page.locator(".map-card__choice li")).to_have_count(2)
    page.get_by_role("button", name="Lieu 2, Piste cyclable").last.click()
    expect(page.locator(".map-card").get_by_role("link", name="Lieu 2")).to_be_focused()


def test_the_keyboard_opens_a_card_and_comes_back(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(PAGE))
    expect(page.locator(".map-spot").first).to_be_attached()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Passer la carte")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Carte des lieux")).to_be_focused()
    page.keyboard.press("Tab")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert page.evaluate("document.activeElement.matches('.map-spot')"), name
    page.keyboard.press("Enter")
    link = page.locator(".map-card a")
    expect(link).to_be_focused()
    assert name.startswith(link.inner_text())
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name


def test_a_group_opens_and_keeps_the_focus_on_the_map(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(f"{PAGE}?tiles=/essai/tuiles/{{z}}/{{x}}/{{y}}.mvt%3Fmost=1"))
    groups = page.locator(".map-cluster")
    expect(groups.first).to_be_attached()
    expect(page.locator(STATUS)).to_have_text("14 lieux affichés")
    names = [each.get_attribute("aria-label") for each in groups.all()]
    assert all(re.fullmatch(r"\d+ lieux proches\s: agrandir", name or "") for name in names)
    visit.check()
    groups.first.focus()
    page.keyboard.press("Enter")
    settle(page)
    assert page.evaluate("document.activeElement.matches('.map-cluster, .map-spot, .map__canvas')")
    assert page.evaluate("document.activeElement.isConnected")


def test_the_list_and_the_map_point_at_each_other(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(PAGE))
    spot = page.get_by_role("button", name="Lieu 3, Danger", exact=True)
    expect(spot).to_be_attached()
    item = page.locator("#spots li", has_text="Lieu 3")
    item.get_by_role("link").focus()
    ring = page.locator(".map-ring")
    expect(ring).to_have_count(1)
    settle(page)  # the ring is drawn again with each tile that arrives
    one, other = ring.bounding_box(), spot.bounding_box()
    assert one
    assert other
    assert abs(one["x"] + one["width"] / 2 - other["x"] - other["width"] / 2) < 3
    spot.focus()
    expect(item).to_have_class(re.compile("is-on-map"))
    expect(ring).to_have_count(0)


def test_layers_are_checkboxes_and_a_lost_one_says_so(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(PAGE))
    group = page.get_by_role("group", name="Couches de la carte")
    shown = group.get_by_label("Parcs <publics>")
    assert page.locator(".map-references .map-reference").count() == 0
    shown.check()
    expect(page.locator(".map-references .map-reference").first).to_be_attached()
    credit = page.locator(".leaflet-control-attribution")
    expect(credit).to_contain_text("Ville & parcs")
    shown.uncheck()
    expect(page.locator(".map-references .map-reference")).to_have_count(0)
    expect(credit).not_to_contain_text("Ville & parcs")
    lost = group.get_by_label("Couche perdue")
    lost.click()
    expect(group.get_by_role("alert")).to_have_text("Cette couche n’a pas pu être chargée.")
    expect(lost).not_to_be_checked()


@pytest.mark.parametrize(("latitude", "near"), [(43.60, True), (48.85, False)])
def test_around_me(visit: Visitor, latitude: float, near: bool):  # noqa: F811 -- a fixture is asked for by its name
    visit.context.grant_permissions(["geolocation"])
    visit.context.set_geolocation({"latitude": latitude, "longitude": 1.42})
    page = ready(visit.open(PAGE))
    page.get_by_role("button", name="Autour de moi").click()
    if near:
        expect(page.locator(".map-here")).to_be_visible()
    else:
        expect(page.locator(STATUS)).to_have_text("Vous êtes en dehors de cette carte.")


def test_an_answer_outlives_the_count_of_tiles_that_come_late(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    visit.context.grant_permissions(["geolocation"])
    visit.context.set_geolocation({"latitude": 48.85, "longitude": 1.42})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visit.context.route(re.compile(r"/essai/tuiles/\d+/"), hold)
    page = ready(visit.open(PAGE))
    page.get_by_role("button", name="Autour de moi").click()
    away = "Vous êtes en dehors de cette carte."
    expect(page.locator(STATUS)).to_have_text(away)
    assert held
    for route in held:
        route.continue_()
    visit.context.unroute_all()
    expect(page.get_by_role("button", name="Lieu 3, Danger", exact=True)).to_be_attached()
    page.wait_for_timeout(600)  # the count is told a quarter of a second after the last tile
    expect(page.locator(STATUS)).to_have_text(away)
    page.get_by_role("button", name="Agrandir").click()
    expect(page.locator(STATUS)).to_contain_text(re.compile("affiché"))


def test_a_filter_of_the_page_changes_the_tiles(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(PAGE))
    expect(page.locator(STATUS)).to_have_text("14 lieux affichés")
    page.evaluate(
        "document.getElementById('spots-map').dataset.tilesUrl ="
        " '/essai/tuiles/{z}/{x}/{y}.mvt?categorie=arbre'"
    )
    expect(page.locator(STATUS)).to_have_text("4 lieux affichés")


def test_tiles_that_do_not_come_leave_the_list(visit: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit.open(f"{PAGE}?tiles=/essai/absent/{{z}}/{{x}}/{{y}}.mvt"))
    expect(page.locator(STATUS)).to_contain_text("La liste de cette page")
    expect(page.get_by_role("link", name="Lieu 1", exact=True)).to_be_visible()


def test_at_four_hundred_percent_everything_is_in_the_column(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    """1280 × 1024 at 400 %: a page of 320 × 256."""
    visit_desktop.page.set_viewport_size({"width": 320, "height": 256})
    page = ready(visit_desktop.open(PAGE))
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    for name in ("Agrandir", "Réduire", "Autour de moi"):
        button = page.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport()


def test_both_schemes_have_their_colours(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop.open(PAGE))
    read = (
        "(() => { const c = document.querySelector('[data-symbol=arbre] canvas');"
        " return [...c.getContext('2d').getImageData(c.width / 2, 6, 1, 1).data].join(); })()"
    )
    light = page.evaluate(read)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    dark = page.evaluate(read)
    assert light != dark
    visit_desktop.check()


def test_base_maps_come_through_the_site(
    visit_desktop: Visitor,  # noqa: F811 -- a fixture is asked for by its name
    base_map: Service,
    settings: Any,
    monkeypatch: Any,
):
    """No request to anyone else, and the credit of what is shown."""
    settings.MAP_EXTRA_LAYERS = ["aerial"]
    photo = Tiles(
        url=base_map.url + "/photo/{z}/{y}/{x}", attribution=SafeString("© Photo"), max_zoom=19
    )
    monkeypatch.setitem(base_layers.TILES, "aerial", photo)
    file = io.BytesIO()
    Image.new("RGB", (256, 256), "#a0c0a0").save(file, "PNG")
    base_map.answer = send(200, "image/png", file.getvalue())
    page = ready(visit_desktop.open(PAGE))
    images = page.locator(".leaflet-tile-pane img.leaflet-tile-loaded")
    expect(images.first).to_be_visible()
    assert "/cartes/fonds/ign/" in (images.first.get_attribute("src") or "")
    assert not any(path.startswith("/photo") for path in base_map.paths)
    page.get_by_role("group", name="Couches de la carte").get_by_label("Photos aériennes").check()
    expect(page.locator("img.leaflet-tile-loaded[src*='/aerial/']").first).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("© Photo")
    visit_desktop.check()
    assert visit_desktop.console_errors == []


@pytest.mark.slow
def test_twenty_thousand_points_are_drawn_and_moved_by_keyboard(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    """How long that keeps the page busy is measured by the bench of the maps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tests_maps_spot (title, category, email, tile_geometry)"
            " SELECT 'Lieu', (ARRAY['arbre', 'velo', 'danger'])[1 + n %% 3], '',"
            " ST_Transform(ST_SetSRID(ST_MakePoint(%s + random() * %s, %s + random() * %s), 4326),"
            " 3857) FROM generate_series(1, 20000) AS n",
            [WEST, 2 * SIDE, SOUTH, 2 * SIDE],
        )
        cursor.execute("ANALYZE tests_maps_spot")
    page = visit_desktop.page
    # No limit: every point is drawn.
    ready(visit_desktop.open(f"{PAGE}?tiles=/essai/tuiles/{{z}}/{{x}}/{{y}}.mvt%3Fmost=99999"))
    settle(page)
    assert _said_to_be_shown(page) > 20_000
    for name in ("Agrandir", "Réduire"):
        page.get_by_role("button", name=name, exact=True).click()
        settle(page)
        assert _said_to_be_shown(page) > 20_000
    page.get_by_role("region", name="Carte des lieux").focus()
    for key in ("ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        settle(page)
        assert _said_to_be_shown(page) > 0
    visit_desktop.check()


def _said_to_be_shown(page: Page) -> int:
    return int("".join(filter(str.isdigit, page.locator(STATUS).inner_text())))


def test_the_weight_of_the_tiles_module():
    import gzip

    path = finders.find("map-tiles.js")
    assert path, "map-tiles.js is missing: run npm run build"
    with open(path, "rb") as file:
        assert len(gzip.compress(file.read(), 9)) <= 15_000
