"""Equal shares, Phragmén and greedy against pabutools: ten thousand small elections, real ones."""

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from participation.methods.pabulib import Election, read
from participation.methods.tally import (
    Candidate,
    EqualSharesOptions,
    GreedyOptions,
    PhragmenOptions,
    Profile,
    candidates_of,
    equal_shares,
    greedy,
    profile_of,
    sequential_phragmen,
)
from participation.methods.tally.equal_shares.electorate import BallotsInOrder
from participation.methods.tally.equal_shares.increments import Arithmetic, first_in_doubt
from participation.methods.tally.equal_shares.increments import Election as CountedElection
from participation.methods.tally.equal_shares.options import Add1Stop, Completion, Satisfaction
from tests.methods.oracle import lot_of, witness
from tests.methods.small_elections import naive_add1, naive_equal_shares, small_elections

LoadElection = Callable[[str], Election]
MEASURES: tuple[Satisfaction, ...] = ("cost", "cardinality", "points")
# One count alone, and many side by side.
COMPLETIONS: tuple[Completion, ...] = ("none", "add1")
STOPS: tuple[Add1Stop, ...] = ("exhaustive", "over_budget")


@pytest.mark.parametrize("satisfaction", MEASURES)
@pytest.mark.parametrize("part", range(4))
def test_equal_shares_and_add1_are_those_of_pabutools(
    satisfaction: Satisfaction, part: int
) -> None:
    points = satisfaction == "points"
    for election in small_elections(part, 550):
        profile = election.profile(points=points)
        other = witness(
            election.candidates, profile, election.budget, lot=election.lot, points=points
        )
        # Add1 on one election in two.
        increment = election.random.choice((50, 100)) if election.number % 2 else None
        options = EqualSharesOptions(
            lot=election.lot,
            satisfaction=satisfaction,
            completion="add1" if increment else "none",
            increment=increment or 100,
        )
        result = equal_shares(election.candidates, profile, election.budget, options)
        assert list(result.winners) == other.equal_shares(satisfaction, increment), election.number


@pytest.mark.parametrize("part", range(2))
def test_phragmen_is_that_of_pabutools(part: int) -> None:
    for election in small_elections(100 + part, 1200):
        profile = election.profile()
        other = witness(election.candidates, profile, election.budget, lot=election.lot)
        options = PhragmenOptions(lot=election.lot)
        result = sequential_phragmen(election.candidates, profile, election.budget, options)
        assert set(result.winners) == other.phragmen(), election.number


def test_greedy_is_that_of_pabutools() -> None:
    for election in small_elections(200, 1200):
        profile = election.profile()
        other = witness(election.candidates, profile, election.budget, lot=election.lot)
        options = GreedyOptions(lot=election.lot, tie_chain=("lower_cost", "higher_votes", "lot"))
        result = greedy(election.candidates, profile, election.budget, options)
        assert list(result.winners) == other.greedy(), election.number


@pytest.mark.parametrize("satisfaction", MEASURES)
def test_equal_shares_written_in_a_few_lines_agree(satisfaction: Satisfaction) -> None:
    for election in small_elections(300, 400):
        profile = election.profile(points=satisfaction == "points")
        options = EqualSharesOptions(lot=election.lot, satisfaction=satisfaction, completion="none")
        result = equal_shares(election.candidates, profile, election.budget, options)
        share = Fraction(election.budget, len(election.ballots))
        assert list(result.winners) == naive_equal_shares(election, share, satisfaction)


@pytest.mark.parametrize("stop", ["exhaustive", "over_budget"])
def test_increments_left_out_would_have_changed_nothing(stop: Add1Stop) -> None:
    left_out = 0
    for election in small_elections(500, 150):
        profile = election.profile()
        increment = max(election.budget // (60 * len(election.ballots)), 1)
        options = EqualSharesOptions(
            lot=election.lot, completion="add1", add1_stop=stop, increment=increment
        )
        result = equal_shares(election.candidates, profile, election.budget, options)
        won, increments = naive_add1(election, increment, stop)
        assert list(result.winners) == won, election.number
        assert result.details.get("increments", 0) == increments, election.number
        votes = profile.votes()
        eligible = [item for item in election.candidates if votes[item.id]]
        counted = CountedElection(
            candidates=eligible,
            ballots=BallotsInOrder(profile),
            supporters=votes,
            budget=election.budget,
            voters=len(election.ballots),
            at_once=1,
            arithmetic="whole",
        )
        share = Fraction(election.budget, len(election.ballots))
        left_out += eligible != [] and first_in_doubt(counted, share, increment) > 0
    assert left_out > 10


@pytest.mark.parametrize("satisfaction", MEASURES)
@pytest.mark.parametrize("stop", STOPS)
def test_the_same_bytes_however_it_is_counted(satisfaction: Satisfaction, stop: Add1Stop) -> None:
    def counted(arithmetic: Arithmetic) -> list[str]:
        return [
            equal_shares(
                election.candidates,
                election.profile(points=satisfaction == "points"),
                election.budget,
                EqualSharesOptions(
                    lot=election.lot,
                    satisfaction=satisfaction,
                    completion=completion,
                    add1_stop=stop,
                    increment=70,
                ),
                arithmetic=arithmetic,
            ).to_json()
            for election in small_elections(400, 150)
            for completion in COMPLETIONS
        ]

    assert counted("whole") == counted("filtered") == counted("linear")


def test_three_voters_of_a_large_budget_are_counted_at_once() -> None:
    """A rehearsal: millions of increments, of which a few hundred count differently."""
    costs = {name: 100_000_00 + 7_919_00 * place for place, name in enumerate("abcdefghij")}
    candidates = [Candidate(name, cost) for name, cost in costs.items()]
    profile = Profile.from_ballots((tuple(chosen), None) for chosen in ("abcd", "defgh", "aij"))
    options = EqualSharesOptions(
        lot={name: rank for rank, name in enumerate(costs)}, add1_stop="over_budget", increment=1
    )
    begun = time.process_time()
    result = equal_shares(candidates, profile, 600_000_00, options)
    assert time.process_time() - begun < 5
    assert result.details["increments"] > 1_000_000
    assert result.spent <= 600_000_00


def test_real_elections_of_moderate_size_are_those_of_pabutools(corpus: Path) -> None:
    compared = 0
    for path in sorted(corpus.glob("*.pb")):
        if path.stat().st_size > 120_000:
            continue
        with path.open("rb") as stream:
            election = read(stream)
        candidates, profile = candidates_of(election), profile_of(election)
        budget, lot = election.budget_cents, lot_of(candidates)
        points = election.vote_type in ("cumulative", "scoring")
        other = witness(candidates, profile, budget, lot=lot, points=points)
        for satisfaction in ("points",) if points else ("cost", "cardinality"):
            options = EqualSharesOptions(lot=lot, satisfaction=satisfaction, completion="none")
            result = equal_shares(candidates, profile, budget, options)
            assert list(result.winners) == other.equal_shares(satisfaction, None), path.name
        if not points:
            result = sequential_phragmen(candidates, profile, budget, PhragmenOptions(lot=lot))
            assert set(result.winners) == other.phragmen(), path.name
        compared += 1
    print(f"the same winners as pabutools in {compared} real elections")  # noqa: T201 -- a figure
