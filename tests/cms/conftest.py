"""A site as `setup_site` makes it, and nothing kept from one test to the next."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import translation
from wagtail.models import Site

from cms.setup import set_up_site


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def site(db: None, settings: Any) -> Site:
    """The site in French and English, on the address that the test client asks."""
    settings.SITE_URL = "http://testserver"
    with translation.override("fr"):
        return set_up_site()


@pytest.fixture
def roles(site: Site) -> None:
    """The groups of staff, with their permissions."""
    call_command("setup_roles", verbosity=0, stdout=_Nowhere())


class _Nowhere:
    def write(self, text: str) -> None:
        """Commands tell their result; tests look at rows."""
