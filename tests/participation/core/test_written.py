"""Queries written once: the same objects as Django's own, whatever each reading brings."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, CharField, Count, Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from maps.models import Territory
from participation.budgets.models import Idea
from participation.core.models import Contribution, Phase, Support
from participation.core.written import Among, Given, Written, WrittenFor, attach
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


def test_named_tuples_come_with_their_own_names(django_assert_num_queries: Any) -> None:
    budget = make_budget()
    place = make_territory(kind="neighbourhood", parent=budget.activity.process.perimeter)
    idea = make_idea(budget, title="Un banc", territory=place)
    rows = Written(
        lambda: (
            Contribution.objects.filter(activity=KEY)
            .annotate(marks=Count("supports"))
            .order_by("pk")
            .values_list("title", "territory__name", "marks", "created_at", named=True)
        )
    )
    with django_assert_num_queries(1):
        (row,) = rows.read(key=budget.pk)
    assert row._fields == ("title", "territory__name", "marks", "created_at")
    assert row == ("Un banc", place.name, 0, idea.contribution.created_at)


def test_a_query_is_written_once_for_each_thing_it_is_told(
    django_assert_num_queries: Any,
) -> None:
    made: list[str] = []

    def in_place(title: str) -> Any:
        made.append(title)
        return Contribution.objects.filter(title=title, activity=KEY).order_by("pk")

    budget = make_budget()
    here, there = make_idea(budget, title="100 %s d'ombre"), make_idea(budget, title="'; --")
    written = WrittenFor(in_place, most=2)
    for _ in range(7):
        for idea in (here, there):
            with django_assert_num_queries(1):
                found = written.read(idea.contribution.title, key=budget.pk)
            assert found == [idea.contribution]
    assert made == ["100 %s d'ombre", "'; --"]
    assert written.read("Rien", key=budget.pk) == []
    assert written.read("100 %s d'ombre", key=budget.pk) == [here.contribution]
    assert made == ["100 %s d'ombre", "'; --", "Rien", "100 %s d'ombre"]  # two are kept


def test_circles_are_told_too() -> None:
    place = make_territory()
    centre = place.geometry.point_on_surface
    around = WrittenFor(
        lambda radius: Territory.objects.filter(
            pk=KEY, geometry__intersects=centre.buffer(radius)
        ).order_by("pk")
    )
    for _ in range(2):
        assert around.read(0.001, key=place.pk) == [place]
        assert around.read(0.001, key=place.pk + 1) == []


def test_a_query_without_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        Written(lambda: Idea.objects.order_by()).read()


def test_attached_rows_are_asked_no_more(django_assert_num_queries: Any) -> None:
    budget = make_budget()
    phases = list(budget.activity.phases.order_by("period"))
    attach(budget.activity, "phases", phases, Phase)
    with django_assert_num_queries(0):
        assert list(budget.activity.phases.all()) == phases


@pytest.mark.django_db(transaction=True)
def test_threads_that_read_geometries_at_once_do_not_mix_them() -> None:
    """GEOS' readers are each for one thread: the query is kept by all, its reader by none."""
    outlines = {}
    for number in range(1, 9):
        ring = Point(number, number, srid=4326).buffer(1, quadsegs=250 * number)
        town = make_territory(f"Ville {number}")
        Territory.objects.filter(pk=town.pk).update(geometry=MultiPolygon(ring, srid=4326))
        outlines[town.pk] = Territory.objects.get(pk=town.pk).geometry
    one = Written(lambda: Territory.objects.filter(pk=KEY).order_by("pk"))
    one.read(key=next(iter(outlines)))  # made by this thread, read by the others

    def wrong(key: int) -> list[str]:
        try:
            read = [one.read(key=key)[0].geometry for _time in range(150)]
            told = [each.srid == 4326 and each.equals_exact(outlines[key]) for each in read]
        finally:
            connection.close()
        return [f"{key}"] * told.count(False)

    with ThreadPoolExecutor(8) as pool:
        assert [each for found in pool.map(wrong, outlines) for each in found] == []
