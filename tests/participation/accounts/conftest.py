"""What the journeys of accounts share."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from participation.accounts.models import User
from tests.participation.accounts.lost import ADMIN, in_group
from tests.participation.accounts.steps import PASSWORD, prove_identity, sign_in


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


@pytest.fixture
def roles(db: None) -> None:
    call_command("setup_roles", verbosity=0)


@pytest.fixture
def admin(roles: None) -> User:
    return in_group(ADMIN, password=PASSWORD)


@pytest.fixture
def office(admin: User) -> Client:
    """An administrator's browser: signed in and proven."""
    client = Client()
    sign_in(client, admin.email)
    prove_identity(client)
    return client
