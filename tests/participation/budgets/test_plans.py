"""What a large activity holds costs nothing to the lists of another in the same tables."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import Budget, Idea
from participation.core.models import Contribution
from tests.factories.accounts import make_territory
from tests.factories.budgets import make_budget, make_category
from tests.factories.core import make_activity

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
IDEAS, OTHERS = 400, 20_000

_OTHERS = """
    INSERT INTO core_contribution (activity_id, author_label, title, body, territory_id, address,
        visibility, source, submission_key, source_system, source_id, created_at, submitted_at,
        published_at, supports_count, comments_count)
    SELECT %s, '', 'Des arbres ' || number, 'Ici.', %s, '', 'published', 'online',
           gen_random_uuid(), '', '', moment, moment, moment, 0, 0
    FROM generate_series(1, %s) AS number
    CROSS JOIN LATERAL (SELECT now() - number * interval '1 minute' AS moment) AS dated
"""


def fill(budget: Budget) -> tuple[int, int]:
    """Ideas of which one in four is about trees; the keys of a category and of a place."""
    place = make_territory(kind="neighbourhood", parent=budget.activity.process.perimeter)
    category = make_category(budget)
    now = timezone.now()
    contributions = Contribution.objects.bulk_create(
        Contribution(
            activity=budget.activity,
            title="Planter des arbres" if number % 4 == 0 else f"Idée {number}",
            body="Un texte.",
            territory=place if number % 2 else None,
            visibility="published",
            created_at=now,
            submitted_at=now,
            published_at=now,
        )
        for number in range(IDEAS)
    )
    Idea.objects.bulk_create(
        Idea(contribution=each, budget=budget, category=category if each.pk % 3 == 0 else None)
        for each in contributions
    )
    return category.pk, place.pk


_BLOCKS = """
    SELECT sum(pg_stat_get_xact_blocks_fetched(relation)) FROM (
        SELECT 'core_contribution'::regclass::oid AS relation
        UNION ALL
        SELECT indexrelid FROM pg_index WHERE indrelid = 'core_contribution'::regclass
    ) AS relations
"""


def blocks_read(client: Client, url: str) -> int:
    """How many blocks of the contributions' table and indexes the answer to `url` takes."""
    client.get(url)  # what the site keeps in memory for everybody
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS)
        before = cursor.fetchone()[0]
        assert client.get(url).status_code == 200
        cursor.execute(_BLOCKS)
        return int(cursor.fetchone()[0] - before)


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_contribution, budgets_idea")


def test_a_large_activity_beside_a_budget_does_not_slow_its_lists(client: Client) -> None:
    budget = make_budget()
    category, place = fill(budget)
    idea = Idea.objects.filter(budget=budget).order_by("pk").first()
    assert idea is not None
    ideas = reverse("budgets:ideas", args=[budget.activity.slug])
    urls = [
        ideas,
        f"{ideas}?ordre=soutiens",
        f"{ideas}?q=arbres",
        f"{ideas}?q=arbres&categorie={category}",
        f"{ideas}?categorie={category}&statut=received",
        f"{ideas}?quartier={place}&q=arbres",
        reverse("budgets:idea", args=[budget.activity.slug, idea.pk]),
        reverse("budgets:home", args=[budget.activity.slug]),
    ]
    analyze()
    alone = {url: blocks_read(client, url) for url in urls}
    other = make_activity()
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [other.pk, place, OTHERS])
    analyze()
    beside = {url: blocks_read(client, url) for url in urls}
    # The whole table is a hundred times that of the budget.
    grown = {url: (alone[url], beside[url]) for url in urls if beside[url] > 2 * alone[url] + 100}
    assert grown == {}
