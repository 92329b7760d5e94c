"""The communications editor publishes a news item with a picture; a resident reads it."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from cms.models import HomePage, NewsPage
from maps.models import Territory
from participation.core.choices import Visibility
from tests.cms.making import french, make_content, make_process_page, make_staff
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.e2e.test_officer_journey import picture
from tests.factories.accounts import make_territory
from tests.factories.budgets import make_budget, make_envelope, make_idea
from tests.factories.mapping import make_category, make_map

TITLE = "Le verger de la gare ouvre samedi"
ALT = "De jeunes pommiers devant la gare."


@pytest.fixture
def town(transactional_db: None) -> Territory:
    return make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))


@pytest.fixture
def editor(_site: None) -> Any:
    return make_staff("Édition", email="redaction@example.org", password=PASSWORD)


def test_write_preview_and_publish_a_news_item(
    visit_desktop: Visitor, visit_phone: Visitor, town: Territory, editor: Any
) -> None:
    budget = make_budget("collect", process__perimeter=town)
    make_process_page(budget.activity.process)
    visit = visit_desktop
    sign_in(visit, editor.email)
    page = visit.open_office("/gestion/")
    page.get_by_role("main").get_by_role("link", name="Publier une actualité").click()
    page.wait_for_url("**/pages/add/cms/newspage/**")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_summary").fill("Douze pommiers, un composteur et un goûter.")
    choose_picture(page)
    page.locator("#id_image_alt").fill(ALT)
    add_block(page, "Texte")
    page.locator("#panel-child-content-body-content, [data-contentpath='body']").get_by_role(
        "textbox"
    ).first.click()
    page.keyboard.type("Venez avec vos bottes.")
    add_block(page, "Prochaines dates")

    page.locator("[data-side-panel-toggle='preview']").first.click()
    preview = page.frame_locator("#w-preview-iframe")
    expect(preview.get_by_role("heading", name=TITLE)).to_be_visible(timeout=20_000)
    assert not NewsPage.objects.filter(live=True).exists()
    page.locator("[data-side-panel-toggle='preview']").first.click()

    publish(page)
    # The draft that saved itself has given the page this address already.
    expect(page.get_by_text("publiée").first).to_be_visible()
    page.wait_for_url(re.compile(r"/gestion/pages/\d+/(edit/)?$"))
    news = NewsPage.objects.get(live=True)
    assert (news.title, news.image_alt, news.date) == (TITLE, ALT, timezone.localdate())
    assert [block.block_type for block in news.body] == ["text", "next_dates"]

    reader = visit_phone
    home = reader.open(french(HomePage).url)
    home.get_by_role("link", name=TITLE).first.click()
    home.wait_for_url("**/actualites/**")
    reader.check()
    expect(home.get_by_role("img", name=ALT)).to_be_visible()
    expect(home.get_by_role("main")).to_contain_text("Venez avec vos bottes.")
    expect(home.get_by_role("main")).to_contain_text(budget.activity.title)


def test_publishing_while_the_first_draft_saves_itself_makes_one_page(
    visit_desktop: Visitor, town: Territory, editor: Any
) -> None:
    visit = visit_desktop
    sign_in(visit, editor.email)
    page = visit.open_office("/gestion/")
    page.get_by_role("main").get_by_role("link", name="Publier une actualité").click()
    page.wait_for_url("**/pages/add/cms/newspage/**")
    held: list[Route] = []

    def hold_the_draft(route: Route) -> None:
        by_itself = route.request.headers.get("accept") == "application/json"
        if route.request.method == "POST" and by_itself and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/pages/add/cms/newspage/**", hold_the_draft)
    page.locator("#id_title").fill(TITLE)
    for number in range(20):  # a slow machine may not yet listen to what is typed first
        page.locator("#id_summary").fill(f"{number + 12} pommiers.")
        page.wait_for_timeout(3000)
        if held:
            break
    assert held, "The page never saved its draft by itself."
    publish(page)
    page.wait_for_timeout(300)
    assert not NewsPage.objects.exists()
    held[0].continue_()
    page.wait_for_url(re.compile(r"/gestion/pages/\d+/(edit/)?$"))
    expect(page.get_by_text("publiée").first).to_be_visible()
    assert [(news.title, news.live) for news in NewsPage.objects.all()] == [(TITLE, True)]


def test_a_page_opened_again_keeps_its_map(
    visit_desktop: Visitor, town: Territory, editor: Any
) -> None:
    map = make_map(process__perimeter=town, activity__title="La carte de la ville")
    shade = make_category(map, "Ombre")
    shown = make_content(body=[("map", {"map": map, "category": shade, "height": "large"})])
    visit = visit_desktop
    sign_in(visit, editor.email)
    page = visit.open_office(f"/gestion/pages/{shown.pk}/edit/")
    expect(page.locator("[name=body-0-value-map]")).to_have_value(str(map.pk))
    expect(page.locator("[name=body-0-value-category]")).to_have_value(str(shade.pk))
    page.locator("#id_summary").fill("Dites où il fait trop chaud.")
    publish(page)
    expect(page.get_by_text("publiée").first).to_be_visible()
    shown.refresh_from_db()
    assert shown.summary == "Dites où il fait trop chaud."
    kept = shown.body[0].value
    assert (kept["map"], kept["category"], kept["height"]) == (map, shade, "large")


def test_what_is_not_an_editors_job_is_neither_shown_nor_open(
    visit_desktop: Visitor, town: Territory, editor: Any
) -> None:
    budget = make_budget("collect", process__perimeter=town)
    envelope = make_envelope(budget)
    idea = make_idea(budget, title="Un verger", visibility=Visibility.PENDING)
    visit = visit_desktop
    sign_in(visit, editor.email)
    page = visit.open_office("/gestion/")
    for job in (
        "Modération",
        "Budget participatif",
        "Nouveau budget",
        "Cartes participatives",
        "Nouvelle carte",
        "Rapports",
    ):
        expect(page.get_by_role("link", name=job, exact=True)).to_have_count(0)
        expect(page.get_by_role("button", name=job, exact=True)).to_have_count(0)
    for path in (
        "nouveau-budget/",
        "nouvelle-carte/",
        "cartes/contributions/",
        f"budget/{budget.pk}/",
        "budget/idees/",
        f"budget/idees/{idea.pk}/",
        f"budget/votes/{envelope.pk}/",
        f"budget/votes/{envelope.pk}/sceller/",
        "budget/realisations/",
        "moderation/contributions/",
        f"moderation/contributions/{idea.pk}/",
        "moderation/commentaires/",
        "moderation/signalements/",
    ):
        answer = page.request.get(f"{visit.base_url}/gestion/{path}", max_redirects=0)
        # Wagtail answers 302 to its own home when a permission lacks.
        assert answer.status in (302, 403), f"{path}: {answer.status}"
        assert "Un verger" not in answer.text()


def choose_picture(page: Page) -> None:
    """Send a picture through the window that chooses one."""
    page.locator("#id_image-chooser [data-chooser-action-choose]").last.click()
    window = page.get_by_role("dialog")
    window.locator("[role=tab]").last.click()
    form = window.locator("form[data-chooser-modal-creation-form]")
    form.locator("input[type=file]").set_input_files(
        {"name": "verger.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    title = form.locator("input[name$=title]")
    expect(title).to_have_value("verger")  # Wagtail proposes the name of the file
    title.fill("Verger de la gare")
    form.get_by_role("button").last.click()
    expect(page.locator("#id_image-chooser .chooser__title")).to_have_text("Verger de la gare")


def add_block(page: Page, label: str) -> None:
    """Add a block at the end of the body."""
    page.locator("[data-contentpath='body'] .c-sf-add-button").last.click()
    page.get_by_role("option", name=label).first.click()


def open_window(page: Page, button: str) -> Locator:
    """Open a chooser; Wagtail moves its button under the hand while a block comes in."""
    window, opener = page.locator(".modal-body"), page.get_by_role("button", name=button).first
    opener.click()
    try:
        window.wait_for(timeout=15_000)
    except PlaywrightTimeout:
        opener.click()
        window.wait_for()
    return window


def publish(page: Page) -> None:
    """Open the menu beside "save the draft" and publish."""
    button = page.locator("button[name=action-publish]").first
    if not button.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    button.click()
