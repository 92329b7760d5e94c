"""The Method of Equal Shares: every voter holds the same part of the budget.

A project is bought when its supporters can pay it together; among those that can be, the one that
costs them least for what it is worth to them is bought first, each supporter paying the same, or
all that she has left. See Peters, Pierczyński and Skowron, "Proportional participatory budgeting
with additive utilities" (2021), equalshares.net, and docs/counting.md for the rule in words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, gcd

from participation.methods.collector import paused_collector
from participation.methods.tally.amounts import exact_text, ratio_text
from participation.methods.tally.envelopes import by_envelope
from participation.methods.tally.equal_shares.electorate import Ballots
from participation.methods.tally.equal_shares.exact import ExactCount, Payment
from participation.methods.tally.equal_shares.increments import (
    Arithmetic,
    Election,
    Final,
    ballots_of,
    fastest,
    final_count,
    most_at_once,
)
from participation.methods.tally.equal_shares.options import EqualSharesOptions
from participation.methods.tally.inputs import Candidate, Profile, check_inputs, input_digest
from participation.methods.tally.result import Outcome, Phase, Reason, Result, Round, Tie
from participation.methods.tally.ties import TieOrder


@paused_collector()
def equal_shares(
    candidates: Iterable[Candidate],
    profile: Profile,
    budget: int,
    options: EqualSharesOptions,
    *,
    arithmetic: Arithmetic | None = None,
) -> Result:
    """Select candidates within `budget` cents by the Method of Equal Shares, as `options` say.

    Whatever the `arithmetic`, the result is the same, byte for byte; `filtered` needs numpy. None
    stands for the fastest.

    Raises `ValueError` when the inputs cannot be counted: two candidates with one identifier, a
    cost or a budget that is not positive, a ballot that names a candidate who does not stand, a
    candidate without a rank in the lot.
    """
    standing = list(candidates)
    given = _Given.of(profile, budget, options, arithmetic)
    check_inputs(standing, given.votes, budget)
    options.check(standing, budget)
    if options.group_budgets is None:
        return _Count(standing, given, budget, options).result()
    alone = replace(options, group_budgets=None)

    def held(members: Sequence[Candidate], ballots: Profile, money: int) -> Result:
        return _Count(members, _Given.of(ballots, money, alone, arithmetic), money, alone).result()

    scores = profile.points() if options.satisfaction == "points" else given.votes
    return by_envelope(held, standing, profile, budget, options, scores)


@dataclass(frozen=True, slots=True)
class _Given:
    """The ballots, what they are merged from, and how many name each candidate."""

    profile: Profile
    ballots: Ballots
    votes: Mapping[str, int]
    arithmetic: Arithmetic

    @classmethod
    def of(
        cls,
        profile: Profile,
        budget: int,
        options: EqualSharesOptions,
        arithmetic: Arithmetic | None,
    ) -> "_Given":
        """Read the ballots once."""
        arithmetic = arithmetic or fastest(profile, budget, options)
        ballots = ballots_of(profile, options, arithmetic)
        return cls(profile, ballots, ballots.votes(), arithmetic)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How many voters prefer each of two outcomes, and the outcomes themselves."""

    equal_shares: int
    greedy: int
    by_shares: tuple[str, ...]
    by_votes: tuple[str, ...]

    @property
    def is_greedy_preferred(self) -> bool:
        """Whether more voters prefer the count by votes."""
        return self.greedy > self.equal_shares


class _Count:
    """One count: who may be selected, what is bought, and the reason for each."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        given: _Given,
        budget: int,
        options: EqualSharesOptions,
    ) -> None:
        profile, votes = given.profile, given.votes
        self._given, self._profile, self._budget, self._options = given, profile, budget, options
        self._voters = profile.voters
        self._votes = {
            item.id: votes.get(item.id, 0) for item in sorted(candidates, key=lambda x: x.id)
        }
        points = profile.points() if options.satisfaction == "points" else votes
        self._scores = {identifier: points.get(identifier, 0) for identifier in self._votes}
        self._supporters = _supporters(profile) if options.satisfaction == "points" else votes
        self._ties = TieOrder(options.tie_chain, self._votes, options.lot)
        self._candidates = self._ties.ordered(candidates)
        self._winners: list[Candidate] = []
        self._rounds: list[Round] = []
        self._found_ties: list[Tie] = []
        self._reasons: dict[str, Reason] = {}
        self._details: dict[str, object] = {}

    def result(self) -> Result:
        """Count, then write everything down as the immutable result."""
        eligible = [item for item in self._candidates if self._is_eligible(item)]
        if eligible:
            self._select(eligible)
        places = {winner.id: rank for rank, winner in enumerate(self._winners, start=1)}
        spent = sum(winner.cost for winner in self._winners)
        return Result(
            rule="equal_shares",
            options=self._options.as_dict(),
            budget=self._budget,
            winners=tuple(places),
            spent=spent,
            remaining=self._budget - spent,
            carried_over=0,
            rounds=tuple(self._rounds),
            ties=tuple(self._found_ties),
            outcomes=tuple(
                Outcome(
                    candidate=identifier,
                    selected=identifier in places,
                    rank=places.get(identifier),
                    votes=self._votes[identifier],
                    score=self._scores[identifier],
                    reasons=(self._reasons[identifier],),
                )
                for identifier in self._votes
            ),
            votes=self._votes,
            voters=self._voters,
            blank=self._profile.blank,
            input_sha256=input_digest(self._candidates, self._profile, self._budget),
            details=self._details,
        )

    def _is_eligible(self, candidate: Candidate) -> bool:
        """Whether a candidate takes part; if not, the reason is noted."""
        options, voters = self._options, self._voters
        ratio = options.minimum_support
        needed = ceil(ratio * candidate.cost * voters / self._budget) if ratio is not None else 0
        votes = self._votes[candidate.id]
        if not self._supporters.get(candidate.id):
            self._note(candidate, "no_support", {})
        elif votes < needed:
            params = {"votes": votes, "voters": voters, "minimum": needed}
            self._note(candidate, "below_minimum_support", params)
        elif candidate.cost > self._budget and options.over_budget == "excluded":
            params = {"cost": candidate.cost, "envelope": self._budget}
            self._note(candidate, "costs_more_than_envelope", params)
        else:
            return True
        return False

    def _select(self, eligible: list[Candidate]) -> None:
        options = self._options
        election = Election(
            candidates=eligible,
            ballots=self._given.ballots,
            supporters=self._supporters,
            budget=self._budget,
            voters=self._voters,
            at_once=most_at_once(self._profile),
            arithmetic=self._given.arithmetic,
        )
        final = final_count(election, options)
        bought = [eligible[number] for number in final.course.bought]
        left = self._budget - sum(item.cost for item in bought)
        if options.completion in ("greedy", "add1u"):
            bought += _affordable(self._by_score(eligible, bought), left)
        self._details = {
            "share": exact_text(final.share),
            "increments": final.increments,
            "ending": final.ending,
        }
        if options.comparison == "greedy":
            by_votes = _affordable(self._by_votes(eligible), self._budget)
            comparison = self._compare(bought, by_votes)
            self._details["comparison"] = {
                "preferred": "greedy" if comparison.is_greedy_preferred else "equal_shares",
                "voters_for_equal_shares": comparison.equal_shares,
                "voters_for_greedy": comparison.greedy,
                "equal_shares": list(comparison.by_shares),
                "greedy": list(comparison.by_votes),
            }
            if comparison.is_greedy_preferred:
                self._take_in_order("comparison", self._by_votes(eligible), self._budget)
                return
        self._tell(final)
        if options.completion in ("greedy", "add1u"):
            self._take_in_order("completion", self._by_score(eligible, self._winners), left)

    def _tell(self, final: Final) -> None:
        """Replay the count that decides in whole numbers, and write down each payment."""
        electorate = final.electorate
        count = ExactCount(electorate, final.share)
        amount, of = final.share.as_integer_ratio()
        left = self._budget
        for place, number in enumerate(final.course.bought):
            candidate = electorate.candidates[number]
            payment = count.pay(number)
            details = _payment_details(payment, electorate.supporters[number].scale)
            self._win("whole", candidate, left, details)
            left -= candidate.cost
            tied = final.course.ties.get(place)
            if tied is not None:
                self._note_tie([electorate.candidates[other] for other in tied], final)
        for number, candidate in enumerate(electorate.candidates):
            if candidate.id in self._reasons:
                continue
            if candidate.cost > self._budget:
                params = {"cost": candidate.cost, "envelope": self._budget}
                self._note(candidate, "costs_more_than_envelope", params)
                continue
            if electorate.supporters[number].groups:
                code, held = "supporters_cannot_pay", floor(count.held(number))
            else:
                code = "supporters_never_could_pay"
                held = self._supporters[candidate.id] * amount // of
            params = {"cost": candidate.cost, "held": held, "missing": candidate.cost - held}
            self._note(candidate, code, params)

    def _note_tie(self, tied: list[Candidate], final: Final) -> None:
        won = {final.electorate.candidates[number].id for number in final.course.bought}
        self._found_ties.append(
            Tie(
                phase="whole",
                group=None,
                score=self._scores[tied[0].id],
                candidates=tuple(item.id for item in tied),
                decided_by=self._ties.decided_by(tied),
                decisive=any(item.id not in won for item in tied),
            )
        )

    def _take_in_order(self, phase: Phase, ordered: Sequence[Candidate], money: int) -> None:
        """Select candidates one after the other as long as they fit, passing over the others."""
        envelope = money
        for candidate in ordered:
            if candidate.cost <= money:
                self._win(phase, candidate, money, {})
                money -= candidate.cost
                continue
            self._round(phase, candidate, money, {}, is_selected=False)
            if candidate.cost > self._budget or (
                phase == "comparison" and candidate.cost > envelope
            ):
                params = {"cost": candidate.cost, "envelope": envelope}
                self._note(candidate, "costs_more_than_envelope", params, phase)
                continue
            params = {"cost": candidate.cost, "remaining": money, "missing": candidate.cost - money}
            self._note(candidate, "does_not_fit", params, phase)

    def _win(
        self, phase: Phase, candidate: Candidate, money: int, details: dict[str, object]
    ) -> None:
        self._winners.append(candidate)
        self._round(phase, candidate, money, details, is_selected=True)
        params = {
            "cost": candidate.cost,
            "votes": self._votes[candidate.id],
            "score": self._scores[candidate.id],
            "remaining_before": money,
            "remaining_after": money - candidate.cost,
        }
        self._note(candidate, "selected", params, phase)

    def _round(
        self,
        phase: Phase,
        candidate: Candidate,
        money: int,
        details: dict[str, object],
        *,
        is_selected: bool,
    ) -> None:
        self._rounds.append(
            Round(
                candidate=candidate.id,
                decision="selected" if is_selected else "misfit",
                phase=phase,
                group=None,
                votes=self._votes[candidate.id],
                score=self._scores[candidate.id],
                cost=candidate.cost,
                remaining_before=money,
                remaining_after=money - candidate.cost if is_selected else money,
                details=details,
            )
        )

    def _note(
        self, candidate: Candidate, code: str, params: dict[str, int], phase: Phase = "whole"
    ) -> None:
        self._reasons[candidate.id] = Reason(code, phase, None, params)

    def _by_votes(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda item: -self._votes[item.id])

    def _by_score(
        self, candidates: Sequence[Candidate], taken: Sequence[Candidate]
    ) -> list[Candidate]:
        out = {item.id for item in taken}
        others = [item for item in candidates if item.id not in out]
        return sorted(others, key=lambda item: -self._scores[item.id])

    def _compare(
        self, by_shares: Sequence[Candidate], by_votes: Sequence[Candidate]
    ) -> _Comparison:
        """Count the voters who are better served by each outcome, by the satisfaction chosen."""
        worth = {item.id: item.cost for item in self._candidates}
        if self._options.satisfaction != "cost":
            worth = dict.fromkeys(worth, 1)
        first, second = {item.id for item in by_shares}, {item.id for item in by_votes}
        one = other = 0
        for ballot in self._profile.ballots:
            given = ballot.points if self._options.satisfaction == "points" else None
            units = given or (1,) * len(ballot.choices)
            difference = 0
            for choice, unit in zip(ballot.choices, units, strict=True):
                difference += worth[choice] * unit * ((choice in first) - (choice in second))
            one += ballot.weight * (difference > 0)
            other += ballot.weight * (difference < 0)
        return _Comparison(
            one, other, tuple(item.id for item in by_shares), tuple(item.id for item in by_votes)
        )


def _supporters(profile: Profile) -> Counter[str]:
    """How many voters give points to each candidate."""
    voters: Counter[str] = Counter()
    for ballot in profile.ballots:
        for choice, points in zip(ballot.choices, ballot.points or (), strict=False):
            if points > 0:
                voters[choice] += ballot.weight
    return voters


def _affordable(ordered: Sequence[Candidate], money: int) -> list[Candidate]:
    """Those selected one after the other as long as they fit, the others passed over."""
    chosen = []
    for candidate in ordered:
        if candidate.cost <= money:
            chosen.append(candidate)
            money -= candidate.cost
    return chosen


def _payment_details(payment: Payment, scale: int) -> dict[str, object]:
    """What a round of equal shares has of its own; exact amounts as texts such as "7/3"."""
    # The price is payment ÷ scale, the effective votes are its inverse: in lowest terms here,
    # since fractions would look for common factors of their large terms each time.
    each, over = payment.each.as_integer_ratio()
    shared = gcd(each, scale)
    each, over = each // shared, over * (scale // shared)
    return {
        "price": ratio_text(each, over),
        "payment": exact_text(payment.each),
        "effective_votes": ratio_text(over, each),
        "payers": payment.payers,
        "full_payers": payment.full_payers,
        "held_before": exact_text(payment.held_before),
        "held_after": exact_text(payment.held_after),
    }
