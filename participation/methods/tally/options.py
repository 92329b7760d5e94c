"""The options of the greedy rule: what a regulation must say for the count to be one count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from participation.methods.tally.inputs import Candidate

Measure = Literal["votes", "points"]
OnMisfit = Literal["skip", "stop"]
Remainder = Literal["lost", "pooled", "next_edition"]
Criterion = Literal["higher_votes", "higher_points", "lower_cost", "higher_cost", "lot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GreedyOptions:
    """Every choice that the greedy rule leaves open.

    - `measure`: candidates are ranked by number of votes or by sum of points.
    - `on_misfit`: when a candidate costs more than what is left, `skip` it and go on with the
      next, or `stop` the selection there.
    - `group_budgets`: money set aside for each group of candidates, in cents, spent group by
      group in this order; None for one envelope. Candidates of a group that has no money set
      aside only compete for a pooled remainder.
    - `remainder`: what no group spent, and what was set aside for none, is `lost`, `pooled` (all
      the candidates not yet selected compete for it) or kept for the `next_edition`.
    - `remainder_on_misfit`: `skip` or `stop` for that last selection; as `on_misfit` when None.
    - `minimum_votes`, `minimum_points`: candidates below are never selected. One vote is asked by
      default: a project that nobody chose is not funded because money is left.
    - `tie_chain`: criteria applied in turn to candidates with the same measure; ends with `lot`.
    - `lot`: rank of each candidate in a lot drawn before the count (see `draw_order`).

    Raises `ValueError` for options that contradict each other.
    """

    lot: Mapping[str, int]
    measure: Measure = "votes"
    on_misfit: OnMisfit = "skip"
    group_budgets: Mapping[str, int] | None = None
    remainder: Remainder = "lost"
    remainder_on_misfit: OnMisfit | None = None
    minimum_votes: int = 1
    minimum_points: int = 0
    tie_chain: tuple[Criterion, ...] = field(default=("lower_cost", "lot"))

    def __post_init__(self) -> None:
        _require_one_of("measure", self.measure, get_args(Measure))
        _require_one_of("on_misfit", self.on_misfit, get_args(OnMisfit))
        _require_one_of("remainder", self.remainder, get_args(Remainder))
        if self.remainder_on_misfit is not None:
            _require_one_of("remainder_on_misfit", self.remainder_on_misfit, get_args(OnMisfit))
        for criterion in self.tie_chain:
            _require_one_of("tie_chain", criterion, get_args(Criterion))
        if self.tie_chain[-1:] != ("lot",) or len(set(self.tie_chain)) != len(self.tie_chain):
            raise ValueError("tie_chain must end with the lot and name each criterion once")
        if len(set(self.lot.values())) != len(self.lot):
            raise ValueError("two candidates have the same rank in the lot")
        if any(amount < 0 for amount in (self.group_budgets or {}).values()):
            raise ValueError("the budget of a group cannot be negative")
        if self.minimum_votes < 0:
            raise ValueError("minimum_votes cannot be negative")

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "GreedyOptions":
        """The options that `as_dict` wrote, from a published result for instance.

        Raises `TypeError` for an option that does not exist, `ValueError` for a wrong value.
        """
        values = dict(plain)
        if values.get("group_budgets") is not None:
            values["group_budgets"] = dict(values["group_budgets"])
        if "tie_chain" in values:
            values["tie_chain"] = tuple(values["tie_chain"])
        return cls(**values)

    def check(self, candidates: Iterable[Candidate], budget: int) -> None:
        """Raise `ValueError` unless these options can count these candidates."""
        without_lot = sorted(item.id for item in candidates if item.id not in self.lot)
        if without_lot:
            raise ValueError(f"no rank in the lot for: {', '.join(without_lot)}")
        if sum((self.group_budgets or {}).values()) > budget:
            raise ValueError("the budgets of the groups exceed the whole budget")

    def as_dict(self) -> dict[str, object]:
        """The options as plain values; group budgets as pairs, since their order counts."""
        groups = self.group_budgets
        return {
            "measure": self.measure,
            "on_misfit": self.on_misfit,
            "group_budgets": None if groups is None else [list(pair) for pair in groups.items()],
            "remainder": self.remainder,
            "remainder_on_misfit": self.remainder_on_misfit or self.on_misfit,
            "minimum_votes": self.minimum_votes,
            "minimum_points": self.minimum_points,
            "tie_chain": list(self.tie_chain),
            "lot": dict(self.lot),
        }


def _require_one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{option} must be one of {', '.join(allowed)}, not {value!r}")
