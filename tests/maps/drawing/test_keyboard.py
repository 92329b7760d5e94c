"""Drawing in a real browser by keyboard alone: the map, the list of points, addresses."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.maps.drawing.hands import act, choose, points, ready, status

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.urls("tests.maps.drawing_urls"),
    pytest.mark.usefixtures("neighbourhoods"),
]


def test_a_line_by_keyboard_alone(visit_desktop: Visitor):
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
    tab_to(page, "[data-row=remove]", key="Shift+Tab")
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


def tab_to(page: Page, selector: str, *, key: str = "Tab") -> None:
    """Press Tab until something is reached, as somebody without a mouse does."""
    for _press in range(60):
        page.keyboard.press(key)
        if focused(page, selector):
            return
    raise AssertionError(f"{selector} is not reached with {key}")


def test_an_address_for_a_new_point_and_several_candidates(visit_desktop: Visitor):
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


def test_what_is_written_as_text_is_drawn(visit_desktop: Visitor):
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


@pytest.mark.parametrize(
    ("latitude", "said"), [(43.60, "Point placé"), (48.85, "en dehors de Villebelle")]
)
def test_my_position_when_asked(visit_desktop: Visitor, latitude: float, said: str):
    visit_desktop.context.grant_permissions(["geolocation"])
    visit_desktop.context.set_geolocation({"latitude": latitude, "longitude": 1.42})
    page = ready(visit_desktop)
    act(page, "Ma position").click()
    expect(status(page)).to_contain_text(said)
