"""The strictness harness: what would fail silently in production fails loudly here.

- an undefined variable in one of our templates is an error;
- a query without an order comes back shuffled;
- a request with a safe method that writes is an error (`config.middleware`).
"""

import inspect
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.template import engines
from pytest_django.plugin import blocking_manager_key
from wagtail.models import Site

from tests import baseline

OUR_TEMPLATES = str(Path(__file__).resolve().parent.parent / "templates")


class UndefinedVariable(AssertionError):
    """A template of ours used a variable that its context does not have."""


class _Strict(str):
    """What Django shows for an undefined variable: nothing, once it was not one of ours.

    Before it does, and applies the filters, it asks whether this string is empty.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = inspect.currentframe()
        asker = frame.f_back.f_locals if frame and frame.f_back else {}
        template = getattr(getattr(asker.get("context"), "render_context", None), "template", None)
        origin = getattr(getattr(template, "origin", None), "name", "") or ""
        if origin.startswith(OUR_TEMPLATES):
            raise UndefinedVariable(f"{asker['self'].var} in {origin}")
        return False


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> None:
    engines["django"].engine.string_if_invalid = _Strict()


@pytest.fixture(autouse=True, scope="session")
def _unordered_queries_are_shuffled() -> Any:
    fetch_all = QuerySet._fetch_all
    rng = random.Random(20260322)

    def fetch_and_shuffle(queryset: QuerySet) -> None:
        fresh = queryset._result_cache is None
        fetch_all(queryset)
        if fresh and not queryset.ordered and not queryset.query.is_sliced:
            rng.shuffle(queryset._result_cache)

    QuerySet._fetch_all = fetch_and_shuffle
    yield
    QuerySet._fetch_all = fetch_all


@pytest.fixture
def french() -> None:
    """The interface in French, as residents see it."""
    from django.utils import translation

    with translation.override("fr"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, with what migrations put there kept aside."""
    with django_db_blocker.unblock():
        baseline.keep()


@pytest.fixture
def live_server(live_server: Any, transactional_db: None) -> Iterator[Any]:
    """The server that browsers open, left alone by all of them before the tables are emptied.

    A request on its way when a test ends would meet the emptying, or write into the next test.
    """
    yield live_server
    end = time.monotonic() + 30
    while talking := _conversations():
        assert time.monotonic() < end, f"still connected to the test's server: {talking}"
        time.sleep(0.01)


def _conversations() -> list[str]:
    """The threads in which a server of this process still listens to somebody."""
    return [each.name for each in threading.enumerate() if "process_request_thread" in each.name]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Any:
    """After a test that truncated the tables, put back what migrations made."""
    result = yield
    if {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())) or _commits(
        item
    ):
        blocker = item.config.stash[blocking_manager_key]
        with blocker.unblock():
            baseline.restore()
            ContentType.objects.clear_cache()
            Site.clear_site_root_paths_cache()
    return result


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))
