"""What an officer chooses is what is frozen, what is told and what is counted."""

import pytest
from django.utils import translation

from participation.budgets.choices import BallotKind, Grouping, Remainder
from participation.budgets.models import Ballot, Category, Poll
from participation.budgets.presentation import limits_sentence, rules_of_counting
from participation.budgets.presentation.counting import reason_sentence
from participation.budgets.services.setup import save_rules
from participation.budgets.services.vote.counting import recount
from participation.budgets.services.vote.publication.rules import rule_name
from participation.budgets.services.vote.regulation import counting_options
from tests.factories.accounts import make_territory
from tests.factories.budgets import (
    make_budget,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
)
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db

Given = tuple[str, list[int] | None]


def box(poll: Poll, *ballots: Given) -> list[str]:
    """Put ballots in the box (references, points) and count: the winners."""
    keys = {project["reference"]: project["id"] for project in poll.options["projects"]}
    for number, (choices, points) in enumerate(ballots):
        Ballot.objects.create(
            poll=poll,
            code=f"TEST{number:012d}",
            choices=[keys[name] for name in choices.split()],
            points=points,
        )
    result, _ = recount(poll=poll)
    return list(result.winners)


def envelope_of(costs: dict[str, int], amount: int, **rules: object):
    envelope = make_envelope(make_budget("decide", **rules), amount_cents=amount)
    for reference, cost in costs.items():
        make_project(envelope, reference=reference, cost_cents=cost)
    return envelope


def test_points_are_counted_when_voters_share_points():
    envelope = envelope_of(
        {"A": 500, "B": 500}, 500, ballot_kind=BallotKind.CUMULATIVE, max_points=10
    )
    poll = make_poll(envelope=envelope)

    assert (poll.options["measure"], poll.options["max_points"]) == ("points", 10)
    # A has two votes and 3 points, B one vote and 9 points.
    assert box(poll, ("A", [2]), ("A B", [1, 9])) == ["B"]


def test_ranks_are_worth_the_points_that_the_rule_says():
    envelope = envelope_of(
        {"A": 500, "B": 500},
        500,
        ballot_kind=BallotKind.ORDINAL,
        rank_scores=[5, 1],
        max_choices=2,
    )
    poll = make_poll(envelope=envelope)

    # A is second twice and first once: 7 points; B first twice, second once: 11.
    assert box(poll, ("B A", None), ("B A", None), ("A B", None)) == ["B"]
    result, has_points = recount(poll=poll)
    assert has_points
    assert {item.candidate: item.score for item in result.outcomes} == {"A": 7, "B": 11}


def test_each_category_is_guaranteed_a_winner():
    budget = make_budget("decide", grouping=Grouping.CATEGORY, minimum_winners=1)
    envelope = make_envelope(budget, amount_cents=900)
    play, green = (
        Category.objects.create(budget=budget, name=name, position=place)
        for place, name in enumerate(("Jeux", "Nature"))
    )
    make_project(envelope, reference="A", cost_cents=500, category=play)
    make_project(envelope, reference="B", cost_cents=400, category=play)
    make_project(envelope, reference="C", cost_cents=400, category=green)
    poll = make_poll(envelope=envelope)

    assert poll.options["minimum_winners"] == {"Jeux": 1, "Nature": 1}
    # By votes alone B, the cheaper of the two first, then A would take all the money.
    assert box(poll, ("A B", None), ("A B", None), ("C", None)) == ["B", "C"]
    result, _ = recount(poll=poll)
    with translation.override("fr"):
        told = rules_of_counting(poll.options)
        why = reason_sentence(result.outcome("C").reasons[0].as_dict(), {}, options=poll.options)
    assert (
        "Le projet le mieux placé de chaque catégorie est d’abord retenu, tant qu’il reste de "
        "l’argent." in told
    )
    assert why.startswith("Parmi les lauréats garantis à chaque catégorie")


def test_each_group_is_called_by_what_it_is():
    """No sentence on the groups of a count by category speaks of neighbourhoods."""
    shares = {"group_budgets": {"N": 1}, "grouping": "category"}
    many = [
        rules_of_counting({"rule": rule, **shares, "remainder": remainder, "minimum_winners": wins})
        for rule in ("greedy", "equal_shares", "phragmen")
        for remainder in ("lost", "next_edition", "pooled")
        for wins in ({}, {"N": 2}, {"N": 1, "S": 2})
    ]
    told = " ".join(sentence for sentences in many for sentence in sentences)
    assert "catégorie" in told
    assert "quartier" not in told


def test_a_project_needs_its_part_of_the_ballots():
    envelope = envelope_of({"A": 100, "B": 100}, 500, minimum_share_percent=50)
    poll = make_poll(envelope=envelope)

    assert box(poll, ("A", None), ("A B", None), ("A", None)) == ["A"]


def test_a_poll_frozen_before_an_option_existed_is_counted_without_it():
    poll = make_poll(envelope=envelope_of({"A": 100}, 500))
    older = dict(poll.options)
    for name in ("minimum_winners", "minimum_share", "grouping", "rank_scores"):
        del older[name]

    assert counting_options(older) == counting_options(poll.options)


def by_neighbourhood(**rules: object) -> Poll:
    """1,000 cents, 400 for each of two neighbourhoods, counted by equal shares."""
    budget = make_budget(
        "decide", rule="equal_shares", completion="none", district_quota_cents=400, **rules
    )
    envelope = make_envelope(budget, amount_cents=1000)
    here, there = make_territory(code="N1"), make_territory(code="N2")
    make_project(envelope, reference="A", cost_cents=240, territory=here)
    make_project(envelope, reference="B", cost_cents=200, territory=here)
    make_project(envelope, reference="C", cost_cents=120, territory=there)
    return make_poll(envelope=envelope)


BY_NEIGHBOURHOOD: tuple[Given, ...] = (
    ("A B", None),
    ("A B", None),
    ("A", None),
    ("A C", None),
    ("C", None),
)


def test_equal_shares_are_counted_neighbourhood_by_neighbourhood():
    poll = by_neighbourhood(remainder=Remainder.LOST)

    # N1: four voters, 100 each: A for 60 each, then those of B have 40 each left, 80 for 200.
    # N2: two voters, 200 each: C for 60 each.
    assert box(poll, *BY_NEIGHBOURHOOD) == ["A", "C"]
    result, _ = recount(poll=poll)
    assert (result.spent, result.carried_over) == (360, 0)
    assert rule_name(poll.options) == "unknown"
    with translation.override("fr"):
        told = rules_of_counting(poll.options)
        why = reason_sentence(result.outcome("B").reasons[0].as_dict(), {})
    assert told[0] == (
        "Chaque quartier a son argent et son décompte\u00a0: l’argent est partagé également entre "
        "ceux qui ont choisi au moins un de ses projets."
    )
    assert "Ce que les quartiers n’ont pas employé n’est pas dépensé." in told
    assert why.startswith("Dans la part de son quartier")


def test_what_neighbourhoods_leave_to_all_is_one_more_count_by_equal_shares():
    poll = by_neighbourhood(remainder=Remainder.POOLED)

    # 640 between the five voters: 128 each. The two of B have 256 for its 200.
    assert box(poll, *BY_NEIGHBOURHOOD) == ["A", "C", "B"]
    with translation.override("fr"):
        told = rules_of_counting(poll.options)
    assert any("mis en commun pour un dernier décompte" in text for text in told)


def test_phragmen_is_counted_neighbourhood_by_neighbourhood():
    budget = make_budget(
        "decide", rule="phragmen", district_quota_cents=300, remainder=Remainder.NEXT_EDITION
    )
    envelope = make_envelope(budget, amount_cents=1000)
    for reference, cost, district in (("A", 200, "N1"), ("B", 200, "N1"), ("C", 300, "N2")):
        make_project(envelope, reference=reference, cost_cents=cost, district=district)
    poll = make_poll(envelope=envelope)

    assert box(poll, ("A B", None), ("A", None), ("C", None)) == ["A", "C"]
    result, _ = recount(poll=poll)
    assert result.carried_over == 500
    with translation.override("fr"):
        told = rules_of_counting(poll.options)
    assert told[0] == "Chaque quartier a son argent et son décompte, entre ses projets."
    assert any("prochaine édition" in text for text in told)


def refused(budget, **rules: object) -> tuple[str, ...]:
    return refusal(save_rules, budget=budget, rules=rules, actor=make_officer())


def test_rules_that_cannot_be_counted_are_refused():
    budget = make_budget("examine", max_choices=3)

    assert refused(budget, ballot_kind="cumulative") == ("points_missing",)
    assert refused(budget, ballot_kind="ordinal") == ("points_of_ranks_missing",)
    short = {"ballot_kind": "ordinal", "rank_scores": [2, 1]}
    assert refused(budget, **short) == ("points_of_ranks_missing",)
    for rule in ("equal_shares", "phragmen"):
        assert refused(budget, rule=rule, minimum_winners=1) == ("guarantee_without_ranking",)
        assert refused(budget, rule=rule, minimum_votes=5) == ("minimum_without_ranking",)
    guarantee = {"minimum_winners": 1, "district_quota_cents": 100, "remainder": Remainder.LOST}
    assert refused(budget, **guarantee) == ("guarantee_without_common_money",)


def test_what_is_frozen_is_what_the_rules_page_says():
    envelope = envelope_of(
        {"A": 100},
        500,
        ballot_kind=BallotKind.ORDINAL,
        rank_scores=[3, 2, 1],
        max_choices=3,
        minimum_winners=2,
        minimum_share_percent=5,
    )
    budget = envelope.budget
    make_project(envelope, reference="B", cost_cents=100, district="Bourg")
    poll = make_poll(envelope=envelope)
    with translation.override("fr"):
        told = [text.replace("\N{NO-BREAK SPACE}", " ") for text in rules_of_counting(poll.options)]
        limits = limits_sentence(budget)

    assert "Les projets sont classés par nombre de points." in told
    assert "Du premier au dernier rang d’un bulletin, les points sont : 3, 2, 1." in told
    assert any("2 projets les mieux placés de chaque quartier" in text for text in told)
    assert "Un projet doit être choisi par au moins 5 % des bulletins." in told
    assert limits.endswith("Classez-les dans votre ordre de préférence.")
