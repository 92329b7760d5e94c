"""Every public page, as a first visit: readable by all, narrow or wide, light or dark, quiet."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from wagtail.models import Page as SitePage

from cms.models import LegalPage
from tests.e2e.conftest import SCREENS, Visitor
from tests.e2e.scenery import Scenery, build_scenery

MOST_REQUESTS = 20
NARROWEST = 320  # WCAG 1.4.10: no scrolling in two directions at this width
# These set a cookie when they are shown: the one that protects a form from forgery.
FORMS = {"sign in", "sign up"}
FRENCH_ONLY = {"news", "content", "process", "activity", "mailbox", "gallery"}


@pytest.fixture
def scenery() -> Scenery:
    return build_scenery()


def addresses(scenery: Scenery, language: str) -> dict[str, str]:
    """Every page to visit in `language`: the views, and the pages that `setup_site` makes."""
    pages = SitePage.objects.live().filter(depth__gt=1, locale__language_code=language)
    standing = {f"page {page.pk}": page.url for page in pages.order_by("path") if page.url}
    if language == "fr":
        return {**standing, **scenery.addresses}
    views = {
        name: f"/{language}{address}"
        for name, address in scenery.addresses.items()
        if name not in FRENCH_ONLY
    }
    return {**standing, **views}


def complaints(visitor: Visitor, name: str, requests: list[str]) -> list[str]:
    """What is wrong with the page just opened on a first visit."""
    page = visitor.page
    found = axe_findings(page)
    found += [f"foreign request: {url}" for url in visitor.foreign_requests]
    errors = visitor.console_errors
    if name == "nothing":  # the browser writes that the address answered 404, as it should
        errors = [error for error in errors if "404" not in error]
    found += [f"console: {error}" for error in errors]
    cookies = [cookie["name"] for cookie in visitor.context.cookies()]
    if cookies and name not in FORMS:
        found.append(f"cookies: {cookies}")
    if len(requests) > MOST_REQUESTS:
        found.append(f"{len(requests)} requests: {requests}")
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROWEST:
        found.append(f"scrolls sideways at {NARROWEST} px: {width} px; {too_wide(page)}")
    return found


def axe_findings(page: Page) -> list[str]:
    found = []
    for finding in Axe().run(page).response["violations"]:
        for node in finding["nodes"][:3]:
            reason = node["any"][0]["message"] if node["any"] else ""
            found.append(f"{finding['id']}: {node['html'][:160]} ({reason})")
    return found


def settled(name: str) -> Any:
    """When a page is ready: a map has asked for its places, another page for its own parts."""
    return "networkidle" if "map" in name else "load"


def too_wide(page: Page) -> list[str]:
    """The innermost elements that reach past the right edge."""
    return page.evaluate(
        """width => [...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > width + 1
                && ![...e.children].some(c => c.getBoundingClientRect().right > width + 1))
            .slice(0, 4).map(e => e.outerHTML.slice(0, 120))""",
        NARROWEST,
    )


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [
        ("fr", "phone", "light"),
        ("fr", "desktop", "dark"),
        ("en", "phone", "dark"),
        ("en", "desktop", "light"),
    ],
)
def test_every_page_on_a_first_visit(
    browser: Browser, live_server: Any, scenery: Scenery, language: str, width: str, scheme: Any
) -> None:
    """Each page is opened by a browser that has never been here."""
    assert LegalPage.objects.filter(locale__language_code=language, live=True).count() == 5
    found: dict[str, list[str]] = {}
    for name, address in addresses(scenery, language).items():
        context = browser.new_context(
            viewport=SCREENS[width],
            locale=language,
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        visitor = Visitor(context, live_server.url)
        requests: list[str] = []
        visitor.page.on("request", lambda request, asked=requests: asked.append(request.url))
        path = address.removeprefix(live_server.url)
        answer = visitor.page.goto(live_server.url + path, wait_until=settled(name))
        expected = 404 if name == "nothing" else 200
        problems = complaints(visitor, name, requests)
        if answer is None or answer.status != expected:
            problems.append(f"status {answer and answer.status}")
        if problems:
            found[path] = problems
        context.close()
    assert not found, "\n".join(
        f"{path}\n" + "\n".join(f"  {problem}" for problem in problems)
        for path, problems in found.items()
    )
