"""Drawing in a real browser on a phone: touch, the full screen and its sheet."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.maps.drawing.hands import act, choose, corner, points, ready, send, status, tap

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.urls("tests.maps.drawing_urls"),
    pytest.mark.usefixtures("neighbourhoods"),
]


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


def test_the_full_screen_keeps_the_focus_and_escape_returns(visit_phone: Visitor):
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
