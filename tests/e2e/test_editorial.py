"""The editorial site in a real browser: consent to videos, and an editor who publishes alone."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.utils import translation
from PIL import Image as Pixels
from playwright.sync_api import expect

from cms.models import NewsPage
from cms.setup import set_up_site
from tests.cms.making import make_content, make_news, make_process_page
from tests.e2e.test_editor_journey import open_window
from tests.factories.accounts import make_user
from tests.factories.budgets import make_budget

VIDEO = {
    "title": "Le projet en deux minutes",
    "url": "https://youtu.be/dQw4w9WgXcQ",
    "transcript": "<p>Bonjour.</p>",
}


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any) -> None:
    settings.SITE_URL = live_server.url
    cache.clear()
    with translation.override("fr"):
        set_up_site()


def test_every_editorial_page_is_accessible(site: None, visit: Any) -> None:
    budget = make_budget()
    page = make_process_page(
        budget.activity.process, body=[("text", "<h2>Pourquoi</h2><p>Parce que.</p>")]
    )
    make_news(1)
    for path in (
        "/",
        "/demarches/",
        page.url,
        "/actualites/",
        "/actualites/nouvelle-1/",
        "/comment-participer/",
        "/accessibilite/",
        "/donnees-personnelles/",
        "/recherche/?q=participer",
        "/en/",
    ):
        visit.open(path)
    assert visit.console_errors == []


def test_a_video_is_asked_of_its_host_only_after_consent(site: None, visit: Any) -> None:
    asked: list[str] = []
    # The host answers from here: the tests reach nobody.
    visit.context.route(
        "https://www.youtube-nocookie.com/**",
        lambda route: (
            asked.append(route.request.url),
            route.fulfill(body="<!doctype html><title>player</title>", content_type="text/html"),
        ),
    )
    content = make_content(body=[("video", VIDEO)])
    page = visit.open(content.url)
    assert asked == []
    page.get_by_role("button", name="Accepter et charger depuis YouTube").click()
    frame = page.frame_locator("iframe[title='Le projet en deux minutes']")
    frame.locator("title").wait_for(state="attached")
    assert asked == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"]
    assert visit.foreign_requests == asked


def test_an_editor_publishes_a_news_item_with_a_picture(
    site: None, browser: Any, live_server: Any, tmp_path: Path
) -> None:
    call_command("setup_roles", verbosity=0)
    editor = make_user("edition@example.org", password="une phrase de passe", is_staff=True)
    editor.groups.add(Group.objects.get(name="Édition"))
    picture = tmp_path / "halle.jpg"
    Pixels.new("RGB", (1200, 800), (150, 90, 60)).save(picture)

    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page = context.new_page()
    foreign: list[str] = []
    blocked: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server.url, "data:", "blob:"))
            else foreign.append(request.url)
        ),
    )
    page.on(
        "console",
        lambda message: (
            blocked.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    page.goto(f"{live_server.url}/compte/connexion/?next=/gestion/")
    page.fill("input[name=login]", "edition@example.org")
    page.fill("input[name=password]", "une phrase de passe")
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("link", name="Publier une actualité").click()
    page.locator("[name=title]").fill("La halle rouvre")
    page.locator("[name=summary]").fill("Rendez-vous samedi.")
    open_window(page, "Choisir une image")
    page.get_by_role("tab", name="Transférer").click()
    upload = page.locator(".modal form").filter(has=page.locator("input[type=file]"))
    upload.locator("input[type=file]").set_input_files(picture)
    upload.locator("input[name$=title]").fill("La halle")
    upload.locator("button[type=submit], input[type=submit]").click()
    page.locator(".modal").wait_for(state="hidden")
    page.fill("input[name=image_alt]", "La halle")
    page.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="Texte").first.click()
    editor = page.locator(".public-DraftEditor-content").first
    editor.click()
    expect(editor).to_be_focused()
    editor.press_sequentially("Venez nombreux.")
    expect(editor).to_have_text("Venez nombreux.")
    # The editor hands its text over a moment after the last key.
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile("Venez nombreux"))
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.get_by_role("button", name="Publier").first.click()
    page.locator(".messages .success").wait_for()
    news = NewsPage.objects.get()
    assert (news.live, news.title, news.image_alt) == (True, "La halle rouvre", "La halle")
    page.goto(live_server.url + news.url)
    assert page.locator(".page-body").inner_text().strip() == "Venez nombreux."
    assert page.locator(".news-picture img").get_attribute("alt") == "La halle"
    assert (foreign, blocked) == ([], [])
    context.close()
