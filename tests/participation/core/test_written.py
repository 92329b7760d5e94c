"""Queries written once: the same objects as Django's own, whatever each reading brings."""

from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, CharField, Count, Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from participation.budgets.models import Idea
from participation.core.models import Contribution, Phase, Support
from participation.core.written import Among, Given, Written, attach
from tests.factories.accounts import make_territory
from tests.factories.budgets import make_budget, make_category, make_idea

pytestmark = pytest.mark.django_db

KEY = Given("key", BigIntegerField())


def test_each_reading_brings_its_own_values(django_assert_num_queries: Any) -> None:
    by_title = Written(
        lambda: Contribution.objects.filter(
            title=Given("title", CharField()), visibility="published"
        ).order_by("pk")
    )
    first, second = make_idea(title="Un « 100 % » d’arbres"), make_idea(title="Un banc")
    make_idea(title="Un banc", visibility="pending")
    for _ in range(7):  # beyond the reading from which the plan is kept
        with django_assert_num_queries(1):
            assert by_title.read(title="Un « 100 % » d’arbres") == [first.contribution]
        assert by_title.read(title="Un banc") == [second.contribution]
        assert by_title.read(title="'; --") == []
    assert by_title.first(title="Rien") is None


def test_a_kept_plan_still_says_its_text() -> None:
    one = Written(lambda: Idea.objects.filter(pk=KEY).order_by("pk"))
    with CaptureQueriesContext(connection) as captured:
        for key in range(7):
            one.read(key=key)
    assert ["budgets_idea" in query["sql"] for query in captured.captured_queries] == [True] * 7


def test_constants_with_percents_stay_what_they_are() -> None:
    found = Written(
        lambda: Contribution.objects.filter(title="100 %s", activity=KEY).order_by("pk")
    )
    idea = make_idea(title="100 %s")
    assert found.read(key=idea.contribution.activity_id) == [idea.contribution]


def test_related_rows_deferred_columns_and_annotations_come_along(
    django_assert_num_queries: Any,
) -> None:
    budget = make_budget()
    place = make_territory(kind="neighbourhood", parent=budget.activity.process.perimeter)
    with_all = make_idea(budget, territory=place, category=make_category(budget, "Nature"))
    bare = make_idea(budget)
    supports = Support.objects.filter(contribution=OuterRef("pk")).order_by()
    written = Written(
        lambda: (
            Idea.objects.filter(budget=KEY)
            .select_related("category", "contribution__territory")
            .only("state", "category__name", "contribution__title", "contribution__territory__name")
            .annotate(supports=Count("contribution__supports"), supported=Exists(supports))
            .order_by("-pk")
        )
    )
    with django_assert_num_queries(1):
        second, first = written.read(key=budget.pk)
        assert (first.pk, second.pk) == (with_all.pk, bare.pk)
        assert first.category is not None
        assert first.contribution.territory is not None
        assert first.contribution.territory.name == place.name
        assert (second.category, second.contribution.territory) == (None, None)
        assert second.supports == 0  # type: ignore[attr-defined]  # annotated
        assert second.supported is False  # type: ignore[attr-defined]  # annotated
    assert "geometry" in first.contribution.territory.get_deferred_fields()


def test_geometries_and_periods_are_converted() -> None:
    budget = make_budget()
    phases = Written(lambda: Phase.objects.filter(activity=KEY).order_by("period"))
    assert [phase.period for phase in phases.read(key=budget.pk)] == [
        phase.period for phase in budget.activity.phases.order_by("period")
    ]
    place = make_territory()
    same = Written(lambda: type(place).objects.filter(pk=KEY).order_by("pk")).first(key=place.pk)
    assert same is not None
    place.refresh_from_db()
    assert (same.geometry, same.geometry.srid) == (place.geometry, 4326)


def test_one_text_for_lists_of_any_length() -> None:
    ideas = [make_idea() for _ in range(3)]
    among = Written(
        lambda: Idea.objects.filter(
            Among("contribution_id", Given("keys", ArrayField(BigIntegerField())))
        ).order_by("pk")
    )
    for keys in ([], [ideas[1].pk], [idea.pk for idea in ideas]):
        assert [idea.pk for idea in among.read(keys=keys)] == keys


def test_a_reading_is_cut_where_it_asks() -> None:
    budget = make_budget()
    keys = [make_idea(budget).pk for _ in range(4)]
    cut = Written(lambda: Idea.objects.filter(budget=KEY).order_by("pk"), cut=True)
    assert [idea.pk for idea in cut.read(key=budget.pk, limit=2, offset=1)] == keys[1:3]
    assert [idea.pk for idea in cut.read(key=budget.pk, limit=None, offset=0)] == keys


def test_a_query_without_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        Written(lambda: Idea.objects.order_by()).read()


def test_attached_rows_are_asked_no_more(django_assert_num_queries: Any) -> None:
    budget = make_budget()
    phases = list(budget.activity.phases.order_by("period"))
    attach(budget.activity, "phases", phases, Phase)
    with django_assert_num_queries(0):
        assert list(budget.activity.phases.all()) == phases
