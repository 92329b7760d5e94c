"""An instrument of our own, since the spine alone has none."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection

from participation.core import registry


@pytest.fixture(autouse=True)
def instrument() -> Iterator[registry.Instrument]:
    """A registered instrument of kind `test`, as small as an instrument can be."""
    declared = registry.Instrument(
        kind="test",
        label="Test",
        icon="tag",
        steps=("collect", "examine", "decide"),
        landing=lambda activity: f"/essai/{activity.slug}/",
        summary=lambda activity, moment: {},
        contribution_url=lambda contribution: f"/essai/contributions/{contribution.pk}/",
        personal_data=lambda user: (),
    )
    registry._instruments["test"] = declared
    yield declared
    registry._instruments.pop("test", None)


@pytest.fixture
def empty_queue(request: pytest.FixtureRequest) -> None:
    """No job left by a test that committed: the queue's tables are not Django's to flush."""
    marker = request.node.get_closest_marker("django_db")
    request.getfixturevalue(
        "transactional_db" if marker and marker.kwargs.get("transaction") else "db"
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events; DELETE FROM procrastinate_jobs")


@pytest.fixture
def site_is_set_up(db: None) -> None:
    """The rows that setting the site up makes: a visitor's page only reads them."""
    from wagtail.models import Site

    from cms.models import Navigation, SiteSettings

    cache.clear()
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None:
        SiteSettings.for_site(site)
        Navigation.for_site(site)
