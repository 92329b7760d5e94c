"""The greedy rule: the most voted first, as long as money lasts.

It is the rule of most cities; its variants (skip or stop, envelopes per district, threshold) are
the options of `GreedyOptions`. See docs/counting.md for the rule in words.
"""

from collections.abc import Iterable, Mapping, Sequence

from participation.methods.tally.inputs import Candidate, Profile, input_digest
from participation.methods.tally.options import GreedyOptions, OnMisfit
from participation.methods.tally.ranking import Ranking
from participation.methods.tally.result import (
    Decision,
    Outcome,
    Phase,
    Reason,
    Result,
    Round,
    Tie,
)


def greedy(
    candidates: Iterable[Candidate], profile: Profile, budget: int, options: GreedyOptions
) -> Result:
    """Select candidates by decreasing score within `budget` cents, as `options` say.

    Raises `ValueError` when the inputs cannot be counted: two candidates with one identifier, a
    cost or a budget that is not positive, a ballot that names a candidate who does not stand, a
    candidate without a rank in the lot, groups that have more than the whole budget.
    """
    standing = list(candidates)
    _check_inputs(standing, profile, budget)
    options.check(standing, budget)
    count = _Count(standing, profile, options)
    if options.group_budgets is None:
        count.select("whole", None, standing, budget, options.on_misfit)
    else:
        count.select_by_group(options.group_budgets, budget)
    return count.result(profile, budget)


class _Count:
    """The state of one count: what was selected and written down so far."""

    def __init__(
        self, candidates: Sequence[Candidate], profile: Profile, options: GreedyOptions
    ) -> None:
        votes, points = profile.votes(), profile.points()
        self._candidates = sorted(candidates, key=lambda candidate: candidate.id)
        self._options = options
        self._ranking = Ranking(
            {candidate.id: votes[candidate.id] for candidate in self._candidates},
            {candidate.id: points[candidate.id] for candidate in self._candidates},
            options,
        )
        self._winners: list[Candidate] = []
        self._rounds: list[Round] = []
        self._ties: list[Tie] = []
        self._reasons: dict[str, list[Reason]] = {item.id: [] for item in self._candidates}
        self._excluded: set[str] = set()

    def select_by_group(self, group_budgets: Mapping[str, int], budget: int) -> None:
        """Spend the envelope of each group, then what they left if it is shared."""
        for group, money in group_budgets.items():
            members = [item for item in self._candidates if item.group == group]
            self.select("group", group, members, money, self._options.on_misfit)
        if self._options.remainder == "pooled":
            out = self._excluded.union(winner.id for winner in self._winners)
            others = [item for item in self._candidates if item.id not in out]
            on_misfit = self._options.remainder_on_misfit or self._options.on_misfit
            self.select("pooled", None, others, budget - self._spent, on_misfit)
            return
        for candidate in self._candidates:
            if candidate.group not in group_budgets:
                reason = Reason("no_envelope", "group", candidate.group, {})
                self._reasons[candidate.id].append(reason)

    def select(
        self,
        phase: Phase,
        group: str | None,
        candidates: Sequence[Candidate],
        envelope: int,
        on_misfit: OnMisfit,
    ) -> None:
        """Examine candidates from the best to the last and select those that fit."""
        remaining = envelope
        stopped_by: Candidate | None = None
        before: dict[str, int] = {}
        contenders: list[Candidate] = []
        for candidate in self._ranking.ordered(candidates):
            refusal = self._below_minimum(candidate, phase, group)
            if refusal is not None:
                self._excluded.add(candidate.id)
                self._note(candidate, "below_threshold", refusal, remaining, remaining)
                continue
            contenders.append(candidate)
            if stopped_by is not None:
                params = {"stopped_by": stopped_by.id}
                reason = Reason("after_the_stop", phase, group, params)
                self._reasons[candidate.id].append(reason)
                continue
            before[candidate.id] = remaining
            if candidate.cost <= remaining:
                left = remaining - candidate.cost
                reason = self._selected(candidate, phase, group, remaining, left)
                self._note(candidate, "selected", reason, remaining, left)
                self._winners.append(candidate)
                remaining = left
                continue
            if on_misfit == "stop":
                stopped_by = candidate
            decision: Decision = "stopped" if on_misfit == "stop" else "misfit"
            reason = _does_not_fit(candidate, phase, group, remaining, envelope, on_misfit)
            self._note(candidate, decision, reason, remaining, remaining)
        self._note_ties(phase, group, contenders, before, on_misfit)

    def result(self, profile: Profile, budget: int) -> Result:
        """Everything written down, as the immutable result."""
        winners = [winner.id for winner in self._winners]
        places = {winner: rank for rank, winner in enumerate(winners, start=1)}
        remaining = budget - self._spent
        return Result(
            rule="greedy",
            options=self._options.as_dict(),
            budget=budget,
            winners=tuple(winners),
            spent=self._spent,
            remaining=remaining,
            carried_over=remaining if self._options.remainder == "next_edition" else 0,
            rounds=tuple(self._rounds),
            ties=tuple(self._ties),
            outcomes=tuple(
                Outcome(
                    candidate=candidate.id,
                    selected=candidate.id in places,
                    rank=places.get(candidate.id),
                    votes=self._ranking.votes[candidate.id],
                    score=self._ranking.scores[candidate.id],
                    reasons=tuple(self._reasons[candidate.id]),
                )
                for candidate in self._candidates
            ),
            votes=self._ranking.votes,
            voters=profile.voters,
            blank=profile.blank,
            input_sha256=input_digest(self._candidates, profile, budget),
        )

    @property
    def _spent(self) -> int:
        return sum(winner.cost for winner in self._winners)

    def _below_minimum(
        self, candidate: Candidate, phase: Phase, group: str | None
    ) -> Reason | None:
        votes = self._ranking.votes[candidate.id]
        if votes < self._options.minimum_votes:
            params = {"votes": votes, "minimum": self._options.minimum_votes}
            return Reason("below_minimum_votes", phase, group, params)
        points = self._ranking.points[candidate.id]
        if self._options.measure == "points" and points < self._options.minimum_points:
            params = {"points": points, "minimum": self._options.minimum_points}
            return Reason("below_minimum_points", phase, group, params)
        return None

    def _selected(
        self, candidate: Candidate, phase: Phase, group: str | None, before: int, after: int
    ) -> Reason:
        return Reason(
            "selected",
            phase,
            group,
            {
                "cost": candidate.cost,
                "votes": self._ranking.votes[candidate.id],
                "score": self._ranking.scores[candidate.id],
                "remaining_before": before,
                "remaining_after": after,
            },
        )

    def _note(
        self, candidate: Candidate, decision: Decision, reason: Reason, before: int, after: int
    ) -> None:
        self._reasons[candidate.id].append(reason)
        self._rounds.append(
            Round(
                candidate=candidate.id,
                decision=decision,
                phase=reason.phase,
                group=reason.group,
                votes=self._ranking.votes[candidate.id],
                score=self._ranking.scores[candidate.id],
                cost=candidate.cost,
                remaining_before=before,
                remaining_after=after,
            )
        )

    def _note_ties(
        self,
        phase: Phase,
        group: str | None,
        contenders: Sequence[Candidate],
        before: Mapping[str, int],
        on_misfit: OnMisfit,
    ) -> None:
        won = {winner.id for winner in self._winners}
        for tied in self._ranking.ties(contenders):
            money = before.get(tied[0].id)
            affordable = [item for item in tied if money is not None and item.cost <= money]
            at_stake = affordable if on_misfit == "skip" else tied
            self._ties.append(
                Tie(
                    phase=phase,
                    group=group,
                    score=self._ranking.scores[tied[0].id],
                    candidates=tuple(item.id for item in tied),
                    decided_by=self._ranking.decided_by(tied),
                    decisive=bool(affordable) and any(item.id not in won for item in at_stake),
                )
            )


def _does_not_fit(
    candidate: Candidate,
    phase: Phase,
    group: str | None,
    remaining: int,
    envelope: int,
    on_misfit: OnMisfit,
) -> Reason:
    if on_misfit == "skip" and candidate.cost > envelope:
        params = {"cost": candidate.cost, "envelope": envelope}
        return Reason("costs_more_than_envelope", phase, group, params)
    code = "stopped_the_count" if on_misfit == "stop" else "does_not_fit"
    params = {
        "cost": candidate.cost,
        "remaining": remaining,
        "missing": candidate.cost - remaining,
    }
    return Reason(code, phase, group, params)


def _check_inputs(candidates: Sequence[Candidate], profile: Profile, budget: int) -> None:
    identifiers = {candidate.id for candidate in candidates}
    if len(identifiers) != len(candidates):
        raise ValueError("two candidates have the same identifier")
    if budget <= 0:
        raise ValueError(f"the budget must be positive, not {budget}")
    for candidate in candidates:
        if candidate.cost <= 0:
            raise ValueError(f"the cost of {candidate.id} must be positive, not {candidate.cost}")
    strangers = set(profile.votes()) - identifiers
    if strangers:
        raise ValueError(f"ballots name unknown candidates: {', '.join(sorted(strangers))}")
