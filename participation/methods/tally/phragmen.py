"""Sequential Phragmén: each project is a load that its supporters share as evenly as they can.

The project that makes the heaviest load of its supporters as light as possible is selected first,
and all of them then bear that load. See Brill, Freeman, Janson and Lackner, "Phragmén's voting
methods and justified representation" (2017), and docs/counting.md for the rule in words.

All loads are integers over one common denominator, so that the count is exact from end to end. A
ballot is read as the set of projects that it names, whatever its points.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd
from typing import Any, Literal, get_args

from participation.methods.collector import paused_collector
from participation.methods.tally.amounts import exact_text
from participation.methods.tally.envelopes import (
    by_envelope,
    envelopes_as_dict,
    envelopes_of_dict,
    require_envelopes,
    require_within,
)
from participation.methods.tally.equal_shares.options import (
    TieCriterion,
    check_lot,
    check_ties,
    require_one_of,
)
from participation.methods.tally.inputs import Candidate, Profile, check_inputs, input_digest
from participation.methods.tally.options import Remainder
from participation.methods.tally.result import Decision, Outcome, Reason, Result, Round, Tie
from participation.methods.tally.ties import TieOrder

PhragmenMisfit = Literal["stop", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhragmenOptions:
    """Every choice that sequential Phragmén leaves open.

    - `on_misfit`: when the next candidate, or one tied with it, costs more than what is left,
      `stop` the selection there (as in pabutools), or `skip` those that do not fit and go on.
    - `group_budgets`, `remainder`: an election for each envelope, and what becomes of the money
      that they leave, as in `EqualSharesOptions`; all loads begin again from nothing in each.
    - `tie_chain`: criteria applied in turn to candidates with the same load; ends with `lot`.
    - `lot`: rank of each candidate in a lot drawn before the count.

    Raises `ValueError` for options that contradict each other.
    """

    lot: Mapping[str, int]
    on_misfit: PhragmenMisfit = "stop"
    group_budgets: Mapping[str, int] | None = None
    remainder: Remainder = "lost"
    tie_chain: tuple[TieCriterion, ...] = field(default=("lower_cost", "higher_votes", "lot"))

    def __post_init__(self) -> None:
        require_one_of("on_misfit", self.on_misfit, get_args(PhragmenMisfit))
        check_ties(self.tie_chain, self.lot)
        require_envelopes(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "PhragmenOptions":
        """The options that `as_dict` wrote.

        Raises `TypeError` for an option that does not exist, `ValueError` for a wrong value.
        """
        values = envelopes_of_dict(plain)
        if "tie_chain" in values:
            values["tie_chain"] = tuple(values["tie_chain"])
        return cls(**values)

    def check(self, candidates: Iterable[Candidate], budget: int) -> None:
        """Raise `ValueError` unless these options can count these candidates."""
        check_lot(self.lot, candidates)
        require_within(self, budget)

    def as_dict(self) -> dict[str, object]:
        """The options as plain values."""
        return {
            "on_misfit": self.on_misfit,
            **envelopes_as_dict(self),
            "tie_chain": list(self.tie_chain),
            "lot": dict(self.lot),
        }


@paused_collector()
def sequential_phragmen(
    candidates: Iterable[Candidate], profile: Profile, budget: int, options: PhragmenOptions
) -> Result:
    """Select candidates within `budget` cents by sequential Phragmén, as `options` say.

    Candidates that nobody supports, or that cost more than the whole budget, take no part. Raises
    `ValueError` when the inputs cannot be counted, as `equal_shares` does.
    """
    standing = list(candidates)
    votes = profile.votes()
    check_inputs(standing, votes, budget)
    options.check(standing, budget)
    if options.group_budgets is None:
        return _Count(standing, profile, votes, budget, options).result()
    alone = replace(options, group_budgets=None)

    def held(members: Sequence[Candidate], ballots: Profile, money: int) -> Result:
        return _Count(members, ballots, ballots.votes(), money, alone).result()

    return by_envelope(held, standing, profile, budget, options, votes)


class _Loads:
    """What the voters bear, and what the supporters of each candidate bear together."""

    def __init__(self, candidates: Sequence[Candidate], profile: Profile) -> None:
        place = {item.id: number for number, item in enumerate(candidates)}
        self._ballots: list[tuple[list[int], int]] = []
        self._supporters: list[list[int]] = [[] for _ in candidates]
        self._costs = [item.cost for item in candidates]
        for group, ballot in enumerate(profile.ballots):
            choices = [place[choice] for choice in ballot.choices if choice in place]
            self._ballots.append((choices, ballot.weight))
            for number in choices:
                self._supporters[number].append(group)
        self._voters = [
            sum(self._ballots[group][1] for group in groups) for groups in self._supporters
        ]
        # Voters are told apart by the last purchase that they bear; before any, it is number 0.
        self._last = [0] * len(self._ballots)
        self._load = [0]
        self._borne = [0] * len(candidates)
        self._denominator = 1

    def lightest(self, numbers: Iterable[int]) -> list[int]:
        """Those whose supporters would bear the least, in order."""
        best: list[int] = []
        least, of = 0, 0
        for number in numbers:
            load = self._borne[number] + self._costs[number] * self._denominator
            voters = self._voters[number]
            difference = load * of - least * voters if best else -1
            if difference < 0:
                best, least, of = [number], load, voters
            elif difference == 0:
                best.append(number)
        return best

    def bear(self, number: int) -> Fraction:
        """Select a candidate: its supporters all bear the load returned, in cents."""
        load = self._borne[number] + self._costs[number] * self._denominator
        voters = self._voters[number]
        shared = gcd(load, voters)
        self._refine(voters // shared)
        load //= shared
        new = len(self._load)
        moved: dict[int, dict[int, int]] = {}
        for group in self._supporters[number]:
            choices, weight = self._ballots[group]
            counted = moved.setdefault(self._last[group], defaultdict(int))
            for choice in choices:
                counted[choice] += weight
            self._last[group] = new
        for last, counted in moved.items():
            more = load - self._load[last]
            for choice, voters in counted.items():
                self._borne[choice] += voters * more
        self._load.append(load)
        return Fraction(load, self._denominator)

    def _refine(self, factor: int) -> None:
        if factor > 1:
            self._denominator *= factor
            self._load = [load * factor for load in self._load]
            self._borne = [load * factor for load in self._borne]


class _Count:
    """One count: what is selected, and the reason for each candidate."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        profile: Profile,
        votes: Mapping[str, int],
        budget: int,
        options: PhragmenOptions,
    ) -> None:
        self._profile, self._budget, self._options = profile, budget, options
        self._votes = {
            item.id: votes.get(item.id, 0) for item in sorted(candidates, key=lambda x: x.id)
        }
        self._ties = TieOrder(options.tie_chain, self._votes, options.lot)
        self._candidates = self._ties.ordered(candidates)
        self._left = budget
        self._winners: list[str] = []
        self._rounds: list[Round] = []
        self._tied: list[list[Candidate]] = []
        self._reasons: dict[str, Reason] = {}

    def result(self) -> Result:
        """Count, then write everything down as the immutable result."""
        eligible = [item for item in self._candidates if self._is_eligible(item)]
        self._select(eligible, _Loads(eligible, self._profile))
        places = {winner: rank for rank, winner in enumerate(self._winners, start=1)}
        return Result(
            rule="sequential_phragmen",
            options=self._options.as_dict(),
            budget=self._budget,
            winners=tuple(self._winners),
            spent=self._budget - self._left,
            remaining=self._left,
            carried_over=0,
            rounds=tuple(self._rounds),
            ties=tuple(self._tie(tied) for tied in self._tied),
            outcomes=tuple(
                Outcome(
                    candidate=identifier,
                    selected=identifier in places,
                    rank=places.get(identifier),
                    votes=votes,
                    score=votes,
                    reasons=(self._reasons[identifier],),
                )
                for identifier, votes in self._votes.items()
            ),
            votes=self._votes,
            voters=self._profile.voters,
            blank=self._profile.blank,
            input_sha256=input_digest(self._candidates, self._profile, self._budget),
        )

    def _is_eligible(self, candidate: Candidate) -> bool:
        """Whether a candidate takes part; if not, the reason is noted."""
        if not self._votes[candidate.id]:
            self._note(candidate, "no_support", {})
        elif candidate.cost > self._budget:
            params = {"cost": candidate.cost, "envelope": self._budget}
            self._note(candidate, "costs_more_than_envelope", params)
        else:
            return True
        return False

    def _select(self, eligible: Sequence[Candidate], loads: _Loads) -> None:
        waiting = dict(enumerate(eligible))
        while waiting:
            lightest = loads.lightest(waiting)
            misfits = [number for number in lightest if eligible[number].cost > self._left]
            if misfits and self._options.on_misfit == "stop":
                self._stop(waiting.pop(misfits[0]), waiting.values())
                return
            for number in misfits:
                self._miss(waiting.pop(number), "does_not_fit")
            if misfits:
                continue
            if len(lightest) > 1:
                self._tied.append([eligible[number] for number in lightest])
            self._win(waiting.pop(lightest[0]), loads.bear(lightest[0]))

    def _stop(self, misfit: Candidate, others: Iterable[Candidate]) -> None:
        self._miss(misfit, "stopped_the_count")
        for candidate in others:
            self._note(candidate, "after_the_stop", {"stopped_by": misfit.id})

    def _win(self, candidate: Candidate, load: Fraction) -> None:
        before, self._left = self._left, self._left - candidate.cost
        self._winners.append(candidate.id)
        self._rounds.append(self._round(candidate, before, {"load": exact_text(load)}))
        params = {
            "cost": candidate.cost,
            "votes": self._votes[candidate.id],
            "score": self._votes[candidate.id],
            "remaining_before": before,
            "remaining_after": self._left,
        }
        self._note(candidate, "selected", params)

    def _miss(self, candidate: Candidate, code: str) -> None:
        decision: Decision = "misfit" if code == "does_not_fit" else "stopped"
        self._rounds.append(self._round(candidate, self._left, {}, decision))
        params = {
            "cost": candidate.cost,
            "remaining": self._left,
            "missing": candidate.cost - self._left,
        }
        self._note(candidate, code, params)

    def _round(
        self,
        candidate: Candidate,
        before: int,
        details: Mapping[str, object],
        decision: Decision = "selected",
    ) -> Round:
        return Round(
            candidate=candidate.id,
            decision=decision,
            phase="whole",
            group=None,
            votes=self._votes[candidate.id],
            score=self._votes[candidate.id],
            cost=candidate.cost,
            remaining_before=before,
            remaining_after=self._left,
            details=details,
        )

    def _note(self, candidate: Candidate, code: str, params: Mapping[str, str | int]) -> None:
        self._reasons[candidate.id] = Reason(code, "whole", None, params)

    def _tie(self, tied: Sequence[Candidate]) -> Tie:
        """A tie, decisive when one of those who shared it was never selected."""
        return Tie(
            phase="whole",
            group=None,
            score=self._votes[tied[0].id],
            candidates=tuple(item.id for item in tied),
            decided_by=self._ties.decided_by(tied),
            decisive=any(item.id not in self._winners for item in tied),
        )
