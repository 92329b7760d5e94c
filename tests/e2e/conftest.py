"""A real browser for the journeys: Debian's Chromium driven by Playwright."""

import io
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# Playwright keeps an event loop in this thread; the tests' own queries are plain synchronous ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A slow machine is no failure.
expect.set_options(timeout=30_000)
PATIENCE = 90_000  # milliseconds for a page to come, or for a control to be ready
# The same journeys on an old phone, and answers that come late (`tests.late`): what depends on who
# comes first shows.
IS_SLOW = bool(os.environ.get("PARVIS_TEST_SLOW"))

SCREENS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    """A failed journey tells what its visitors saw."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Visitor) and not value.page.is_closed():
                report.sections.append((f"What {name} sees", value.describe()))
    return report


# Per module: Playwright keeps a loop running in this thread, which other tests must not find.
@pytest.fixture(scope="module")
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


# The browser's own message says what was blocked; this one says where in the page.
TELL_BLOCKED = """addEventListener("securitypolicyviolation", (event) => console.error(
  "Content Security Policy", event.effectiveDirective, event.blockedURI, event.sample,
  event.target.outerHTML?.slice(0, 200)))"""


class Visitor:
    """A page of the browser with the habits of a careful tester.

    What the content policy blocks is noted in every window, from the first page to `leave`.
    """

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.context = context
        self.base_url = base_url
        self.foreign_requests: list[str] = []
        self.console_errors: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.add_init_script(TELL_BLOCKED)
        context.on("console", self._note_console)
        self.page: Page = context.new_page()
        if IS_SLOW:
            self._slow_down()
        self.waiting: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("requestfinished", self._note_answer)
        self.page.on("requestfailed", self._note_answer)

    def _slow_down(self) -> None:
        devtools = self.context.new_cdp_session(self.page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})

    def _note_answer(self, request: Any) -> None:
        if request.url in self.waiting:
            self.waiting.remove(request.url)

    def _note_request(self, request: Any) -> None:
        self.waiting.append(request.url)
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

    def press(self, control: Any) -> None:
        """Press a link or a button that leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            control.click()

    def check(self) -> None:
        """Assert that the current page has no axe finding and asked nothing of a third party."""
        findings = Axe().run(self.page)
        assert not findings.response["violations"], findings.generate_report()
        self._assert_quiet()

    def _assert_quiet(self) -> None:
        """Nothing was asked of a third party, and the content policy had nothing to block."""
        assert self.foreign_requests == []
        self._assert_nothing_blocked()

    def _assert_nothing_blocked(self) -> None:
        assert not [error for error in self.console_errors if "Content Security" in error]

    def describe(self) -> str:
        """What the visitor has before their eyes: for the report of a failure."""
        text = self.page.evaluate("document.body.innerText.trim().slice(0, 2000)")
        return (
            f"at {self.page.url}\nstill waiting for {self.waiting}\n"
            f"errors {self.console_errors}\n\n{text}"
        )

    def leave(self) -> None:
        """Close the browser; all along, the content policy must have had nothing to block."""
        self.context.close()
        self._assert_nothing_blocked()

    def open_office(self, path: str) -> Page:
        """Go to a screen of the back office, and check it."""
        self.page.goto(self.base_url + path)
        self.check_office()
        return self.page

    def check_office(self) -> None:
        """The same checks on a screen of the back office.

        Axe reads what this project writes: the content of the screen, without the frame that
        Wagtail draws around every screen: its menu, its header with its breadcrumbs and panels,
        its count of the lines of a list, and its messages, which fade in.
        """
        frame = [[".w-slim-header"], [".messages"], ["h2[role=alert]"]]
        findings = Axe().run(self.page, context={"include": [["main"]], "exclude": frame})
        assert not findings.response["violations"], findings.generate_report()
        self._assert_quiet()


@pytest.fixture
def visit(browser: Browser, live_server: Any, screen: dict[str, int]) -> Iterator[Visitor]:
    """A visitor on a phone, then on a desktop."""
    context = browser.new_context(viewport=screen, locale="fr-FR", reduced_motion="reduce")
    visitor = Visitor(context, live_server.url)
    yield visitor
    visitor.leave()


@pytest.fixture
def visit_desktop(browser: Browser, live_server: Any) -> Iterator[Visitor]:
    """A visitor on a desktop: the back office."""
    context = browser.new_context(
        viewport=SCREENS["desktop"], locale="fr-FR", reduced_motion="reduce"
    )
    visitor = Visitor(context, live_server.url)
    yield visitor
    visitor.leave()


@pytest.fixture
def visit_phone(browser: Browser, live_server: Any) -> Iterator[Visitor]:
    """Another visitor, on a phone."""
    context = browser.new_context(
        viewport=SCREENS["phone"], locale="fr-FR", reduced_motion="reduce"
    )
    visitor = Visitor(context, live_server.url)
    yield visitor
    visitor.leave()


@pytest.fixture
def visit_without_javascript(browser: Browser, live_server: Any) -> Iterator[Visitor]:
    """A visitor whose browser runs no script (axe itself needs none of the page's)."""
    context = browser.new_context(
        viewport=SCREENS["phone"], locale="fr-FR", java_script_enabled=False
    )
    visitor = Visitor(context, live_server.url)
    yield visitor
    visitor.leave()


def run_queue() -> None:
    """Do what waits in the queue, as the worker does, in a thread without a browser's loop."""
    from django.db import connections
    from procrastinate.contrib.django import app

    def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()):
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(timeout=60)


PASSWORD = "une-phrase-de-passe-d-essai"


def sign_in(visitor: Visitor, email: str) -> None:
    """Sign in through the page, as anyone does."""
    page = visitor.page
    page.goto(f"{visitor.base_url}/compte/connexion/")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url(lambda url: "/connexion/" not in url)


@pytest.fixture(autouse=True)
def _site(request: pytest.FixtureRequest) -> None:
    """A site as `setup_site` makes it, once per test that opens pages."""
    request.getfixturevalue("transactional_db")
    from django.core.cache import cache
    from django.core.management import call_command

    from cms.setup import set_up_site

    cache.clear()
    call_command("setup_roles", verbosity=0, stdout=io.StringIO())
    set_up_site()
