"""Reads: what they hold, and that they cost the same with one row and with many."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.budgets import queries
from participation.budgets.queries.office import deliveries_by_step, waiting
from tests.factories.accounts import make_territory
from tests.factories.budgets import (
    cast,
    make_budget,
    make_category,
    make_counted_poll,
    make_delivery,
    make_envelope,
    make_idea,
    make_poll,
    make_project,
    make_study,
)

pytestmark = pytest.mark.django_db


def count_queries(call) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def touch_idea(idea) -> None:
    contribution = idea.contribution
    str((idea.category, contribution.territory, contribution.pictures))


def test_published_ideas_are_those_that_anyone_may_read_newest_first():
    budget = make_budget()
    old = make_idea(budget, submitted_at=timezone.now() - datetime.timedelta(days=5))
    new = make_idea(budget)
    make_idea(budget, visibility="pending")
    make_idea(budget, visibility="draft")
    make_idea()
    assert list(queries.published_ideas(budget=budget)) == [new, old]
    budget.activity.process.published_at = None
    budget.activity.process.save()
    assert list(queries.published_ideas(budget=budget)) == []


def test_lists_cost_the_same_with_one_row_and_with_many():
    budget = make_budget("decide")
    envelope = make_envelope(budget)

    def add():
        make_idea(budget, category=make_category(budget), territory=make_territory())
        make_project(envelope, category=make_category(budget), territory=make_territory())

    def read():
        ideas = list(queries.for_cards(queries.published_ideas(budget=budget)))
        queries.with_pictures(ideas)
        for idea in ideas:
            touch_idea(idea)
        for project in queries.projects(budget=budget):
            str((project.envelope, project.category, project.territory))
        queries.budget_figures(budget=budget)
        waiting(budget=budget)

    add()
    first = count_queries(read)
    for _ in range(3):
        add()
    assert count_queries(read) == first == 8


def test_similar_ideas_share_words_or_spelling_and_are_public():
    budget = make_budget()
    trees = make_idea(budget, title="Planter des arbres place Abal", body="De l’ombre.")
    typo = make_idea(budget, title="Plantter des abres place Abal", body="x")
    make_idea(budget, title="Réparer le terrain de basket", body="x")
    make_idea(budget, title="Planter des arbres place Abal", visibility="pending")
    make_idea(title="Planter des arbres place Abal")
    found = queries.similar_ideas(budget=budget, text="planter un arbre place abal")
    assert found == [trees, typo]
    assert queries.similar_ideas(budget=budget, text="arb") == []
    assert queries.similar_ideas(budget=budget, text="' | & ! :* <->") == []
    assert queries.similar_ideas(budget=budget, text="planter arbres", limit=1) == [trees]


def test_drafts_are_not_projects_for_the_public_and_ballots_hold_what_was_sealed():
    poll = make_poll(projects=2)
    make_project(poll.envelope, state="draft")
    assert queries.projects(budget=poll.envelope.budget).count() == 2
    assert queries.ballot_projects(poll=poll).count() == 2


def test_results_give_winners_others_and_neighbourhoods():
    budget = make_budget("decide", max_choices=None)
    envelope = make_envelope(budget, amount_cents=1000)
    north, south = make_territory("Nord"), make_territory("Sud")
    one = make_project(envelope, cost_cents=700, territory=north)
    two = make_project(envelope, cost_cents=600, territory=south)
    make_counted_poll(envelope=envelope, ballots=2)
    (result,) = queries.results(budget=budget)
    assert (result.winners, result.others) == ((one,), (two,))
    assert (result.tally.voters, result.left_cents) == (3, 300)
    assert [(d.name, d.winners, d.votes, d.spent_cents) for d in result.districts] == [
        ("Nord", 1, 2, 700),
        ("Sud", 0, 1, 0),
    ]
    assert count_queries(lambda: queries.results(budget=budget)) == 2


def test_turnout_is_known_during_the_vote_and_after():
    poll = make_poll()
    budget = poll.envelope.budget
    for _ in range(2):
        cast(poll, poll.envelope.projects.order_by("pk")[:1])
    assert [(entry.poll, entry.voters) for entry in queries.turnout(budget=budget)] == [(poll, 2)]


def test_figures_hide_the_result_before_its_publication():
    tally = make_counted_poll(published=False, ballots=2)
    budget = tally.poll.envelope.budget
    hidden = queries.budget_figures(budget=budget)
    assert (hidden.voters, hidden.winners, hidden.spent_cents) == (3, 0, 0)
    budget.results_published_at = timezone.now()
    shown = queries.budget_figures(budget=budget)
    assert (shown.winners, shown.spent_cents) == (2, 2_000_000)


def test_what_waits_is_counted_by_job():
    budget = make_budget()
    make_idea(budget)
    make_idea(budget, visibility="pending")
    make_idea(budget, state="eligible")
    make_study(make_idea(budget, state="in_study"))
    make_idea(budget, state="in_study")
    make_idea(budget, state="feasible")
    make_project(make_envelope(budget), state="draft")
    counts = waiting(budget=budget)
    assert {name: getattr(counts, name) for name in counts.__slots__} == {
        "to_moderate": 1,
        "to_sort": 1,
        "to_assign": 1,
        "studies": 1,
        "to_decide": 1,
        "to_merge": 1,
        "drafts": 1,
        "to_seal": 1,
        "to_count": 0,
        "to_start": 0,
    }


def test_deliveries_are_counted_at_every_step():
    make_delivery(step="works")
    make_delivery(step="works")
    counted = [(step, number) for step, _label, number in deliveries_by_step()]
    assert counted == [
        ("not_started", 0),
        ("procedures", 0),
        ("studies", 0),
        ("works", 2),
        ("handover", 0),
        ("completed", 0),
        ("abandoned", 0),
    ]
