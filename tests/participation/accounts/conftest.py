"""What the journeys of accounts share."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_left_over(db):
    """No limit and no layout kept from another test; the site's own settings exist."""
    from wagtail.models import Site

    from cms.models import Navigation, SiteSettings

    cache.clear()
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None:
        SiteSettings.for_site(site)
        Navigation.for_site(site)
