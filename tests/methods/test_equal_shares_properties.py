"""What holds for every count by equal shares and by Phragmén, whatever the election."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from participation.methods.tally import (
    Candidate,
    EqualSharesOptions,
    PhragmenOptions,
    Profile,
    Result,
    WeightedBallot,
    equal_shares,
    sequential_phragmen,
)
from tests.methods.small_elections import Small, small_elections

HOW_MANY = 250


def options_of(election: Small) -> EqualSharesOptions:
    """Options drawn for this election, every one of them in turn."""
    draw = election.random.choice
    return EqualSharesOptions(
        lot=election.lot,
        satisfaction=draw(("cost", "cardinality", "points")),
        completion=draw(("none", "add1", "add1u", "greedy")),
        add1_stop=draw(("exhaustive", "over_budget")),
        increment=draw((30, 50, 100)),
        start=draw(("exact", "floor")),
        comparison=draw(("none", "none", "greedy")),
        minimum_support=draw((None, Fraction(1, 3))),
        over_budget=draw(("competes", "excluded")),
        tie_chain=draw((("lower_cost", "higher_votes", "lot"), ("higher_votes", "lot"), ("lot",))),
    )


def each_election(seed: int) -> list[tuple[Small, EqualSharesOptions]]:
    return [(election, options_of(election)) for election in small_elections(seed, HOW_MANY)]


def count(election: Small, options: EqualSharesOptions) -> Result:
    return equal_shares(
        election.candidates, election.profile(points=True), election.budget, options
    )


def test_the_order_of_ballots_and_candidates_changes_nothing() -> None:
    for election, options in each_election(1):
        rng = election.random
        shuffled = replace(
            election,
            candidates=tuple(rng.sample(election.candidates, len(election.candidates))),
            ballots=tuple(rng.sample(election.ballots, len(election.ballots))),
        )
        assert count(shuffled, options).to_json() == count(election, options).to_json()


def test_other_names_with_the_same_lot_give_the_same_winners() -> None:
    for election, options in each_election(2):
        names = [item.id for item in election.candidates]
        new = dict(zip(names, election.random.sample([f"x{n}" for n in range(9)], len(names))))  # noqa: B905 -- more new names than old
        renamed = replace(
            election,
            candidates=tuple(replace(item, id=new[item.id]) for item in election.candidates),
            ballots=tuple(
                (tuple(new[name] for name in choices), points)
                for choices, points in election.ballots
            ),
        )
        lot = {new[name]: rank for name, rank in options.lot.items()}
        after = count(renamed, replace(options, lot=lot))
        assert after.winners == tuple(new[name] for name in count(election, options).winners)


def test_identical_ballots_may_be_merged_or_not() -> None:
    for election, options in each_election(3):
        merged = election.profile(points=True)
        apart = Profile(
            tuple(
                WeightedBallot(ballot.choices, ballot.points, 1)
                for ballot in merged.ballots
                for _ in range(ballot.weight)
            )
        )
        one = equal_shares(election.candidates, merged, election.budget, options)
        other = equal_shares(election.candidates, apart, election.budget, options)
        assert (one.winners, one.rounds, one.ties) == (other.winners, other.rounds, other.ties)


@pytest.mark.parametrize("rate", [7, 1_000_003])
def test_another_currency_gives_the_same_winners(rate: int) -> None:
    for election, options in each_election(4):
        dearer = replace(
            election,
            candidates=tuple(replace(item, cost=item.cost * rate) for item in election.candidates),
            budget=election.budget * rate,
        )
        raised = replace(options, increment=options.increment * rate)
        assert count(dearer, raised).winners == count(election, options).winners


def test_a_blank_ballot_changes_only_the_share() -> None:
    for election, options in each_election(5):
        plain = replace(options, completion="none", start="exact", minimum_support=None)
        voters = len(election.ballots)
        # With one more voter and as much more money, every share is what it was.
        more = replace(
            election,
            ballots=(*election.ballots, ((), ())),
            budget=election.budget + election.budget // voters,
        )
        if (
            election.budget % voters
            or plain.comparison != "none"
            or any(item.cost > election.budget for item in election.candidates)
        ):
            continue
        before, after = count(election, plain), count(more, plain)
        assert after.winners == before.winners
        assert after.details.get("share") == before.details.get("share")
        assert after.blank == before.blank + 1


def test_payments_are_what_projects_cost_and_no_one_pays_beyond_her_share() -> None:
    for election, options in each_election(6):
        result = count(election, options)
        bought = [item for item in result.rounds if item.phase == "whole"]
        costs = {item.id: item.cost for item in election.candidates}
        assert result.spent == sum(costs[name] for name in result.winners) <= election.budget
        if not bought:
            continue
        purses = [Fraction(str(result.details["share"]))] * len(election.ballots)
        for purchase in bought:
            each = Fraction(str(purchase.details["payment"]))
            paid = Fraction(0)
            payers = full = 0
            for voter, (choices, points) in enumerate(election.ballots):
                if purchase.candidate not in choices:
                    continue
                unit = 1
                if options.satisfaction == "points":
                    unit = points[choices.index(purchase.candidate)]
                payment = min(purses[voter], each * unit)
                payers += payment > 0
                full += 0 < payment == each * unit
                purses[voter] -= payment
                paid += payment
            assert paid == costs[purchase.candidate]
            assert (purchase.details["payers"], purchase.details["full_payers"]) == (payers, full)
        for outcome in result.outcomes:
            if outcome.reasons[0].code == "supporters_cannot_pay":
                held = sum(
                    purses[voter]
                    for voter, (choices, _) in enumerate(election.ballots)
                    if outcome.candidate in choices
                )
                assert held < costs[outcome.candidate]
                assert int(outcome.reasons[0].params["held"]) == held // 1


def test_each_candidate_has_its_reason() -> None:
    for election, options in each_election(7):
        result = count(election, options)
        assert [item.candidate for item in result.outcomes] == sorted(
            item.id for item in election.candidates
        )
        for outcome in result.outcomes:
            (reason,) = outcome.reasons
            assert outcome.selected == (reason.code == "selected")
            assert outcome.selected == (outcome.candidate in result.winners)


def _by_equal_shares(election: Small) -> Result:
    return count(election, options_of(election))


def _by_phragmen(election: Small) -> Result:
    options = PhragmenOptions(lot=election.lot, on_misfit=election.random.choice(("stop", "skip")))
    return sequential_phragmen(election.candidates, election.profile(), election.budget, options)


@pytest.mark.parametrize("rule", [_by_equal_shares, _by_phragmen])
def test_published_options_recount_to_the_same_bytes(rule: Callable[[Small], Result]) -> None:
    def refuse(text: str) -> float:
        raise AssertionError(f"a float in the result: {text}")

    for election in small_elections(8, HOW_MANY):
        published = rule(election).to_json()
        content = json.loads(published, parse_float=refuse, parse_constant=refuse)
        if content["rule"] == "equal_shares":
            options = EqualSharesOptions.from_dict(content["options"])
            again = count(election, options)
        else:
            again = sequential_phragmen(
                election.candidates,
                election.profile(),
                election.budget,
                PhragmenOptions.from_dict(content["options"]),
            )
        assert again.to_json() == published
        assert again.spent <= election.budget


def test_phragmen_does_not_depend_on_the_order_of_ballots() -> None:
    for election in small_elections(9, HOW_MANY):
        rng = election.random
        shuffled = replace(
            election,
            candidates=tuple(rng.sample(election.candidates, len(election.candidates))),
            ballots=tuple(rng.sample(election.ballots, len(election.ballots))),
        )
        options = PhragmenOptions(lot=election.lot)
        results = [
            sequential_phragmen(one.candidates, one.profile(), one.budget, options).to_json()
            for one in (election, shuffled)
        ]
        assert results[0] == results[1]


def test_a_very_large_amount_is_counted_exactly() -> None:
    # Two projects whose prices differ by one cent in a hundred thousand million million.
    huge = 10**17
    candidates = (Candidate("a", huge + 1), Candidate("b", huge))
    profile = Profile.from_weighted([(("a",), None, 1), (("b",), None, 1)])
    options = EqualSharesOptions(
        lot={"a": 1, "b": 2}, satisfaction="cardinality", completion="none", tie_chain=("lot",)
    )
    result = equal_shares(candidates, profile, 2 * huge + 2, options)

    assert result.winners == ("b", "a")
    assert result.ties == ()
