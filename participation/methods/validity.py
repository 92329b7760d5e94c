"""Is a ballot valid? The one definition, for the form, the paper count and the recount alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

BallotKind = Literal["approval", "choose-1", "knapsack", "cumulative", "ordinal", "scoring"]

REFUSALS = (
    "repeated_choice",
    "unknown_project",
    "too_few_choices",
    "too_many_choices",
    "over_budget",
    "points_missing",
    "points_not_expected",
    "points_mismatch",
    "points_below_minimum",
    "points_above_maximum",
    "too_few_points_in_all",
    "too_many_points_in_all",
)
"""Every code that `check_ballot` may give, in the order in which it gives them."""

_KINDS_WITH_POINTS = ("cumulative", "scoring")


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotRule:
    """What a regulation says of a ballot. None means that it sets no limit.

    `costs` gives the cost in cents of each project that stands: naming any other is an error.
    `budget_cents` bounds the sum of the chosen costs of a knapsack ballot. A blank ballot is one
    without choices; it is valid when `min_choices` is 0. Minimum sums do not apply to it.

    Choices are in the voter's order of preference when the kind is `ordinal`; what each rank is
    worth belongs to the count, not to the ballot. A kind with grades would give them as `points`.
    """

    kind: BallotKind
    costs: Mapping[str, int] = field(default_factory=dict)
    min_choices: int = 1
    max_choices: int | None = None
    budget_cents: int | None = None
    min_points: int = 1
    max_points: int | None = None
    min_points_in_all: int | None = None
    max_points_in_all: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(BallotKind):
            raise ValueError(f"unknown kind of ballot: {self.kind!r}")
        if self.kind == "knapsack" and self.budget_cents is None:
            raise ValueError("a knapsack ballot needs a budget")


def check_ballot(
    choices: Sequence[str], rule: BallotRule, *, points: Sequence[int] | None = None
) -> tuple[str, ...]:
    """Why a ballot is refused, as codes of `REFUSALS`; empty when it is valid."""
    found = {
        *_problems_of_choices(choices, rule),
        *_problems_of_points(choices, points, rule),
    }
    return tuple(code for code in REFUSALS if code in found)


def _problems_of_choices(choices: Sequence[str], rule: BallotRule) -> set[str]:
    found: set[str] = set()
    distinct = set(choices)
    if len(distinct) != len(choices):
        found.add("repeated_choice")
    if not distinct <= rule.costs.keys():
        found.add("unknown_project")
    if len(choices) < rule.min_choices:
        found.add("too_few_choices")
    maximum = 1 if rule.kind == "choose-1" else rule.max_choices
    if maximum is not None and len(choices) > maximum:
        found.add("too_many_choices")
    if rule.kind == "knapsack" and rule.budget_cents is not None:
        cost = sum(rule.costs.get(choice, 0) for choice in choices)
        if cost > rule.budget_cents:
            found.add("over_budget")
    return found


def _problems_of_points(
    choices: Sequence[str], points: Sequence[int] | None, rule: BallotRule
) -> set[str]:
    if rule.kind not in _KINDS_WITH_POINTS:
        return {"points_not_expected"} if points else set()
    if points is None:
        return {"points_missing"} if choices else set()
    found: set[str] = set()
    if len(points) != len(choices):
        found.add("points_mismatch")
    if any(point < rule.min_points for point in points):
        found.add("points_below_minimum")
    if rule.max_points is not None and any(point > rule.max_points for point in points):
        found.add("points_above_maximum")
    total = sum(points)
    if choices and rule.min_points_in_all is not None and total < rule.min_points_in_all:
        found.add("too_few_points_in_all")
    if rule.max_points_in_all is not None and total > rule.max_points_in_all:
        found.add("too_many_points_in_all")
    return found
