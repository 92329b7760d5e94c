"""Which ballots are valid, kind by kind."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.methods.validity import REFUSALS, BallotRule, check_ballot

COSTS = {"bench": 300, "well": 500, "swing": 400, "hedge": 200}


def rule(kind: str, **options: Any) -> BallotRule:
    return BallotRule(**{"kind": kind, "costs": COSTS, **options})


@pytest.mark.parametrize(
    ("choices", "refusals"),
    [
        (("bench",), ()),
        (("bench", "well", "swing"), ()),
        ((), ("too_few_choices",)),
        (("bench", "well", "swing", "hedge"), ("too_many_choices",)),
        (("bench", "bench"), ("repeated_choice",)),
        (("ghost",), ("unknown_project",)),
        (
            ("ghost", "ghost", "bench", "well"),
            ("repeated_choice", "unknown_project", "too_many_choices"),
        ),
    ],
)
def test_approval(choices: Sequence[str], refusals: tuple[str, ...]) -> None:
    assert check_ballot(choices, rule("approval", max_choices=3)) == refusals
    assert check_ballot(choices, rule("ordinal", max_choices=3)) == refusals


def test_a_blank_ballot_is_valid_where_the_rule_admits_it() -> None:
    assert check_ballot((), rule("approval", min_choices=0)) == ()
    assert check_ballot((), rule("cumulative", min_choices=0, min_points_in_all=10)) == ()


def test_choose_one_takes_one_whatever_the_maximum() -> None:
    assert check_ballot(("bench",), rule("choose-1", max_choices=5)) == ()
    assert check_ballot(("bench", "well"), rule("choose-1", max_choices=5)) == ("too_many_choices",)


def test_knapsack_stays_within_the_money() -> None:
    within = rule("knapsack", budget_cents=900)

    assert check_ballot(("well", "swing"), within) == ()
    assert check_ballot(("well", "swing", "hedge"), within) == ("over_budget",)
    with pytest.raises(ValueError, match="needs a budget"):
        rule("knapsack")


@pytest.mark.parametrize(
    ("choices", "points", "refusals"),
    [
        (("bench", "well"), (6, 4), ()),
        (("bench", "well"), (6, 3), ("too_few_points_in_all",)),
        (("bench", "well"), (6, 5), ("too_many_points_in_all",)),
        (("bench",), (7,), ("points_above_maximum", "too_few_points_in_all")),
        (("bench", "well", "swing"), (6, 4, 0), ("points_below_minimum",)),
        (("bench", "well"), (10,), ("points_mismatch", "points_above_maximum")),
        (("bench",), None, ("points_missing",)),
    ],
)
def test_cumulative(
    choices: Sequence[str], points: Sequence[int] | None, refusals: tuple[str, ...]
) -> None:
    ten = rule("cumulative", max_points=6, min_points_in_all=10, max_points_in_all=10)

    assert check_ballot(choices, ten, points=points) == refusals


def test_points_are_not_expected_on_an_approval_ballot() -> None:
    assert check_ballot(("bench",), rule("approval"), points=(3,)) == ("points_not_expected",)
    assert check_ballot(("bench",), rule("approval"), points=()) == ()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        rule("shouting")


@given(
    st.lists(st.sampled_from([*COSTS, "ghost"]), max_size=6),
    st.none() | st.lists(st.integers(-2, 8), max_size=6),
    st.sampled_from(["approval", "choose-1", "knapsack", "cumulative", "ordinal", "scoring"]),
)
def test_refusals_are_known_codes_in_a_fixed_order(
    choices: list[str], points: list[int] | None, kind: str
) -> None:
    refusals = check_ballot(
        choices, rule(kind, budget_cents=700, max_choices=3, max_points=5), points=points
    )

    assert [code for code in REFUSALS if code in refusals] == list(refusals)
