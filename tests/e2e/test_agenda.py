"""The agenda in a browser: narrow and wide, by keyboard, without JavaScript."""

import datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cms.setup import set_up_site
from participation.agenda.choices import Certainty, Precision
from participation.agenda.models import AgendaItem, ItemMove
from tests.e2e.conftest import Visitor
from tests.factories.accounts import make_territory, make_user
from tests.factories.agenda import make_agenda, make_event, make_item, make_theme, make_venue

AGENDA = "/agenda/"
NAMES = ["Se déplacer", "École et jeunesse", "Nature en ville", "Vie de quartier"]


@pytest.fixture
def item(live_server: Any) -> AgendaItem:
    """Four themes, four years of announcements and meetings; the moved announcement."""
    set_up_site()
    agenda = make_agenda()
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    venue = make_venue(point=Point(1.444, 43.604, srid=4326))
    for number, name in enumerate(NAMES):
        theme = make_theme(name, tone=number + 1, position=number)
        make_event(title=f"Réunion : {name}", theme=theme, venue=venue, in_hours=30 * (number + 1))
        for year in range(4):
            make_item(
                agenda=agenda,
                title=f"{name} : concertation {year + 1}",
                theme=theme,
                territory=town,
                days=(30 + 365 * year + 40 * number, 120 + 365 * year + 40 * number),
                precision=[Precision.MONTH, Precision.DAY, Precision.SEASON, Precision.YEAR][year],
            )
    moved = make_item(
        agenda=agenda,
        title="Assises du vélo",
        theme=theme,
        certainty=Certainty.MOVED,
        days=(300, 330),
    )
    ItemMove.objects.create(
        item=moved,
        former_window=DateRange(
            timezone.localdate() + datetime.timedelta(days=100),
            timezone.localdate() + datetime.timedelta(days=130),
        ),
        former_precision=Precision.MONTH,
        reason="La salle est en travaux.",
        moved_by=make_user(),
        moved_at=timezone.now(),
    )
    return moved


@pytest.mark.parametrize("view", ["frise", "mois", "liste", "carte", "frise&par=territoire"])
def test_each_view_is_readable(visit: Visitor, item: AgendaItem, view: str) -> None:
    page = visit.open(f"{AGENDA}?vue={view}")
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#agenda-titre").inner_text().startswith("21 ")


def test_an_announcement_says_its_former_date(visit: Visitor, item: AgendaItem) -> None:
    page = visit.open(reverse("agenda:item", args=[item.pk]))
    assert page.get_by_text("La salle est en travaux.").is_visible()


def test_the_timeline_is_walked_by_keyboard(visit_desktop: Visitor, item: AgendaItem) -> None:
    page = visit_desktop.open(AGENDA)
    bar = page.locator(".a-bar").first
    name = bar.get_attribute("aria-label")
    page.locator(".a-timeline a").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name
    with page.expect_navigation():
        page.keyboard.press("Enter")
    title = page.locator("h1").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert title in (name or "")


def test_filters_and_views_need_no_script(
    visit_without_javascript: Visitor, item: AgendaItem
) -> None:
    page = visit_without_javascript.page
    page.goto(visit_without_javascript.base_url + AGENDA)
    page.locator(".a-filters__more summary").click()
    page.get_by_label("Thème").select_option(label=NAMES[0])
    visit_without_javascript.press(page.get_by_role("button", name="Appliquer"))
    assert page.locator("#agenda-titre").inner_text().startswith("5 ")
    visit_without_javascript.press(page.get_by_role("link", name="Liste", exact=True))
    assert page.locator("#agenda-titre").inner_text().startswith("5 ")
    assert page.locator(".a-line").count() == 5


def test_filters_stay_on_the_page_and_the_address_follows(
    visit_desktop: Visitor, item: AgendaItem
) -> None:
    page = visit_desktop.open(AGENDA + "?vue=liste")
    page.evaluate("window.sameDocument = true")
    page.locator(".a-filters__more summary").click()
    page.get_by_label("Thème").select_option(label=NAMES[0])
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("[data-announce]")).to_have_text("5 dates")
    expect(page.locator(".a-line")).to_have_count(5)
    assert page.evaluate("window.sameDocument") is True
    assert "vue=liste" in page.url
    assert page.locator(".a-filters__more summary").inner_text().strip().endswith("1")
    visit_desktop.check()
    visit_desktop.open(page.url.removeprefix(visit_desktop.base_url))
    assert page.locator("#agenda-titre").inner_text().startswith("5 ")


def test_the_home_page_tells_where_things_are(visit: Visitor, item: AgendaItem) -> None:
    page = visit.open("/")
    board = page.locator(".board")
    assert board.get_by_role("heading", name="À venir").is_visible()
    assert board.get_by_text(f"Réunion : {NAMES[0]}").is_visible()


def test_the_menu_leads_to_the_agenda(visit_desktop: Visitor, item: AgendaItem) -> None:
    page: Any = visit_desktop.open("/")
    visit_desktop.press(page.locator(".site-nav-desktop").get_by_role("link", name="Agenda"))
    assert page.locator("h1").inner_text() == "Agenda"
