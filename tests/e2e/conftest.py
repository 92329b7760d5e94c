"""A real browser for the journeys: Debian's Chromium driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright keeps an event loop in this thread; the tests' own queries are plain synchronous ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SCREENS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "Chromium is missing: ./parvis doctor says how to install it."
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(params=["phone", "desktop"])
def screen(request: pytest.FixtureRequest) -> dict[str, int]:
    return SCREENS[request.param]


class Visitor:
    """A page of the browser with the habits of a careful tester."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.context = context
        self.base_url = base_url
        self.foreign_requests: list[str] = []
        self.console_errors: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_console)

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.foreign_requests.append(request.url)

    def _note_console(self, message: Any) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)

    def open(self, path: str) -> Page:
        """Go to `path`; every page must be free of axe findings and of foreign requests."""
        self.page.goto(self.base_url + path)
        self.check()
        return self.page

    def check(self) -> None:
        """Assert that the current page has no axe finding and asked nothing of a third party."""
        findings = Axe().run(self.page)
        assert not findings.response["violations"], findings.generate_report()
        assert self.foreign_requests == []


@pytest.fixture
def visit(browser: Browser, live_server: Any, screen: dict[str, int]) -> Iterator[Visitor]:
    """A visitor on a phone, then on a desktop."""
    context = browser.new_context(viewport=screen, locale="fr-FR", reduced_motion="reduce")
    yield Visitor(context, live_server.url)
    context.close()


@pytest.fixture
def visit_without_javascript(browser: Browser, live_server: Any) -> Iterator[Visitor]:
    """A visitor whose browser runs no script (axe itself needs none of the page's)."""
    context = browser.new_context(
        viewport=SCREENS["phone"], locale="fr-FR", java_script_enabled=False
    )
    yield Visitor(context, live_server.url)
    context.close()
