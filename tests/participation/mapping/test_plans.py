"""On a filled table, the filters of the list are answered by indexes."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone

from maps.models import Territory
from participation.core.models import Contribution
from participation.mapping import queries
from participation.mapping.filters import filter_contributions, map_filters, ordered
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap
from tests.factories.accounts import make_territory, make_user
from tests.factories.mapping import make_category, make_map

pytestmark = pytest.mark.django_db
ROWS = 8_000
_BIG = ("mapping_mapcontribution", "core_contribution")


def fill() -> tuple[ParticipatoryMap, list[MapCategory], list[Territory]]:
    """Thousands of published contributions: twenty categories, forty districts."""
    map = make_map()
    categories = [make_category(map) for _ in range(20)]
    districts = [
        make_territory(kind="neighbourhood", parent=map.activity.process.perimeter)
        for _ in range(40)
    ]
    author, now = make_user(), timezone.now()
    spines = Contribution.objects.bulk_create(
        Contribution(
            activity=map.activity,
            author=author,
            title="Un verger rare" if number % 200 == 0 else f"Contribution {number}",
            body="Texte",
            territory=districts[number % 40],
            point=Point(1.3 + number % 100 / 400, 43.5 + number / ROWS / 5, srid=4326),
            visibility="published",
            created_at=now,
            submitted_at=now - datetime.timedelta(minutes=number),
            published_at=now,
        )
        for number in range(ROWS)
    )
    MapContribution.objects.bulk_create(
        MapContribution(
            contribution=spine, map=map, category=categories[number % 20], geometry=spine.point
        )
        for number, spine in enumerate(spines)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mapping_mapcontribution, core_contribution")
    return map, categories, districts


def test_filters_and_first_pages_read_no_table_from_end_to_end() -> None:
    map, categories, districts = fill()
    asked = {
        "text": {"q": "verger"},
        "category": {"categorie": str(categories[3].pk)},
        "district": {"quartier": str(districts[3].pk)},
        "around": {"pres": "43.600,1.400", "rayon": "500"},
        "category, by supports": {"categorie": str(categories[3].pk), "ordre": "soutiens"},
    }
    for name, params in asked.items():
        filters = map_filters(params, categories=categories, districts=districts)
        rows = filter_contributions(queries.public_contributions(map=map), filters)
        assert rows.count() > 0, name
        listed = ordered(queries.by_date_index(rows, map=map), filters)
        for query in (queries.for_lists(listed)[:20], rows.values("pk")):
            plan = query.explain()
            scanned = [table for table in _BIG if f"Seq Scan on {table}" in plan]
            assert scanned == [], f"{name}\n{plan}"


def test_the_first_page_walks_the_index_of_dates() -> None:
    map, categories, districts = fill()
    filters = map_filters({}, categories=categories, districts=districts)
    rows = filter_contributions(queries.public_contributions(map=map), filters)
    listed = ordered(queries.by_date_index(rows, map=map), filters)
    plan = listed[:20].explain()
    assert "contribution_list" in plan, plan
    assert "Sort" not in plan, plan
