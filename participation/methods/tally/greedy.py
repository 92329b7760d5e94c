"""The greedy rule: the most voted first, as long as money lasts.

It is the rule of most cities; its variants (skip or stop, envelopes per district, guaranteed
winners, minimums, exclusive projects) are the options of `GreedyOptions`. See docs/counting.md for
the rule in words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from participation.methods.tally.inputs import Candidate, Profile, check_inputs, input_digest
from participation.methods.tally.minimums import Minimums
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
    check_inputs(standing, profile.votes(), budget)
    options.check(standing, budget)
    count = _Count(standing, profile, budget, options)
    count.run()
    return count.result(profile)


@dataclass(slots=True)
class _Selection:
    """One phase under way: money is offered to candidates from the best to the last.

    `before` holds the money left when each was examined. A candidate is `closed` when it was not
    examined because a better one won: its rival, or the last winner that its group needed.
    """

    phase: Phase
    group: str | None
    envelope: int
    on_misfit: OnMisfit
    remaining: int = field(init=False)
    contenders: list[Candidate] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    winners: list[str] = field(default_factory=list)
    stopped_by: Candidate | None = None

    def __post_init__(self) -> None:
        self.remaining = self.envelope


class _Count:
    """The state of one count: what was selected and written down so far."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        profile: Profile,
        budget: int,
        options: GreedyOptions,
    ) -> None:
        votes, points = profile.votes(), profile.points()
        self._candidates = sorted(candidates, key=lambda candidate: candidate.id)
        self._budget = budget
        self._options = options
        self._ranking = Ranking(
            {candidate.id: votes[candidate.id] for candidate in self._candidates},
            {candidate.id: points[candidate.id] for candidate in self._candidates},
            options,
        )
        self._minimums = Minimums(
            options=options,
            votes=self._ranking.votes,
            points=self._ranking.points,
            voters=profile.voters,
            budget=budget,
        )
        self._rivals: dict[str, set[str]] = {item.id: set() for item in self._candidates}
        for rivals in options.exclusive:
            for name in rivals:
                self._rivals[name].update(set(rivals) - {name})
        self._winners: list[Candidate] = []
        self._rounds: list[Round] = []
        self._ties: list[Tie] = []
        self._reasons: dict[str, list[Reason]] = {item.id: [] for item in self._candidates}
        self._below_minimum: set[str] = set()

    def run(self) -> None:
        """Spend the envelopes in their order, as the options say."""
        options = self._options
        if options.group_budgets is None:
            self._guarantee(self._budget)
            self._offer("whole", None, self._left(), self._budget - self._spent, options.on_misfit)
            return
        for group, money in options.group_budgets.items():
            members = [item for item in self._left() if item.group == group]
            self._offer("group", group, members, money, options.on_misfit)
        if options.remainder == "pooled":
            self._guarantee(self._budget - self._spent)
            on_misfit = options.remainder_on_misfit or options.on_misfit
            self._offer("pooled", None, self._left(), self._budget - self._spent, on_misfit)
            return
        for candidate in self._candidates:
            if candidate.group not in options.group_budgets:
                reason = Reason("no_envelope", "group", candidate.group, {})
                self._reasons[candidate.id].append(reason)

    def result(self, profile: Profile) -> Result:
        """Everything written down, as the immutable result."""
        winners = [winner.id for winner in self._winners]
        places = {winner: rank for rank, winner in enumerate(winners, start=1)}
        remaining = self._budget - self._spent
        return Result(
            rule="greedy",
            options=self._options.as_dict(),
            budget=self._budget,
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
            input_sha256=input_digest(self._candidates, profile, self._budget),
        )

    @property
    def _spent(self) -> int:
        return sum(winner.cost for winner in self._winners)

    def _left(self) -> list[Candidate]:
        """The candidates who may still win."""
        out = self._below_minimum.union(winner.id for winner in self._winners)
        return [item for item in self._candidates if item.id not in out]

    def _guarantee(self, money: int) -> None:
        """Give each group the winners that it still lacks of those it is guaranteed."""
        lacking: Counter[str | None] = Counter()
        lacking.update(self._options.minimum_winners or {})
        lacking.subtract(winner.group for winner in self._winners if winner.group in lacking)
        if not +lacking:
            return
        members = [
            item
            for item in self._left()
            if lacking[item.group] > 0 and self._minimums.refusal(item) is None
        ]
        self._offer("guaranteed", None, members, money, "skip", lacking)

    def _offer(
        self,
        phase: Phase,
        group: str | None,
        candidates: Sequence[Candidate],
        money: int,
        on_misfit: OnMisfit,
        lacking: Counter[str | None] | None = None,
    ) -> None:
        """Examine candidates from the best to the last and select those that fit in the money.

        With `lacking`, a candidate is examined only while its group lacks winners.
        """
        under_way = _Selection(phase, group, money, on_misfit)
        last_winner: dict[str | None, str] = {}
        for candidate in self._ranking.ordered(candidates):
            if self._misses_a_minimum(candidate, under_way):
                continue
            under_way.contenders.append(candidate)
            if lacking is not None and lacking[candidate.group] <= 0:
                under_way.closed[candidate.id] = last_winner[candidate.group]
                continue
            if self._examine(candidate, under_way) and lacking is not None:
                lacking[candidate.group] -= 1
                last_winner[candidate.group] = candidate.id
        self._note_ties(under_way)

    def _misses_a_minimum(self, candidate: Candidate, under_way: _Selection) -> bool:
        refusal = self._minimums.refusal(candidate)
        if refusal is None:
            return False
        self._below_minimum.add(candidate.id)
        code, params = refusal
        self._note(candidate, "below_threshold", code, params, under_way)
        return True

    def _examine(self, candidate: Candidate, under_way: _Selection) -> bool:
        """Decide on one candidate; whether it is selected."""
        if under_way.stopped_by is not None:
            params = {"stopped_by": under_way.stopped_by.id}
            reason = Reason("after_the_stop", under_way.phase, under_way.group, params)
            self._reasons[candidate.id].append(reason)
            return False
        rivals = self._rivals[candidate.id]
        rival = next((won.id for won in self._winners if won.id in rivals), None)
        if rival is not None:
            under_way.closed[candidate.id] = rival
            self._note(candidate, "excluded", "excluded_by", {"winner": rival}, under_way)
            return False
        under_way.before[candidate.id] = under_way.remaining
        if candidate.cost <= under_way.remaining:
            self._select(candidate, under_way)
            return True
        if under_way.on_misfit == "stop":
            under_way.stopped_by = candidate
        decision: Decision = "stopped" if under_way.on_misfit == "stop" else "misfit"
        code, misfit = _misfit(candidate, under_way)
        self._note(candidate, decision, code, misfit, under_way)
        return False

    def _select(self, candidate: Candidate, under_way: _Selection) -> None:
        before = under_way.remaining
        under_way.remaining -= candidate.cost
        params = {
            "cost": candidate.cost,
            "votes": self._ranking.votes[candidate.id],
            "score": self._ranking.scores[candidate.id],
            "remaining_before": before,
            "remaining_after": under_way.remaining,
        }
        self._note(candidate, "selected", "selected", params, under_way, before)
        self._winners.append(candidate)
        under_way.winners.append(candidate.id)

    def _note(
        self,
        candidate: Candidate,
        decision: Decision,
        code: str,
        params: Mapping[str, str | int],
        under_way: _Selection,
        before: int | None = None,
    ) -> None:
        """Write down the reason and the round; nothing was spent unless `before` says so."""
        reason = Reason(code, under_way.phase, under_way.group, params)
        self._reasons[candidate.id].append(reason)
        self._rounds.append(
            Round(
                candidate=candidate.id,
                decision=decision,
                phase=under_way.phase,
                group=under_way.group,
                votes=self._ranking.votes[candidate.id],
                score=self._ranking.scores[candidate.id],
                cost=candidate.cost,
                remaining_before=under_way.remaining if before is None else before,
                remaining_after=under_way.remaining,
            )
        )

    def _note_ties(self, under_way: _Selection) -> None:
        for tied in self._ranking.ties(under_way.contenders):
            self._ties.append(
                Tie(
                    phase=under_way.phase,
                    group=under_way.group,
                    score=self._ranking.scores[tied[0].id],
                    candidates=tuple(item.id for item in tied),
                    decided_by=self._ranking.decided_by(tied),
                    decisive=_is_decisive(tied, under_way),
                )
            )


def _is_decisive(tied: Sequence[Candidate], under_way: _Selection) -> bool:
    """Whether another order of these candidates would have given other winners among them.

    A candidate closed by a winner outside the tie was not at stake.
    """
    names = {item.id for item in tied}
    open_ones = [
        item
        for item in tied
        if item.id not in under_way.closed or under_way.closed[item.id] in names
    ]
    money = max((under_way.before.get(item.id, -1) for item in open_ones), default=-1)
    affordable = [item for item in open_ones if item.cost <= money]
    at_stake = affordable if under_way.on_misfit == "skip" else open_ones
    return bool(affordable) and any(item.id not in under_way.winners for item in at_stake)


def _misfit(candidate: Candidate, under_way: _Selection) -> tuple[str, dict[str, str | int]]:
    cost, remaining = candidate.cost, under_way.remaining
    if under_way.on_misfit == "skip" and cost > under_way.envelope:
        return "costs_more_than_envelope", {"cost": cost, "envelope": under_way.envelope}
    code = "stopped_the_count" if under_way.on_misfit == "stop" else "does_not_fit"
    return code, {"cost": cost, "remaining": remaining, "missing": cost - remaining}
