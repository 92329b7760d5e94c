"""Visitors who draw: at a desk, on a phone, without JavaScript, with a finger."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import (  # noqa: F401 -- fixtures
    SCREENS,
    Visitor,
    browser,
    visit_desktop,
    visit_phone,
    visit_without_javascript,
)


@pytest.fixture
def visit_touch(
    browser: Any,  # noqa: F811 -- the fixture imported above
    live_server: Any,
) -> Iterator[Visitor]:
    """A phone that is touched: no mouse, coarse pointer."""
    context = browser.new_context(
        viewport=SCREENS["phone"],
        locale="fr-FR",
        reduced_motion="reduce",
        has_touch=True,
        is_mobile=True,
    )
    visitor = Visitor(context, live_server.url)
    yield visitor
    visitor.leave()
