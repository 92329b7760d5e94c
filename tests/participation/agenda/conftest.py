"""Fixtures of the agenda."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.core.cache import cache
from django.db import connection

_TABLES = (
    "agenda_checkin",
    "agenda_walkin",
    "agenda_reminder",
    "agenda_registrationanswer",
    "agenda_registration",
    "agenda_seating",
    "agenda_event",
    "agenda_theme",
    "procrastinate_events",
    "procrastinate_jobs",
    "wagtailcore_modellogentry",
    "account_emailaddress",
    "accounts_user_user_permissions",
    "accounts_user",
)


@pytest.fixture
def site_is_set_up(db: None) -> None:
    """The rows that a site's first visit by an editor makes: a visitor's page only reads them."""
    from wagtail.models import Site

    from cms.models import Navigation, SiteSettings

    cache.clear()
    site = Site.objects.get(is_default_site=True)
    SiteSettings.for_site(site)
    Navigation.for_site(site)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database for real commits; what the test left is deleted."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            with pgtrigger.ignore(), connection.cursor() as cursor:
                for table in _TABLES:
                    cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of the list above
