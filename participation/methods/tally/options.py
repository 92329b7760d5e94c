"""The options of the greedy rule: what a regulation must say for the count to be one count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, get_args

from participation.methods.tally.inputs import Candidate

Measure = Literal["votes", "points"]
OnMisfit = Literal["skip", "stop"]
Remainder = Literal["lost", "pooled", "next_edition"]
Criterion = Literal["higher_votes", "higher_points", "lower_cost", "higher_cost", "lot"]


MESSAGES: Mapping[str, str] = {
    "bad_tie_chain": "tie_chain must end with the lot and name each criterion once",
    "bad_exclusive": "a set of exclusive candidates names two different ones at least",
    "exclusive_stranger": "exclusive names no candidate: {names}",
    "groups_over_budget": "the budgets of the groups exceed the whole budget",
    "bad_minimum_share": "minimum_share must be between 0 and 1",
    "guarantee_not_pooled": "minimum_winners needs shared money: the remainder must be pooled",
}
"""English sentence of each code; the names in braces are the keys of `OptionsError.params`."""


class OptionsError(ValueError):
    """Options that contradict each other or the election; `code` is a key of `MESSAGES`."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(MESSAGES[code].format(**params))
        self.code = code
        self.params = params


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
    - `minimum_winners`: how many winners each group is guaranteed, as long as money lasts. Where
      money is shared by all groups (one envelope, or a pooled remainder), it first goes to the
      candidates of the groups that lack winners, in the order of the ranking, one too dear being
      passed over; the others compete afterwards for what is left.
    - `minimum_votes`, `minimum_points`: candidates below are never selected. One vote is asked by
      default: a project that nobody chose is not funded because money is left.
    - `minimum_share`: least number of votes, as a share of the ballots, blank ones included.
    - `minimum_cost_share`: a candidate that costs a part x of the whole budget needs the votes of
      at least this many times x of the ballots (1/3 in Świecie, 2023).
    - `exclusive`: sets of candidates of which one at most may win; the best ranked that is
      selected excludes the others.
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
    minimum_winners: Mapping[str, int] | None = None
    minimum_votes: int = 1
    minimum_points: int = 0
    minimum_share: Fraction = Fraction(0)
    minimum_cost_share: Fraction = Fraction(0)
    exclusive: tuple[tuple[str, ...], ...] = ()
    tie_chain: tuple[Criterion, ...] = field(default=("lower_cost", "lot"))

    def __post_init__(self) -> None:
        _require_one_of("measure", self.measure, get_args(Measure))
        _require_one_of("on_misfit", self.on_misfit, get_args(OnMisfit))
        _require_one_of("remainder", self.remainder, get_args(Remainder))
        if self.remainder_on_misfit is not None:
            _require_one_of("remainder_on_misfit", self.remainder_on_misfit, get_args(OnMisfit))
        require_tie_chain(self.tie_chain)
        require_lot(self.lot)
        if any(amount < 0 for amount in (self.group_budgets or {}).values()):
            raise ValueError("the budget of a group cannot be negative")
        self._check_minimums()
        if any(len(set(rivals)) < 2 or len(set(rivals)) < len(rivals) for rivals in self.exclusive):
            raise OptionsError("bad_exclusive")

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "GreedyOptions":
        """The options that `as_dict` wrote, from a published result for instance.

        Raises `TypeError` for an option that does not exist, `ValueError` for a wrong value.
        """
        values = dict(plain)
        for name in ("group_budgets", "minimum_winners"):
            if values.get(name) is not None:
                values[name] = dict(values[name])
        for name in ("minimum_share", "minimum_cost_share"):
            if name in values:
                values[name] = Fraction(*values[name])
        if "exclusive" in values:
            values["exclusive"] = tuple(tuple(rivals) for rivals in values["exclusive"])
        if "tie_chain" in values:
            values["tie_chain"] = tuple(values["tie_chain"])
        return cls(**values)

    def check(self, candidates: Iterable[Candidate], budget: int) -> None:
        """Raise `ValueError` unless these options can count these candidates."""
        standing = list(candidates)
        require_ranks_for(self.lot, standing)
        if sum((self.group_budgets or {}).values()) > budget:
            raise OptionsError("groups_over_budget")
        known = {candidate.id for candidate in standing}
        strangers = {name for rivals in self.exclusive for name in rivals} - known
        if strangers:
            raise OptionsError("exclusive_stranger", names=", ".join(sorted(strangers)))
        groups = {candidate.group for candidate in standing}
        empty = sorted(set(self.minimum_winners or {}) - groups)
        if empty:
            raise ValueError(f"minimum_winners names groups without candidates: {', '.join(empty)}")

    def as_dict(self) -> dict[str, object]:
        """The options as plain values.

        Group budgets are pairs, since their order counts; shares are numerator and denominator.
        """
        groups = self.group_budgets
        guaranteed = self.minimum_winners
        return {
            "measure": self.measure,
            "on_misfit": self.on_misfit,
            "group_budgets": None if groups is None else [list(pair) for pair in groups.items()],
            "remainder": self.remainder,
            "remainder_on_misfit": self.remainder_on_misfit or self.on_misfit,
            "minimum_winners": None if guaranteed is None else dict(guaranteed),
            "minimum_votes": self.minimum_votes,
            "minimum_points": self.minimum_points,
            "minimum_share": list(self.minimum_share.as_integer_ratio()),
            "minimum_cost_share": list(self.minimum_cost_share.as_integer_ratio()),
            "exclusive": [list(rivals) for rivals in self.exclusive],
            "tie_chain": list(self.tie_chain),
            "lot": dict(self.lot),
        }

    def _check_minimums(self) -> None:
        if self.minimum_votes < 0:
            raise ValueError("minimum_votes cannot be negative")
        if not 0 <= self.minimum_share <= 1:
            raise OptionsError("bad_minimum_share")
        if self.minimum_cost_share < 0:
            raise ValueError("minimum_cost_share cannot be negative")
        if any(number < 0 for number in (self.minimum_winners or {}).values()):
            raise ValueError("minimum_winners cannot be negative")
        if self.minimum_winners and self.group_budgets and self.remainder != "pooled":
            raise OptionsError("guarantee_not_pooled")


def require_tie_chain(chain: Sequence[str]) -> None:
    """Raise `ValueError` unless a chain names known criteria once and ends with the lot."""
    for criterion in chain:
        _require_one_of("tie_chain", criterion, get_args(Criterion))
    if tuple(chain[-1:]) != ("lot",) or len(set(chain)) != len(chain):
        raise OptionsError("bad_tie_chain")


def require_lot(lot: Mapping[str, int]) -> None:
    """Raise `ValueError` when two candidates have the same rank."""
    if len(set(lot.values())) != len(lot):
        raise ValueError("two candidates have the same rank in the lot")


def require_ranks_for(lot: Mapping[str, int], candidates: Iterable[Candidate]) -> None:
    """Raise `ValueError` unless every candidate has a rank in the lot."""
    without = sorted(item.id for item in candidates if item.id not in lot)
    if without:
        raise ValueError(f"no rank in the lot for: {', '.join(without)}")


def _require_one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{option} must be one of {', '.join(allowed)}, not {value!r}")
