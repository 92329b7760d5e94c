"""The three cities that voted by equal shares, and the winners that they published."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from participation.methods.pabulib import Election
from participation.methods.tally import (
    EqualSharesOptions,
    Result,
    candidates_of,
    equal_shares,
    profile_of,
)
from tests.methods.oracle import lot_of

LoadElection = Callable[[str], Election]
WIELICZKA = "Poland_Wieliczka_2023_Green_Budget"


def count(election: Election, **options: Any) -> Result:
    candidates = candidates_of(election)
    chosen = EqualSharesOptions(lot=lot_of(candidates), **options)
    return equal_shares(candidates, profile_of(election), election.budget_cents, chosen)


def published(election: Election) -> set[str]:
    return {project.id for project in election.projects if project.selected}


def test_wieliczka_did_not_stop_at_the_first_exhaustive_outcome(election_of: LoadElection) -> None:
    election = election_of(WIELICZKA)
    official = count(election, add1_stop="over_budget", comparison="greedy", start="floor")

    assert set(official.winners) == published(election)
    assert (len(official.winners), official.spent) == (30, 995_079_00)
    assert official.details["comparison"]["preferred"] == "equal_shares"  # type: ignore[index]  # a mapping
    assert official.details["share"] == "31500"

    stopped = count(election)
    assert (len(stopped.winners), stopped.spent) == (31, 984_579_00)
    assert set(stopped.winners) ^ published(election) == {"46", "66", "67"}


@pytest.mark.parametrize("add1_stop", ["exhaustive", "over_budget"])
@pytest.mark.parametrize("start", ["exact", "floor"])
def test_swiecie_and_assen_by_every_add1(
    election_of: LoadElection, add1_stop: str, start: str
) -> None:
    swiecie, assen = election_of("Poland_Swiecie_2023"), election_of("Netherlands_Assen_2024")
    ratio = Fraction(1, 3)
    options: dict[str, Any] = {"add1_stop": add1_stop, "start": start}

    assert set(count(swiecie, **options).winners) == published(swiecie)
    assert set(count(swiecie, **options, minimum_support=ratio).winners) == published(swiecie)
    assert len(published(swiecie)) == 17
    assert set(count(assen, **options).winners) == published(assen)
    assert len(published(assen)) == 9


def test_toulouse_2024_by_equal_shares(election_of: LoadElection) -> None:
    election = election_of("France_Toulouse_2024")
    result = count(election)

    # The winners of pabutools 1.2.3 with the same ties: 102 CPU seconds there.
    assert (len(result.winners), result.spent) == (129, 782_315_000)
    assert (result.details["increments"], result.details["ending"]) == (669, "over_budget")
    assert len(result.ties) == 8
    assert result.to_json() == count(election).to_json()
