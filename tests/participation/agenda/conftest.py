"""Fixtures of the agenda."""

import pytest
from django.core.cache import cache


@pytest.fixture
def site_is_set_up(db: None) -> None:
    """The rows that a site's first visit by an editor makes: a visitor's page only reads them."""
    from wagtail.models import Site

    from cms.models import Navigation, SiteSettings

    cache.clear()
    site = Site.objects.get(is_default_site=True)
    SiteSettings.for_site(site)
    Navigation.for_site(site)
