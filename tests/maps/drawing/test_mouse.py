"""Drawing in a real browser with a mouse."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.maps.drawing.hands import act, choose, corner, drag, points, press, ready, send, status

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.urls("tests.maps.drawing_urls"),
    pytest.mark.usefixtures("neighbourhoods"),
]


def test_a_point_by_mouse(visit_desktop: Visitor):
    page = ready(visit_desktop)
    press(page, (0.4, 0.6), (0.45, 0.6))
    expect(status(page)).to_contain_text("Point placé dans")
    assert len(points(page)) == 1, "another press moves the point"
    expect(page.locator(".drawing__tool[data-act=trace]")).to_be_hidden()
    visit_desktop.check()
    expect(send(visit_desktop)).to_contain_text("point | 1 |  | Les Minimes |")


def test_a_line_by_mouse_then_moved_cut_and_undone(visit_desktop: Visitor):
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


def test_an_area_by_mouse_is_closed_by_its_first_point(visit_desktop: Visitor):
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


def test_an_outline_that_crosses_itself_is_told_at_once_and_refused(visit_desktop: Visitor):
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


def test_a_press_outside_is_refused_in_words(visit_desktop: Visitor):
    page = ready(visit_desktop)
    choose(page, "Ligne")
    press(page, (0.5, 0.5), (0.02, 0.5))
    expect(status(page)).to_have_text("Ce point est en dehors de Villebelle.")
    assert len(points(page)) == 1


def test_a_freehand_trace_is_simplified(visit_desktop: Visitor):
    page = ready(visit_desktop)
    choose(page, "Ligne")
    act(page, "Tracer à main levée").click()
    expect(act(page, "Tracer à main levée")).to_have_attribute("aria-pressed", "true")
    drag(page, (0.35, 0.6), (0.4, 0.601), (0.45, 0.6), (0.45, 0.5))
    expect(status(page)).to_contain_text("Tracé ajouté. Ligne de 3 points")
    expect(act(page, "Tracer à main levée")).to_have_attribute("aria-pressed", "false")
    expect(send(visit_desktop)).to_contain_text("line | 3 |")


def test_the_whole_is_moved(visit_desktop: Visitor):
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


def test_the_category_says_what_may_be_drawn(visit_desktop: Visitor):
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
