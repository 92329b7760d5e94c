"""A map that keeps contributions back while it is open keeps them back everywhere."""

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import reverse

from participation.core import queries as core_queries
from tests.factories.mapping import make_map, make_map_contribution

pytestmark = pytest.mark.django_db
HERE = Point(1.45, 43.6, srid=4326)


def a_wish(**fields):
    map = make_map(**fields)
    return make_map_contribution(map, geometry=HERE, title="Un banc inattendu")


def paths(row) -> list[str]:
    return [
        reverse("mapping:contribution", args=[row.map.activity.slug, row.pk]),
        reverse("core:comments", args=[row.pk]),
    ]


@pytest.mark.parametrize(
    ("step", "shows_others", "is_listed"),
    [("collect", True, True), ("collect", False, False), ("examine", False, True)],
)
def test_it_is_listed_when_it_is_shown(client: Client, step, shows_others, is_listed):
    row = a_wish(step=step, shows_others=shows_others)
    found = list(core_queries.listed_contributions().values_list("pk", flat=True))
    assert found == ([row.pk] if is_listed else [])
    expected = 200 if is_listed else 404
    assert [client.get(path).status_code for path in paths(row)] == [expected, expected]


def test_search_and_index_of_pages_do_not_name_it(client: Client):
    row = a_wish(shows_others=False)
    shown = a_wish()
    search = client.get("/recherche/", {"q": "inattendu"}, follow=True).content.decode()
    assert paths(shown)[0] in search
    assert paths(row)[0] not in search


def test_its_author_still_reads_it(client: Client):
    row = a_wish(shows_others=False)
    client.force_login(row.contribution.author)
    assert [client.get(path).status_code for path in paths(row)] == [200, 200]
