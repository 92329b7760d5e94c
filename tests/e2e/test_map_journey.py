"""Residents and a map: by pointer, by keyboard alone, without JavaScript, as a guest."""

import re
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core import mail
from playwright.sync_api import Page, expect

from maps.models import Territory
from participation.core.choices import Visibility
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap
from tests.e2e.conftest import PASSWORD, Visitor, run_queue, sign_in
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import make_category, make_map, make_map_contribution, make_question

TITLE = "Un banc devant la gare"
PLACE = "43.6040, 1.4000"
HERE = Point(1.4, 43.604, srid=4326)


@pytest.fixture
def town(transactional_db: None) -> Territory:
    city = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    make_territory("La Gare", kind="neighbourhood", parent=city, bounds=(1.3, 43.5, 1.45, 43.7))
    make_territory("Le Port", kind="neighbourhood", parent=city, bounds=(1.45, 43.5, 1.6, 43.7))
    return city


@pytest.fixture
def category(town: Territory) -> MapCategory:
    map = make_map(process__perimeter=town, activity__slug="villeneuve", without_account=True)
    category = make_category(
        map, "Bancs et ombre", icon="trees", tone=4, description="Où s’asseoir au frais"
    )
    make_category(map, "Vélo", icon="bike", tone=3, shapes=["line"], position=1)
    make_question(category, "choice", label="À quelle heure ?", options=["Le matin", "Le soir"])
    return category


@pytest.fixture
def resident(town: Territory) -> Any:
    return make_user("resident@example.org", password=PASSWORD, public_name="Camille Essai")


def below(map: ParticipatoryMap, end: str = "") -> str:
    return f"/carte/{map.activity.slug}/{end}"


def open_text(page: Page) -> Any:
    """The points as text, which a page with a map folds."""
    field = page.locator("[name=place_vertices]")
    if not field.is_visible():
        page.get_by_text("Points en texte (sans la carte)").click()
    return field


def sent(map: ParticipatoryMap) -> MapContribution:
    row = MapContribution.objects.select_related("contribution__territory").get(
        map=map, contribution__title=TITLE
    )
    assert row.geometry is not None
    assert row.contribution.territory.name == "La Gare"
    return row


def test_the_three_views_and_the_pages_are_quiet(visit: Visitor, category: MapCategory) -> None:
    row = make_map_contribution(
        category.map, category=category, geometry=HERE, title="Planter un tilleul"
    )
    for address in ("", "?vue=liste", "?vue=tableau", "a-propos/", "contribuer/", f"{row.pk}/"):
        page = visit.open(below(category.map, address))
        if "contribuer" not in address and "propos" not in address:
            expect(page.get_by_role("main")).to_contain_text("Planter un tilleul")
    page = visit.open(below(category.map))
    expect(page.locator(".map.is-ready")).to_be_visible()
    expect(page.locator("[data-map-status]")).to_contain_text("1 contribution affichée")
    visit.check()


def test_place_edit_find_and_support(
    visit: Visitor, visit_desktop: Visitor, category: MapCategory, resident: Any
) -> None:
    sign_in(visit, resident.email)
    page = visit.open(below(category.map))
    visit.press(page.get_by_role("main").get_by_role("link", name="Contribuer").last)
    visit.press(page.get_by_role("link", name="Bancs et ombre"))
    expect(page.locator(".drawing.is-ready")).to_be_visible()
    visit.check()
    field = open_text(page)
    field.fill(PLACE)
    field.blur()
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Le soir").check()
    visit.press(page.get_by_role("button", name="Envoyer ma contribution"))
    page.wait_for_url("**/recepisse/")
    visit.check()
    row = sent(category.map)
    expect(page.get_by_role("main")).to_contain_text(row.contribution.receipt_number)

    visit.press(page.get_by_role("link", name="Voir ma contribution"))
    expect(page.get_by_role("main")).to_contain_text("Le soir")
    visit.check()
    visit.press(page.get_by_role("link", name="Modifier ma contribution"))
    page.get_by_label("Titre").fill("Deux bancs devant la gare")
    visit.press(page.get_by_role("button", name="Enregistrer mes modifications"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Deux bancs devant la gare")

    other = make_user("voisin@example.org", password=PASSWORD)
    sign_in(visit_desktop, other.email)
    page = visit_desktop.open(below(category.map, "contribuer/") + f"?categorie={category.pk}")
    field = open_text(page)
    field.fill(PLACE)
    field.blur()
    button = page.get_by_role("button", name=re.compile("Soutenir plutôt celle-ci"))
    expect(button).to_be_visible()
    visit_desktop.check()
    visit_desktop.press(button)
    expect(page.get_by_role("heading", level=1)).to_have_text("Deux bancs devant la gare")
    assert row.contribution.supports.count() == 1


def test_by_keyboard_alone(visit: Visitor, category: MapCategory, resident: Any) -> None:
    sign_in(visit, resident.email)
    page = visit.open(below(category.map, "contribuer/"))
    press_until_focused(page, page.get_by_role("link", name="Bancs et ombre"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    text = page.locator("[name=place_vertices]")
    summary = page.get_by_text("Points en texte (sans la carte)")
    expect(page.locator(".drawing.is-ready")).to_be_visible()
    if not text.is_visible():
        press_until_focused(page, summary)
        page.keyboard.press("Enter")
    press_until_focused(page, text)
    page.keyboard.type(PLACE)
    press_until_focused(page, page.get_by_label("Titre"))
    page.keyboard.type(TITLE)
    press_until_focused(page, page.get_by_role("button", name="Envoyer ma contribution"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url("**/recepisse/")
    row = sent(category.map)

    page.goto(visit.base_url + below(category.map, f"{row.pk}/"))
    press_until_focused(page, page.get_by_role("link", name="Modifier ma contribution"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press_until_focused(page, page.get_by_label("Description"))
    page.keyboard.type("Avec un dossier.")
    press_until_focused(page, page.get_by_role("button", name="Enregistrer mes modifications"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Avec un dossier.")

    there = make_map_contribution(
        category.map, category=category, geometry=HERE, title="Une fontaine sur la place"
    )
    page.goto(visit.base_url + below(category.map))
    press_until_focused(page, page.locator("#filtre-q"))
    page.keyboard.type("fontaine")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    link = page.locator("#liste-items").get_by_role("link", name="Une fontaine sur la place")
    press_until_focused(page, link)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Soutenir", exact=True)
    press_until_focused(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Vous soutenez"))).to_be_visible()
    assert there.contribution.supports.count() == 1


def test_without_javascript(
    visit_without_javascript: Visitor, category: MapCategory, resident: Any
) -> None:
    visit = visit_without_javascript
    there = make_map_contribution(
        category.map, category=category, geometry=HERE, title="Une fontaine sur la place"
    )
    sign_in(visit, resident.email)
    page = visit.page
    page.goto(visit.base_url + below(category.map, "contribuer/"))
    visit.press(page.get_by_role("link", name="Bancs et ombre"))
    open_text(page).fill(PLACE)
    page.get_by_label("Titre").fill(TITLE)
    visit.press(page.get_by_role("button", name="Envoyer ma contribution"))
    expect(page.get_by_role("main")).to_contain_text("Une fontaine sur la place")
    assert MapContribution.objects.count() == 1  # what is close by is shown first
    page.get_by_role("button", name="Envoyer ma contribution").click()
    page.wait_for_url("**/recepisse/")
    sent(category.map)

    page.goto(visit.base_url + below(category.map, "?vue=tableau&q=fontaine"))
    page.get_by_role("link", name="Une fontaine sur la place").click()
    page.get_by_role("button", name="Soutenir", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Vous soutenez")
    assert there.contribution.supports.count() == 1


def test_a_guest_confirms_changes_and_withdraws(visit: Visitor, category: MapCategory) -> None:
    page = visit.open(below(category.map, "contribuer/") + f"?categorie={category.pk}")
    field = open_text(page)
    field.fill(PLACE)
    field.blur()
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Votre nom ou un pseudonyme").fill("Lou")
    page.get_by_label("Votre adresse électronique").fill("lou@example.org")
    visit.press(page.get_by_role("button", name="Envoyer, puis confirmer par courriel"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("ouvrez votre messagerie")
    visit.check()
    run_queue()
    found = re.search(r"(/carte/\S+/lien/\S+)", mail.outbox[-1].body)
    assert found is not None
    page = visit.open(found.group(1))
    visit.press(page.get_by_role("button", name="Confirmer et envoyer"))
    row = sent(category.map)
    assert row.contribution.visibility == Visibility.PUBLISHED
    visit.check()
    visit.press(page.get_by_role("link", name="La modifier"))
    page.get_by_label("Titre").fill("Deux bancs")
    visit.press(page.get_by_role("button", name="Enregistrer mes modifications"))
    expect(page.get_by_role("main")).to_contain_text("Deux bancs")
    visit.press(page.get_by_role("link", name="La retirer"))
    visit.check()
    visit.press(page.get_by_role("button", name="Retirer ma contribution"))
    row.contribution.refresh_from_db()
    assert row.contribution.visibility == Visibility.WITHDRAWN


def test_text_four_times_larger_still_fits(visit_desktop: Visitor, category: MapCategory) -> None:
    """At 1280 pixels and 400 %, a page is 320 pixels wide: nothing scrolls sideways."""
    row = make_map_contribution(
        category.map, category=category, geometry=HERE, title="Planter un tilleul"
    )
    visit_desktop.page.set_viewport_size({"width": 320, "height": 256})
    for address in ("", "?vue=liste", "?vue=tableau", "contribuer/", f"{row.pk}/", "a-propos/"):
        page = visit_desktop.open(below(category.map, address))
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{address}: {wide}"


def press_until_focused(page: Page, target: Any, most: int = 90) -> None:
    """Press Tab until `target` has the focus: the only way of someone without a pointer."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key never reaches {target}.")
