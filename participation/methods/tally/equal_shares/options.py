"""The options of the Method of Equal Shares: what a regulation must say for one count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, get_args

from participation.methods.tally.envelopes import (
    envelopes_as_dict,
    envelopes_of_dict,
    require_envelopes,
    require_within,
)
from participation.methods.tally.inputs import Candidate
from participation.methods.tally.options import Remainder

Satisfaction = Literal["cost", "cardinality", "points"]
Completion = Literal["none", "add1", "add1u", "greedy"]
Add1Stop = Literal["exhaustive", "over_budget"]
Start = Literal["exact", "floor"]
Comparison = Literal["none", "greedy"]
OverBudget = Literal["competes", "excluded"]
TieCriterion = Literal["lower_cost", "higher_votes", "lot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualSharesOptions:
    """Every choice that the Method of Equal Shares leaves open.

    - `satisfaction`: what a selected project is worth to a voter who supports it: its `cost`
      (the project with the most effective votes is bought first), 1 (`cardinality`: the cheapest
      per supporter first), or the `points` that the ballot gives it. The two first read any
      ballot as a set of choices; the third needs points, and none or fewer is no support.
    - `completion`: what is done with the money that no group of supporters can gather. `none`;
      `add1`: count again with a larger share for every voter, as long as the winners cost no more
      than the budget; `add1u`: the same, then projects by score as long as they fit; `greedy`:
      projects by score at once.
    - `add1_stop`: raising the shares stops at the first `exhaustive` outcome (no project fits in
      what is left), or goes on until the winners would cost more than the budget
      (`over_budget`), and the outcome before that is kept.
    - `increment`: by how much each share is raised, in cents.
    - `start`: the first share is the `exact` quotient of the budget and the number of voters, or
      that quotient rounded down to a whole number of increments (`floor`).
    - `comparison`: with `greedy`, the outcome is compared with the projects taken by number of
      votes; the latter win if more voters prefer them than the contrary (by `satisfaction`).
    - `minimum_support`: with the ratio `r`, a project is excluded before the count when
      votes/voters < r × cost/budget. None: no minimum.
    - `over_budget`: a project that costs more than the whole budget takes part in the increments
      of Add1 as any other (`competes`: as soon as its supporters could pay it, the outcome before
      is kept), or is `excluded` before the count.
    - `group_budgets`: money set aside for each group of candidates, in cents: each envelope is an
      election of its own, between those who chose one of its candidates at least (see
      `participation.methods.tally.envelopes`). None for one envelope.
    - `remainder`: what the envelopes left, and what was set aside for none, is `lost`, `pooled`
      (one more election of the candidates not selected, between all voters) or for the
      `next_edition`.
    - `tie_chain`: criteria applied in turn to projects with the same price; ends with `lot`.
    - `lot`: rank of each candidate in a lot drawn once before the count, kept for all increments.

    Raises `ValueError` for options that contradict each other.
    """

    lot: Mapping[str, int]
    satisfaction: Satisfaction = "cost"
    completion: Completion = "add1"
    add1_stop: Add1Stop = "exhaustive"
    increment: int = 100
    start: Start = "exact"
    comparison: Comparison = "none"
    minimum_support: Fraction | None = None
    over_budget: OverBudget = "competes"
    group_budgets: Mapping[str, int] | None = None
    remainder: Remainder = "lost"
    tie_chain: tuple[TieCriterion, ...] = field(default=("lower_cost", "higher_votes", "lot"))

    def __post_init__(self) -> None:
        for name, allowed in (
            ("satisfaction", Satisfaction),
            ("completion", Completion),
            ("add1_stop", Add1Stop),
            ("start", Start),
            ("comparison", Comparison),
            ("over_budget", OverBudget),
        ):
            require_one_of(name, getattr(self, name), get_args(allowed))
        check_ties(self.tie_chain, self.lot)
        require_envelopes(self)
        if self.increment <= 0:
            raise ValueError("increment must be a positive number of cents")
        if self.minimum_support is not None and self.minimum_support < 0:
            raise ValueError("minimum_support cannot be negative")

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "EqualSharesOptions":
        """The options that `as_dict` wrote, from a published result for instance.

        Raises `TypeError` for an option that does not exist, `ValueError` for a wrong value.
        """
        values = envelopes_of_dict(plain)
        if values.get("minimum_support") is not None:
            values["minimum_support"] = Fraction(values["minimum_support"])
        if "tie_chain" in values:
            values["tie_chain"] = tuple(values["tie_chain"])
        return cls(**values)

    def check(self, candidates: Iterable[Candidate], budget: int) -> None:
        """Raise `ValueError` unless these options can count these candidates."""
        check_lot(self.lot, candidates)
        require_within(self, budget)

    def as_dict(self) -> dict[str, object]:
        """The options as plain values; the ratio as a text such as "1/3"."""
        support = self.minimum_support
        return {
            "satisfaction": self.satisfaction,
            "completion": self.completion,
            "add1_stop": self.add1_stop,
            "increment": self.increment,
            "start": self.start,
            "comparison": self.comparison,
            "minimum_support": None if support is None else str(support),
            "over_budget": self.over_budget,
            **envelopes_as_dict(self),
            "tie_chain": list(self.tie_chain),
            "lot": dict(self.lot),
        }


def require_one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    """Raise `ValueError` unless `value` is one of `allowed`."""
    if value not in allowed:
        raise ValueError(f"{option} must be one of {', '.join(allowed)}, not {value!r}")


def check_ties(chain: tuple[TieCriterion, ...], lot: Mapping[str, int]) -> None:
    """Raise `ValueError` unless a chain of criteria leaves no tie."""
    for criterion in chain:
        require_one_of("tie_chain", criterion, get_args(TieCriterion))
    if chain[-1:] != ("lot",) or len(set(chain)) != len(chain):
        raise ValueError("tie_chain must end with the lot and name each criterion once")
    if len(set(lot.values())) != len(lot):
        raise ValueError("two candidates have the same rank in the lot")


def check_lot(lot: Mapping[str, int], candidates: Iterable[Candidate]) -> None:
    """Raise `ValueError` unless every candidate has a rank in the lot."""
    without_lot = sorted(item.id for item in candidates if item.id not in lot)
    if without_lot:
        raise ValueError(f"no rank in the lot for: {', '.join(without_lot)}")
