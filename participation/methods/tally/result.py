"""What a count gives: winners, the rounds that led to them, and a reason for each candidate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from participation.methods.digest import canonical_json

METHOD_VERSION = "2"
"""Changes whenever the same inputs and options may give another result."""

Phase = Literal["whole", "group", "guaranteed", "pooled", "completion", "comparison"]
"""One envelope for all; the envelope of a group; the winners that each group is guaranteed; what
the groups left, for all; what equal shares left, by score; the count by votes that voters preferred
to equal shares."""

Decision = Literal["selected", "misfit", "stopped", "below_threshold", "excluded"]


class Round(NamedTuple):
    """One candidate examined. Amounts in cents; `score` is what candidates are ranked by.

    `details` holds what only some rules have (a price per vote, payers…), integers and texts.
    """

    candidate: str
    decision: Decision
    phase: Phase
    group: str | None
    votes: int
    score: int
    cost: int
    remaining_before: int
    remaining_after: int
    details: Mapping[str, object] = MappingProxyType({})

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return self._asdict()


class Tie(NamedTuple):
    """Candidates with the same score in the same phase, in the order that was kept.

    `decided_by[i]` is the criterion that put `candidates[i]` before `candidates[i + 1]`.
    `decisive` says that another order would have given other winners among them in this phase.
    """

    phase: Phase
    group: str | None
    score: int
    candidates: tuple[str, ...]
    decided_by: tuple[str, ...]
    decisive: bool

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return self._asdict()


class Reason(NamedTuple):
    """Why a candidate was selected or not in one phase, as a code that a site turns into words.

    - `selected` {cost, votes, score, remaining_before, remaining_after}
    - `below_minimum_votes`, `below_minimum_points` {votes or points, minimum}
    - `below_minimum_share`, `below_minimum_cost_share` {votes, minimum}: the minimum, a share of
      the ballots, as the least whole number of votes
    - `excluded_by` {winner}: it may not win with a candidate that already won
    - `costs_more_than_envelope` {cost, envelope}: it could not be afforded even alone
    - `does_not_fit` {cost, remaining, missing}
    - `stopped_the_count` {cost, remaining, missing}: it did not fit, and the rule stops there
    - `after_the_stop` {stopped_by}
    - `no_envelope` {}: no money is set aside for its group, and no remainder is shared
    - `no_support` {}: nobody chose it
    - `below_minimum_support` {votes, voters, minimum}: fewer votes than its cost asks for
    - `supporters_cannot_pay` {cost, held, missing}: what its supporters still hold, rounded down
    - `supporters_never_could_pay` {cost, held, missing}: the same, of what they held at first
    """

    code: str
    phase: Phase
    group: str | None
    params: Mapping[str, str | int]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return self._asdict()


class Outcome(NamedTuple):
    """The fate of one candidate; `rank` is its place among the winners, from 1.

    `reasons` follow the phases in which it took part: a project may fail to fit in its district
    and be selected afterwards on what the districts left.
    """

    candidate: str
    selected: bool
    rank: int | None
    votes: int
    score: int
    reasons: tuple[Reason, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {**self._asdict(), "reasons": [reason.as_dict() for reason in self.reasons]}


@dataclass(frozen=True, slots=True)
class Result:
    """The result of any counting rule. Amounts in integer cents.

    `winners` are in the order of selection, `outcomes` in the order of the candidates'
    identifiers. `votes` counts the ballots that name each candidate. `remaining` is the budget
    that was not spent, `carried_over` the part of it kept for the next edition. `details` holds
    what only some rules have.
    """

    rule: str
    options: Mapping[str, object]
    budget: int
    winners: tuple[str, ...]
    spent: int
    remaining: int
    carried_over: int
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...]
    outcomes: tuple[Outcome, ...]
    votes: Mapping[str, int]
    voters: int
    blank: int
    input_sha256: str
    method_version: str = METHOD_VERSION
    details: Mapping[str, object] = field(default_factory=dict)

    def outcome(self, candidate: str) -> Outcome:
        """The fate of one candidate; `KeyError` when it did not stand."""
        for outcome in self.outcomes:
            if outcome.candidate == candidate:
                return outcome
        raise KeyError(candidate)

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; without `details` when a rule has none."""
        parts = ("rounds", "ties", "outcomes")
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in parts}
        if not self.details:
            del plain["details"]
        for name in parts:
            plain[name] = [part.as_dict() for part in getattr(self, name)]
        return plain

    def to_json(self) -> str:
        """Canonical JSON: the same count gives the same text, byte for byte, everywhere."""
        return canonical_json(self.as_dict())
