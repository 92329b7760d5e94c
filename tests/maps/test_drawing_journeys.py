"""Drawing in a real browser: by mouse, by touch, by keyboard alone, and without JavaScript."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import (  # noqa: F401 -- fixtures
    SCREENS,
    Visitor,
    browser,
    visit_desktop,
    visit_phone,
    visit_without_javascript,
)

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.urls("tests.maps.drawing_urls"),
    pytest.mark.usefixtures("neighbourhoods"),
]
FORM = "/essai/dessin/"
COMPRESSED_LIMIT = 75_000


@pytest.fixture
def visit_touch(
    browser: Any,  # noqa: F811 -- the fixture imported above
    live_server: Any,
) -> Iterator[Visitor]:
    """A phone that is touched: no mouse, coarse pointer."""
    context = browser.new_context(
        viewport=SCREENS["phone"],
        locale="fr-FR",
        reduced_motion="reduce",
        has_touch=True,
        is_mobile=True,
    )
    yield Visitor(context, live_server.url)
    context.close()


def ready(visitor: Visitor, path: str = FORM) -> Page:
    page = visitor.open(path)
    expect(page.locator(".drawing.is-ready")).to_be_visible()
    return page


def choose(page: Page, kind: str) -> None:
    page.get_by_role("radio", name=kind, exact=True).check()


def points(page: Page) -> list[str]:
    """The lines that will be posted."""
    return page.locator("[data-part=vertices]").input_value().splitlines()


def status(page: Page) -> Locator:
    return page.locator("[data-map-status]")


def corner(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place on the map, as shares of its width and height, in the window."""
    box = page.locator(".drawing .map__canvas").bounding_box()
    assert box
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def press(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.mouse.click(*corner(page, *place))
        page.wait_for_timeout(400)  # two fast presses would be a double press


def tap(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.touchscreen.tap(*corner(page, *place))
        page.wait_for_timeout(400)


def drag(page: Page, *path: tuple[float, float]) -> None:
    page.mouse.move(*corner(page, *path[0]))
    page.mouse.down()
    for place in path[1:]:
        page.mouse.move(*corner(page, *place), steps=6)
    page.mouse.up()


def send(visitor: Visitor) -> Locator:
    visitor.press(visitor.page.get_by_role("button", name="Envoyer"))
    return visitor.page.locator("#received")


def act(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


# ── Mouse ───────────────────────────────────────────────────────────────────────────────────────


def test_a_point_by_mouse(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    press(page, (0.4, 0.6), (0.45, 0.6))
    expect(status(page)).to_contain_text("Point placé dans")
    assert len(points(page)) == 1, "another press moves the point"
    expect(page.locator(".drawing__tool[data-act=trace]")).to_be_hidden()
    visit_desktop.check()
    expect(send(visit_desktop)).to_contain_text("point | 1 |  | Les Minimes |")


def test_a_line_by_mouse_then_moved_cut_and_undone(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Ligne")
    press(page, (0.35, 0.6), (0.45, 0.6), (0.45, 0.5))
    expect(status(page)).to_contain_text("Point 3 ajouté. Ligne de 3 points,")
    before = points(page)
    drag(page, (0.45, 0.5), (0.5, 0.45))
    expect(status(page)).to_contain_text("Point 3 déplacé.")
    assert points(page)[:2] == before[:2]
    assert points(page)[2] != before[2]
    drag(page, (0.4, 0.6), (0.4, 0.65))  # the middle of the first side
    expect(status(page)).to_contain_text("Point 2 ajouté. Ligne de 4 points")
    act(page, "Annuler").click()
    act(page, "Annuler").click()
    assert points(page) == before
    act(page, "Rétablir").click()
    assert points(page)[2] != before[2]
    act(page, "Annuler").click()
    page.mouse.dblclick(*corner(page, 0.5, 0.4))
    expect(status(page)).to_contain_text("Dessin terminé. Ligne de 4 points")
    press(page, (0.3, 0.4))
    expect(status(page)).to_contain_text("Le dessin est terminé")
    assert len(points(page)) == 4
    page.mouse.click(*corner(page, 0.45, 0.6))
    expect(status(page)).to_have_text("Point 2 choisi.")
    page.locator(".map__canvas").focus()
    page.keyboard.press("Delete")
    expect(status(page)).to_contain_text("Point 2 supprimé. Ligne de 3 points")
    visit_desktop.check()
    live = page.locator("[data-measure]").inner_text().split(", ", 1)[1]
    received = send(visit_desktop)
    expect(received).to_contain_text("line | 3 |")
    # What the browser said is what the server measures, in the projected system.
    expect(received).to_contain_text(live)


def test_an_area_by_mouse_is_closed_by_its_first_point(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Surface")
    act(page, "Fermer la surface").click()
    expect(status(page)).to_have_text("Une surface demande au moins trois points différents.")
    corners = (0.35, 0.65), (0.45, 0.65), (0.45, 0.55), (0.35, 0.55)
    press(page, *corners)
    page.mouse.click(*corner(page, *corners[0]))
    expect(status(page)).to_contain_text("Dessin terminé. Surface de 4 points")
    live = page.locator("[data-measure]").inner_text().split(", ", 1)[1]
    visit_desktop.check()
    received = send(visit_desktop)
    expect(received).to_contain_text("area | 5 |")
    expect(received).to_contain_text(live.split(" (")[0])
    # What was sent is drawn again, finished.
    expect(page.locator(".drawing.is-ready")).to_be_visible()
    expect(page.locator(".drawing-shape--area:not(.is-open)")).to_have_count(1)


def test_an_outline_that_crosses_itself_is_told_at_once_and_refused(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Surface")
    press(page, (0.35, 0.65), (0.45, 0.55), (0.45, 0.65), (0.35, 0.55))
    expect(status(page)).to_contain_text("Attention : le contour se croise.")
    drawn = points(page)
    visit_desktop.press(page.get_by_role("button", name="Envoyer"))
    expect(page.locator(".field-invalid .error")).to_contain_text(
        "le côté du point 1 au point 2 et le côté du point 3 au point 4"
    )
    assert points(page) == drawn
    visit_desktop.check()


def test_a_press_outside_is_refused_in_words(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Ligne")
    press(page, (0.5, 0.5), (0.02, 0.5))
    expect(status(page)).to_have_text("Ce point est en dehors de Villebelle.")
    assert len(points(page)) == 1


def test_a_freehand_trace_is_simplified(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Ligne")
    act(page, "Tracer à main levée").click()
    expect(act(page, "Tracer à main levée")).to_have_attribute("aria-pressed", "true")
    drag(page, (0.35, 0.6), (0.4, 0.601), (0.45, 0.6), (0.45, 0.5))
    expect(status(page)).to_contain_text("Tracé ajouté. Ligne de 3 points")
    expect(act(page, "Tracer à main levée")).to_have_attribute("aria-pressed", "false")
    expect(send(visit_desktop)).to_contain_text("line | 3 |")


def test_the_whole_is_moved(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Ligne")
    press(page, (0.4, 0.6), (0.45, 0.6))
    before = points(page)
    act(page, "Déplacer l’ensemble").click()
    drag(page, (0.5, 0.4), (0.55, 0.35))
    expect(status(page)).to_contain_text("Tout le dessin est déplacé.")
    after = points(page)
    assert len(after) == 2
    assert after[0] != before[0]
    assert after[1] != before[1]
    page.locator(".map__canvas").focus()
    page.keyboard.press("Shift+ArrowUp")
    assert points(page) != after
    page.keyboard.press("Escape")
    expect(status(page)).to_have_text("C’est de nouveau la carte qui se déplace.")
    drag(page, (0.5, 0.3), (0.55, 0.3))
    page.keyboard.press("Control+z")
    assert points(page) == after


def test_the_category_says_what_may_be_drawn(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Ligne")
    press(page, (0.4, 0.6), (0.45, 0.6))
    page.get_by_label("Catégorie").select_option("bench")
    expect(page.get_by_role("radio", name="Ligne")).to_be_hidden()
    expect(page.get_by_role("radio", name="Point")).to_be_checked()
    expect(status(page)).to_contain_text("Vous dessinez maintenant : Point.")
    assert len(points(page)) == 1
    page.get_by_label("Catégorie").select_option("path")
    expect(page.get_by_role("radio", name="Ligne")).to_be_checked()
    expect(page.get_by_role("radio", name="Point")).to_be_hidden()


# ── Keyboard ────────────────────────────────────────────────────────────────────────────────────


def test_a_line_by_keyboard_alone(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    """Tab, arrows, Enter and letters: nothing is pressed with a pointer from here to the end."""
    page = ready(visit_desktop)
    keys = page.keyboard
    keys.press("Tab")  # category
    keys.press("Tab")  # kind
    keys.press("ArrowRight")
    expect(page.get_by_role("radio", name="Ligne")).to_be_focused()
    tab_to(page, ".map__canvas")
    keys.press("Enter")
    expect(status(page)).to_contain_text("Point 1 ajouté.")
    keys.press("Enter")
    expect(status(page)).to_have_text("Ce point y est déjà\u00a0: déplacez d’abord la carte.")
    keys.press("ArrowLeft")
    moved = page.locator(".drawing-point")
    start = moved.bounding_box()
    for _wait in range(50):  # the map glides
        page.wait_for_timeout(100)
        if moved.bounding_box() != start:
            break
    page.wait_for_timeout(1_000)
    keys.press("Enter")
    expect(status(page)).to_contain_text("Point 2 ajouté. Ligne de 2 points,")
    tab_to(page, "[data-act=finish]")
    keys.press("Enter")
    expect(status(page)).to_contain_text("Dessin terminé.")
    tab_to(page, "[data-row=text]")
    expect(page.get_by_role("textbox", name="Point 1", exact=True)).to_be_focused()
    keys.press("Control+a")
    keys.type("43,61 1,43")
    keys.press("Tab")
    expect(status(page)).to_contain_text("Point 1 déplacé.")
    assert points(page)[0] == "43,61 1,43"
    tab_to(page, "[data-row=after]")
    keys.press("Enter")
    expect(status(page)).to_contain_text("Point 2 ajouté. Ligne de 3 points")
    expect(page.get_by_role("textbox", name="Point 2", exact=True)).to_be_focused()
    keys.press("Control+a")
    keys.type("roseraie")
    keys.press("Enter")
    expect(status(page)).to_contain_text("Point 2 déplacé.")
    assert points(page)[1] == "43.640000, 1.420000"
    tab_to(page, "li.is-selected [data-row=up]")
    keys.press("Enter")
    expect(page.locator("li:nth-child(1) [data-row=up]")).to_be_focused()
    assert points(page)[:2] == ["43.640000, 1.420000", "43,61 1,43"]
    expect(act(page, "Monter le point 1 dans la liste")).to_have_attribute("aria-disabled", "true")
    keys.press("Shift+Tab")
    while not focused(page, "[data-row=remove]"):
        keys.press("Shift+Tab")
    keys.press("Enter")
    expect(status(page)).to_contain_text("Point 1 supprimé. Ligne de 2 points")
    keys.press("Control+z")
    expect(status(page)).to_contain_text("Annulé. Ligne de 3 points")
    tab_to(page, "[data-new]")
    keys.type("43.6, 1.45")
    keys.press("Enter")
    expect(status(page)).to_contain_text("Le dessin est terminé")
    visit_desktop.check()
    tab_to(page, "#send")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("#received")).to_contain_text("line | 3 |")


def focused(page: Page, selector: str) -> bool:
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something is reached, as somebody without a mouse does."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if focused(page, selector):
            return
    raise AssertionError(f"{selector} is not reached with Tab")


def test_an_address_for_a_new_point_and_several_candidates(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Surface")
    fresh = page.get_by_role("textbox", name="Ajouter un point")
    fresh.fill("les minimes")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Point 1 ajouté.")
    expect(fresh).to_have_value("")
    fresh.fill("le")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("lieux répondent à")
    page.locator("[data-candidates]").get_by_role("button", name="Villebelle").click()
    expect(status(page)).to_contain_text("Point 2 ajouté.")
    fresh.fill("Atlantide")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Rien n’a été trouvé.")
    expect(fresh).to_have_value("Atlantide")


def test_what_is_written_as_text_is_drawn(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_desktop)
    choose(page, "Surface")
    page.get_by_text("Points en texte").click()
    text = page.get_by_label("Un point par ligne")
    text.fill("43.60, 1.42\n43° 36′ N, 1° 27′ E\nici ou là\n43.62 1.45")
    text.blur()
    expect(page.locator(".drawing-point")).to_have_count(3)
    expect(page.locator(".drawing__point.is-unplaced")).to_have_count(1)
    visit_desktop.check()
    visit_desktop.press(page.get_by_role("button", name="Envoyer"))
    expect(page.locator(".field-invalid .error")).to_contain_text("Point 3 : « ici ou là »")
    assert points(page)[2] == "ici ou là"


# ── Phone ───────────────────────────────────────────────────────────────────────────────────────


def opened(visitor: Visitor, kind: str) -> Page:
    page = ready(visitor)
    choose(page, kind)
    act(page, "Dessiner sur la carte").click()
    expect(page.get_by_role("dialog", name="Dessiner sur la carte")).to_be_visible()
    page.wait_for_timeout(300)
    return page


def test_an_area_by_touch_in_full_screen(visit_touch: Visitor):
    page = opened(visit_touch, "Surface")
    box = page.locator("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    tap(page, (0.35, 0.5), (0.65, 0.5), (0.65, 0.35))
    expect(status(page)).to_contain_text("Point 3 ajouté. Surface de 3 points")
    visit_touch.check()
    for tool in page.locator("dialog :is(button, input, select, a)").all():
        size = tool.bounding_box() if tool.is_visible() else None
        name = tool.get_attribute("class") or ""
        if size and "skip" not in name and "leaflet" not in name:
            assert size["height"] >= 44, (name, size)
    act(page, "Fermer la surface").tap()
    expect(status(page)).to_contain_text("Dessin terminé.")
    act(page, "Terminé").tap()
    expect(page.locator("dialog")).to_be_hidden()
    expect(act(page, "Modifier le dessin")).to_be_focused()
    expect(page.locator("[data-summary]")).to_contain_text("Surface de 3 points")
    visit_touch.check()
    expect(send(visit_touch)).to_contain_text("area | 4 |")


def swipe(page: Page, *path: tuple[float, float]) -> None:
    """One finger: put down, drawn along the path, lifted."""
    session = page.context.new_cdp_session(page)
    for name, places in (
        ("touchStart", path[:1]),
        *(("touchMove", [place]) for place in path[1:]),
        ("touchEnd", []),
    ):
        touches = [dict(zip("xy", corner(page, *place), strict=True)) for place in places]
        session.send("Input.dispatchTouchEvent", {"type": name, "touchPoints": touches})
        page.wait_for_timeout(30)


def test_one_finger_moves_the_map_and_traces_a_line(visit_touch: Visitor):
    page = opened(visit_touch, "Ligne")
    tap(page, (0.5, 0.4))
    at = page.locator(".drawing-point").bounding_box()
    swipe(page, (0.5, 0.5), (0.55, 0.45), (0.6, 0.4), (0.6, 0.4))
    moved = page.locator(".drawing-point").bounding_box()
    assert at
    assert moved
    assert moved["x"] - at["x"] > 20, "the finger moved the map"
    assert len(points(page)) == 1
    act(page, "Points et autres outils").tap()
    act(page, "Tracer à main levée").tap()
    act(page, "Seulement la carte").tap()
    swipe(page, *[(0.4 + 0.02 * step, 0.35 + 0.01 * step * step / 10) for step in range(12)])
    expect(status(page)).to_contain_text("Tracé ajouté. Ligne de")
    assert 3 <= len(points(page)) <= 8
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    assert send(visit_touch).inner_text().startswith("line | ")


def test_the_full_screen_keeps_the_focus_and_escape_returns(visit_phone: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    page = ready(visit_phone)
    choose(page, "Point")
    opener = act(page, "Dessiner sur la carte")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".map__canvas")).to_be_focused()
    expect(status(page)).to_contain_text("Carte en plein écran.")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Point placé")
    for _press in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('dialog'))")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('dialog'))")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(act(page, "Modifier le dessin")).to_be_focused()
    expect(send(visit_phone)).to_contain_text("point | 1 |")


def test_a_search_in_the_sheet(visit_touch: Visitor):
    page = opened(visit_touch, "Point")
    act(page, "Points et autres outils").tap()
    page.get_by_label("Adresse ou nom du lieu").fill("cyprien")
    act(page, "Rechercher").tap()
    page.locator("[data-results]").get_by_role("button", name="Saint-Cyprien").tap()
    expect(status(page)).to_contain_text("Carte centrée sur")
    act(page, "Ajouter un point au centre").tap()
    expect(status(page)).to_contain_text("Saint-Cyprien")
    visit_touch.check()
    act(page, "Terminé").tap()
    expect(send(visit_touch)).to_contain_text("point | 1 |  | Saint-Cyprien | cyprien")


def test_a_phone_lying_on_its_side(visit_touch: Visitor):
    page = opened(visit_touch, "Ligne")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(300)
    canvas = page.locator(".map__canvas").bounding_box()
    sheet = page.locator("[data-sheet]").bounding_box()
    assert canvas
    assert sheet
    assert canvas["height"] == 390
    assert sheet["x"] >= canvas["x"] + canvas["width"] - 1, "the sheet is beside the map"
    tap(page, (0.4, 0.5), (0.6, 0.5))
    expect(status(page)).to_contain_text("Ligne de 2 points")
    visit_touch.check()
    act(page, "Terminé").scroll_into_view_if_needed()
    act(page, "Terminé").tap()
    expect(send(visit_touch)).to_contain_text("line | 2 |")


@pytest.mark.parametrize(
    ("latitude", "said"), [(43.60, "Point placé"), (48.85, "en dehors de Villebelle")]
)
def test_my_position_when_asked(visit_desktop: Visitor, latitude: float, said: str):  # noqa: F811 -- a fixture is asked for by its name
    visit_desktop.context.grant_permissions(["geolocation"])
    visit_desktop.context.set_geolocation({"latitude": latitude, "longitude": 1.42})
    page = ready(visit_desktop)
    act(page, "Ma position").click()
    expect(status(page)).to_contain_text(said)


# ── Without JavaScript, without a map ───────────────────────────────────────────────────────────


def test_an_area_without_script(visit_without_javascript: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    visitor = visit_without_javascript
    visitor.page.goto(visitor.base_url + FORM)
    page = visitor.page
    expect(page.locator(".drawing__stage")).to_be_hidden()
    choose(page, "Surface")
    page.get_by_label("Un point par ligne").fill("43,60 1,42\n43,60 1,45\nAtlantide\n43,62 1,45")
    page.get_by_label("Adresse ou nom du lieu").fill("Le grand pré")
    visitor.press(page.get_by_role("button", name="Envoyer"))
    expect(page.locator(".field-invalid .error")).to_contain_text("Point 3 : « Atlantide »")
    expect(page.get_by_role("radio", name="Surface")).to_be_checked()
    expect(page.get_by_label("Adresse ou nom du lieu")).to_have_value("Le grand pré")
    text = page.get_by_label("Un point par ligne")
    text.fill(text.input_value().replace("Atlantide", "L’Été"))
    visitor.press(page.get_by_role("button", name="Envoyer"))
    expect(page.locator("#received")).to_contain_text("area | 5 |")
    expect(page.locator("#received")).to_contain_text("| Le grand pré")
    expect(page.get_by_label("Un point par ligne")).to_be_visible()


def test_a_map_that_does_not_come_leaves_the_text(visit_desktop: Visitor):  # noqa: F811 -- a fixture is asked for by its name
    visit_desktop.page.route("**/leaflet.js", lambda route: route.abort())
    page = visit_desktop.page
    page.goto(visit_desktop.base_url + FORM)
    expect(page.get_by_text("La carte n’a pas pu s’afficher.")).to_be_visible()
    expect(page.get_by_label("Un point par ligne")).to_be_visible()
    expect(page.locator(".drawing__stage")).to_be_hidden()
    visit_desktop.check()
    choose(page, "Ligne")
    page.get_by_label("Un point par ligne").fill("43.60, 1.42\n43.61, 1.42")
    expect(send(visit_desktop)).to_contain_text("line | 2 | 1,11")


def test_the_weight_of_the_drawing_tools():
    """Scripts and styles of a page with a drawing field, compressed, Leaflet included."""
    sizes = {}
    for name in (
        "leaflet/leaflet.js",
        "leaflet/leaflet.css",
        "map.css",
        "drawing.js",
        "drawing.css",
    ):
        path = finders.find(name)
        assert path, f"{name} is missing: run npm run build"
        with open(path, "rb") as file:
            sizes[name] = len(gzip.compress(file.read(), 9))
    assert sum(sizes.values()) <= COMPRESSED_LIMIT, sizes
