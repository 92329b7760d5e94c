"""Ballots merged as arrays are the groups that one finds by taking them one after the other."""

import random
from collections import Counter

import pytest

from participation.methods.tally import Profile
from participation.methods.tally.equal_shares.electorate import Ballots, BallotsInOrder
from participation.methods.tally.equal_shares.merging import NumberedBallots

NAMES = [f"p{number}" for number in range(21)]


def groups(ballots: Ballots, place: dict[str, int]) -> Counter[frozenset[int]]:
    """Number of voters by what the groups chose, each group once."""
    weights, groups_of, units = ballots.merged(place, 12)
    assert units is None
    assert len(groups_of) == 12
    chosen: list[set[int]] = [set() for _ in weights]
    for number, found in enumerate(groups_of):
        assert len(set(found)) == len(found)
        for group in found:
            chosen[group].add(number)
    assert len({frozenset(numbers) for numbers in chosen}) == len(chosen)
    return Counter(
        {frozenset(numbers): weight for numbers, weight in zip(chosen, weights, strict=True)}
    )


# Tables are made of 16,384 rows at a time: the largest profile needs three.
@pytest.mark.parametrize("voters", [1, 50, 3_000, 60_000])
def test_both_ways_find_the_same_groups(voters: int) -> None:
    rng = random.Random(voters)
    profile = Profile.from_ballots(
        (rng.sample(NAMES, rng.randint(0, 9)), None) for _ in range(voters)
    )
    assert NumberedBallots(profile).votes() == profile.votes()
    place = {name: number for number, name in enumerate(rng.sample(NAMES, 12))}
    for kept in (place, {}, dict(list(place.items())[:5])):
        assert groups(NumberedBallots(profile), kept) == groups(BallotsInOrder(profile), kept)


def test_ballots_that_choose_nothing_are_one_group() -> None:
    profile = Profile.from_ballots(((), None) for _ in range(7))
    assert groups(NumberedBallots(profile), {"p1": 3}) == {frozenset(): 7}
