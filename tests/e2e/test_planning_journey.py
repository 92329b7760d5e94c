"""Officers plan on the timeline: with the pointer, by keyboard, and without JavaScript."""

import datetime
import re
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse_lazy
from playwright.sync_api import expect

from participation.agenda.choices import Certainty, Precision
from participation.agenda.models import AgendaItem, ReservedPeriod
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.accounts import make_user
from tests.factories.agenda import make_item, make_theme

DAY = datetime.date


@pytest.fixture
def item(_site: None) -> AgendaItem:
    """An announced item of May 2027 among others, and a reserved period after it."""
    for number, name in enumerate(["Se déplacer", "École et jeunesse", "Nature en ville"]):
        theme = make_theme(name, tone=number + 1, position=number)
        for month in (1, 2, 6, 9):
            make_item(
                title=f"{name} : atelier de préparation {month}",
                theme=theme,
                certainty=Certainty.IDEA if month == 9 else Certainty.ANNOUNCED,
                window=DateRange(DAY(2027, month, 3), DAY(2027, month + 1, 12)),
                precision=Precision.DAY,
            )
    ReservedPeriod.objects.create(
        label="Réserve électorale",
        period=DateRange(DAY(2027, 6, 1), DAY(2027, 7, 1)),
        notice="Pas de promotion.",
    )
    return make_item(
        title="Assises du vélo",
        theme=theme,
        window=DateRange(DAY(2027, 5, 1), DAY(2027, 6, 1)),
        precision=Precision.MONTH,
    )


PATHS = {
    "importer": reverse_lazy("agenda_import:index"),
    "propositions": reverse_lazy("agenda_proposal:index"),
}
TIMELINE = "/gestion/agenda/annonces/frise/?annee=2027"


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


def test_an_announcement_is_dragged_and_its_reason_asked(
    visit_desktop: Visitor, officer: Any, item: AgendaItem
) -> None:
    sign_in(visit_desktop, officer.email)
    page = visit_desktop.open_office(TIMELINE)
    bar = page.locator(f"a.plan-bar[href='/gestion/agenda/annonces/{item.pk}/dates/']")
    box = bar.locator("rect").bounding_box()
    assert box is not None
    x, y = box["x"] + 20, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + box["width"] / 2, y, steps=3)
    page.mouse.move(x + box["width"], y, steps=3)
    # The browser writes the range: with or without spaces, as its version has it.
    expect(page.locator("[data-plan-said]")).to_contain_text(re.compile(r"1\s?–\s?30 juin 2027"))
    with page.expect_navigation():
        page.mouse.up()
    visit_desktop.check_office()
    main = page.get_by_role("main")
    assert main.get_by_text("Demandé : juin 2027.").is_visible()
    assert main.get_by_text("Pas de promotion.").is_visible()
    visit_desktop.press(main.get_by_role("button", name="Changer les dates"))
    expect(main.get_by_role("alert")).to_contain_text("Un changement de date a besoin de son motif")
    main.locator("[name=reason]").fill("La salle est prise")
    visit_desktop.press(main.get_by_role("button", name="Changer les dates"))
    item.refresh_from_db()
    assert (item.window.lower, item.sequence) == (DAY(2027, 6, 1), 1)


def test_the_arrows_push_and_escape_puts_back(
    visit_desktop: Visitor, officer: Any, item: AgendaItem
) -> None:
    sign_in(visit_desktop, officer.email)
    page = visit_desktop.open_office(TIMELINE)
    page.locator(f"a.plan-bar[href^='/gestion/agenda/annonces/{item.pk}/']").focus()
    said = page.locator("[data-plan-said]")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("juin 2027")
    page.keyboard.press("Escape")
    expect(said).to_have_text("Remise à sa place.")
    for _step in range(2):
        page.keyboard.press("ArrowLeft")
    visit_desktop.check_office()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("main").locator("[name=first]").input_value() == "2027-03-01"
    assert page.get_by_role("main").locator("[name=last]").input_value() == "2027-03-31"


def test_it_fits_a_phone(visit_phone: Visitor, officer: Any, item: AgendaItem) -> None:
    sign_in(visit_phone, officer.email)
    page = visit_phone.open_office(TIMELINE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_script_a_bar_leads_to_the_form(
    visit_without_javascript: Visitor, officer: Any, item: AgendaItem
) -> None:
    sign_in(visit_without_javascript, officer.email)
    page = visit_without_javascript.page
    page.goto(visit_without_javascript.base_url + TIMELINE)
    bar = page.locator(f"a.plan-bar[href='/gestion/agenda/annonces/{item.pk}/dates/']")
    with page.expect_navigation():
        bar.press("Enter")
    assert page.locator("[name=first]").input_value() == "2027-05-01"


@pytest.mark.parametrize("address", ["importer", "propositions"])
def test_the_other_desks_of_the_agenda_are_readable(
    visit_desktop: Visitor, officer: Any, address: str
) -> None:
    sign_in(visit_desktop, officer.email)
    visit_desktop.open_office(str(PATHS[address]))


def test_pages_of_residents_are_readable(visit: Visitor, item: AgendaItem) -> None:
    user = make_user(email="camille@example.org", password=PASSWORD)
    sign_in(visit, user.email)
    for path in ("/agenda/mon-agenda/", "/agenda/proposer/"):
        page = visit.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
