"""Fixtures of participatory budgets."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.participation.budgets.committed import really_committed


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real commits instead of a transaction rolled back."""
    with really_committed(django_db_blocker):
        yield


@pytest.fixture
def site_is_set_up(db: None) -> None:
    """The rows that a site's first visit by an editor makes: a visitor's page only reads them."""
    from wagtail.models import Site

    from cms.models import Navigation, SiteSettings

    cache.clear()
    site = Site.objects.get(is_default_site=True)
    SiteSettings.for_site(site)
    Navigation.for_site(site)
