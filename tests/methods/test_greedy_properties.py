"""What holds for every greedy count, tried on many small elections full of ties."""

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from participation.methods.tally import (
    Candidate,
    GreedyOptions,
    Profile,
    Result,
    WeightedBallot,
    draw_order,
    greedy,
)
from participation.methods.tally.options import Criterion, Measure

GROUPS = ("north", "south", "east")
Ballot = tuple[tuple[str, ...], tuple[int, ...] | None]


@dataclass(frozen=True)
class Case:
    candidates: tuple[Candidate, ...]
    ballots: tuple[Ballot, ...]
    budget: int
    options: GreedyOptions

    def count(self) -> Result:
        profile = Profile.from_ballots(self.ballots)
        return greedy(self.candidates, profile, self.budget, self.options)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    names = draw(st.lists(st.text("abcé,;", max_size=3), min_size=1, max_size=7, unique=True))
    candidates = tuple(
        Candidate(name, draw(st.integers(1, 6)), draw(st.sampled_from((*GROUPS, None))))
        for name in names
    )
    measures: tuple[Measure, ...] = ("votes", "points")
    measure = draw(st.sampled_from(measures))
    ballots: list[Ballot] = []
    for _ in range(draw(st.integers(0, 8))):
        choices = tuple(draw(st.lists(st.sampled_from(names), unique=True, max_size=4)))
        points = tuple(draw(st.integers(0, 3)) for _ in choices) if measure == "points" else None
        ballots.append((choices, points))
    budget = draw(st.integers(1, 20))
    groups: Mapping[str, int] | None = None
    if draw(st.booleans()):
        share = budget // len(GROUPS)
        served = draw(st.permutations(GROUPS))[: draw(st.integers(1, len(GROUPS)))]
        groups = {group: draw(st.integers(0, share)) for group in served}
    remainder = draw(st.sampled_from(("lost", "pooled", "next_edition")))
    standing_groups = sorted({item.group for item in candidates if item.group})
    guaranteed: dict[str, int] | None = None
    if standing_groups and (groups is None or remainder == "pooled") and draw(st.booleans()):
        named = draw(st.lists(st.sampled_from(standing_groups), unique=True))
        guaranteed = {group: draw(st.integers(0, 2)) for group in named}
    exclusive: list[tuple[str, ...]] = []
    if len(names) > 1 and draw(st.booleans()):
        rivals = st.lists(st.sampled_from(names), unique=True, min_size=2, max_size=3).map(tuple)
        exclusive = draw(st.lists(rivals, min_size=1, max_size=2))
    shares = st.sampled_from((Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(2, 7)))
    chain: list[Criterion] = ["higher_votes", "higher_points", "lower_cost"]
    criteria = draw(st.permutations(chain))
    options = GreedyOptions(
        lot=draw_order(draw(st.text(max_size=2)), names),
        measure=measure,
        on_misfit=draw(st.sampled_from(("skip", "stop"))),
        group_budgets=groups,
        remainder=remainder,
        remainder_on_misfit=draw(st.sampled_from((None, "skip", "stop"))),
        minimum_winners=guaranteed,
        minimum_votes=draw(st.integers(0, 2)),
        minimum_points=draw(st.integers(0, 2)),
        minimum_share=draw(shares),
        minimum_cost_share=draw(st.sampled_from((Fraction(0), Fraction(1, 3), Fraction(5, 2)))),
        exclusive=tuple(exclusive),
        tie_chain=(*criteria[: draw(st.integers(0, 3))], "lot"),
    )
    return Case(candidates, tuple(ballots), budget, options)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_candidates_changes_nothing(
    case: Case, rng: random.Random
) -> None:
    shuffled = replace(
        case,
        candidates=tuple(rng.sample(case.candidates, len(case.candidates))),
        ballots=tuple(
            _shuffled_choices(ballot, rng) for ballot in rng.sample(case.ballots, len(case.ballots))
        ),
    )

    assert shuffled.count().to_json() == case.count().to_json()


def _shuffled_choices(ballot: Ballot, rng: random.Random) -> Ballot:
    choices, points = ballot
    order = rng.sample(range(len(choices)), len(choices))
    moved = None if points is None else tuple(points[place] for place in order)
    return tuple(choices[place] for place in order), moved


@given(cases(), st.randoms(use_true_random=False))
def test_other_names_with_the_same_lot_give_the_same_winners(
    case: Case, rng: random.Random
) -> None:
    names = [candidate.id for candidate in case.candidates]
    others = [f"project {number}" for number in range(len(names))]
    rng.shuffle(others)
    new = dict(zip(names, others, strict=True))
    renamed = Case(
        tuple(replace(candidate, id=new[candidate.id]) for candidate in case.candidates),
        tuple((tuple(new[name] for name in choices), points) for choices, points in case.ballots),
        case.budget,
        replace(
            case.options,
            lot={new[name]: rank for name, rank in case.options.lot.items()},
            exclusive=tuple(
                tuple(new[name] for name in rivals) for rivals in case.options.exclusive
            ),
        ),
    )

    before, after = case.count(), renamed.count()
    assert after.winners == tuple(new[name] for name in before.winners)
    assert [tie.decided_by for tie in after.ties] == [tie.decided_by for tie in before.ties]


@given(cases())
def test_merged_and_separate_ballots_weigh_the_same(case: Case) -> None:
    merged = Profile.from_ballots(case.ballots)
    separate = Profile(
        tuple(WeightedBallot(choices, points, 1) for choices, points in case.ballots)
    )
    halves = Profile.from_weighted(
        [
            (ballot.choices, ballot.points, weight)
            for ballot in merged.ballots
            for weight in (1,) * ballot.weight
        ]
    )

    assert halves == merged
    assert separate.votes() == merged.votes()
    assert (separate.voters, separate.blank) == (merged.voters, merged.blank)
    counted = greedy(case.candidates, separate, case.budget, case.options)
    assert counted.winners == case.count().winners
    assert counted.rounds == case.count().rounds


@given(cases(), st.integers(2, 100))
def test_another_currency_gives_the_same_winners(case: Case, rate: int) -> None:
    groups = case.options.group_budgets
    dearer = replace(
        case,
        candidates=tuple(replace(item, cost=item.cost * rate) for item in case.candidates),
        budget=case.budget * rate,
        options=replace(
            case.options,
            group_budgets=groups and {name: money * rate for name, money in groups.items()},
        ),
    )

    assert dearer.count().winners == case.count().winners
    assert dearer.count().spent == case.count().spent * rate


@given(cases())
def test_no_envelope_is_ever_exceeded(case: Case) -> None:
    result = case.count()
    costs = {candidate.id: candidate.cost for candidate in case.candidates}
    spent = sum(costs[winner] for winner in result.winners)

    assert len(set(result.winners)) == len(result.winners)
    assert result.spent == spent <= case.budget
    assert result.remaining == case.budget - spent
    assert result.carried_over in (0, result.remaining)
    for group, money in (case.options.group_budgets or {}).items():
        in_group = [
            item.cost
            for item in result.rounds
            if (item.group, item.phase, item.decision) == (group, "group", "selected")
        ]
        assert sum(in_group) <= money
    for rivals in case.options.exclusive:
        assert len(set(rivals) & set(result.winners)) <= 1


@given(cases())
def test_each_candidate_has_true_reasons(case: Case) -> None:
    result = case.count()
    costs = {candidate.id: candidate.cost for candidate in case.candidates}

    assert [item.candidate for item in result.outcomes] == sorted(costs)
    for outcome in result.outcomes:
        assert outcome.reasons
        last = outcome.reasons[-1]
        assert outcome.selected == (outcome.candidate in result.winners)
        assert outcome.selected == (last.code == "selected")
        assert all(reason.code != "selected" for reason in outcome.reasons[:-1])
        for reason in outcome.reasons:
            params = reason.params
            match reason.code:
                case "selected":
                    assert costs[outcome.candidate] <= int(params["remaining_before"])
                case "does_not_fit" | "stopped_the_count":
                    assert int(params["cost"]) == costs[outcome.candidate]
                    assert int(params["cost"]) - int(params["remaining"]) == params["missing"]
                    assert int(params["missing"]) > 0
                case "costs_more_than_envelope":
                    assert costs[outcome.candidate] > int(params["envelope"])
                case "below_minimum_votes":
                    assert outcome.votes < case.options.minimum_votes
                case "below_minimum_share":
                    assert Fraction(outcome.votes, result.voters) < case.options.minimum_share
                case "below_minimum_cost_share":
                    support = Fraction(outcome.votes, result.voters)
                    money = Fraction(costs[outcome.candidate], case.budget)
                    assert support < case.options.minimum_cost_share * money
                case "excluded_by":
                    rival = params["winner"]
                    assert rival in result.winners
                    assert any(
                        {rival, outcome.candidate} <= set(rivals)
                        for rivals in case.options.exclusive
                    )
                case "below_minimum_points":
                    assert outcome.score < case.options.minimum_points
                case "after_the_stop":
                    assert params["stopped_by"] not in result.winners or (
                        len(result.outcome(str(params["stopped_by"])).reasons) > 1
                    )
                case "no_envelope":
                    assert reason.group not in (case.options.group_budgets or {})
                case unexpected:
                    raise AssertionError(unexpected)


@settings(max_examples=500)
@given(cases())
def test_a_count_written_in_a_few_lines_agrees(case: Case) -> None:
    """The whole rule once more, written from docs/counting.md without sharing any code."""
    options = case.options
    votes = {item.id: 0 for item in case.candidates}
    points = dict(votes)
    for choices, given_points in case.ballots:
        for place, name in enumerate(choices):
            votes[name] += 1
            points[name] += given_points[place] if given_points else 0
    score = votes if options.measure == "votes" else points
    voters = len(case.ballots)

    def key(item: Candidate) -> tuple[int, ...]:
        worth = {
            "higher_votes": -votes[item.id],
            "higher_points": -points[item.id],
            "lower_cost": item.cost,
            "lot": options.lot[item.id],
        }
        return (-score[item.id], *(worth[name] for name in options.tie_chain))

    won: list[Candidate] = []

    def enough(item: Candidate) -> bool:
        support = votes[item.id]
        return (
            support >= options.minimum_votes
            and support >= options.minimum_share * voters
            and support * case.budget >= options.minimum_cost_share * item.cost * voters
            and (options.measure == "votes" or points[item.id] >= options.minimum_points)
        )

    def may_win(item: Candidate) -> bool:
        names = {winner.id for winner in won}
        barred = any(item.id in rivals and names & set(rivals) for rivals in options.exclusive)
        return item not in won and enough(item) and not barred

    def spend(money: int, group: str | None, on_misfit: str) -> None:
        for item in sorted(case.candidates, key=key):
            if not may_win(item) or (group is not None and item.group != group):
                continue
            if item.cost <= money:
                won.append(item)
                money -= item.cost
            elif on_misfit == "stop":
                return

    def guarantee(money: int) -> None:
        for item in sorted(case.candidates, key=key):
            have = sum(winner.group == item.group for winner in won)
            wanted = (options.minimum_winners or {}).get(item.group or "", 0)
            if have < wanted and may_win(item) and item.cost <= money:
                won.append(item)
                money -= item.cost

    def left() -> int:
        return case.budget - sum(item.cost for item in won)

    if options.group_budgets is None:
        guarantee(case.budget)
        spend(left(), None, options.on_misfit)
    else:
        for group, money in options.group_budgets.items():
            spend(money, group, options.on_misfit)
        if options.remainder == "pooled":
            guarantee(left())
            spend(left(), None, options.remainder_on_misfit or options.on_misfit)

    assert case.count().winners == tuple(item.id for item in won)


@settings(max_examples=300)
@given(cases(), st.randoms(use_true_random=False))
def test_only_decisive_ties_depend_on_the_lot(case: Case, rng: random.Random) -> None:
    by_lot = replace(case, options=replace(case.options, tie_chain=("lot",)))
    ranks = list(by_lot.options.lot.values())
    rng.shuffle(ranks)
    other_lot = dict(zip(by_lot.options.lot, ranks, strict=True))
    redrawn = replace(by_lot, options=replace(by_lot.options, lot=other_lot))

    if not any(tie.decisive for tie in by_lot.count().ties):
        assert set(redrawn.count().winners) == set(by_lot.count().winners)


@given(cases())
def test_the_input_digest_can_be_recomputed(case: Case) -> None:
    result = case.count()
    profile = Profile.from_ballots(case.ballots)
    inputs = {
        "ballots": [
            [list(item.choices), item.points and list(item.points), item.weight]
            for item in profile.ballots
        ],
        "budget": case.budget,
        "candidates": sorted([item.id, item.cost, item.group] for item in case.candidates),
    }
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert result.input_sha256 == hashlib.sha256(text.encode()).hexdigest()
    one_more = replace(case, ballots=(*case.ballots, ((), None)))
    assert one_more.count().input_sha256 != result.input_sha256
    no_share = replace(case.options, minimum_share=Fraction(0), minimum_cost_share=Fraction(0))
    one_more, before = replace(one_more, options=no_share), replace(case, options=no_share)
    assert one_more.count().winners == before.count().winners


@given(cases())
def test_published_options_recount_to_the_same_bytes(case: Case) -> None:
    published = case.count().to_json()
    options = GreedyOptions.from_dict(json.loads(published)["options"])

    assert replace(case, options=options).count().to_json() == published


@given(cases())
def test_the_json_holds_no_float(case: Case) -> None:
    def refuse(text: str) -> float:
        raise AssertionError(f"a float in the result: {text}")

    content = json.loads(case.count().to_json(), parse_float=refuse, parse_constant=refuse)
    assert content["winners"] == list(case.count().winners)
