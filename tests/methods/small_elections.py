"""Thousands of small elections full of ties, the same at each run."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from participation.methods.tally import Candidate, Profile, draw_order
from participation.methods.tally.equal_shares.options import Add1Stop, Satisfaction


@dataclass(frozen=True)
class Small:
    number: int
    candidates: tuple[Candidate, ...]
    ballots: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]
    budget: int
    lot: dict[str, int]
    random: random.Random

    def profile(self, *, points: bool = False) -> Profile:
        return Profile.from_ballots(
            (choices, given if points else None) for choices, given in self.ballots
        )


def small_elections(seed: int, how_many: int) -> Iterator[Small]:
    """Few projects with round costs and few voters: prices are often equal, or nearly."""
    for number in range(how_many):
        rng = random.Random(f"{seed}/{number}")
        names = [f"p{index}" for index in range(rng.randint(1, 7))]
        costs = [
            rng.choice((rng.randint(1, 10) * 100, rng.randint(1, 4) * 300, rng.randint(1, 900)))
            for _ in names
        ]
        ballots = []
        for _ in range(rng.randint(1, 9)):
            choices = tuple(name for name in names if rng.random() < 0.5)
            ballots.append((choices, tuple(rng.randint(1, 3) for _ in choices)))
        yield Small(
            number,
            tuple(Candidate(name, cost) for name, cost in zip(names, costs, strict=True)),
            tuple(ballots),
            rng.randint(1, 30) * 100,
            draw_order(str(number), names),
            rng,
        )


def naive_equal_shares(election: Small, share: Fraction, satisfaction: Satisfaction) -> list[str]:
    """The method once more, voter by voter in fractions, without a line of the other code."""
    purses = [share for _ in election.ballots]
    votes = {
        item.id: sum(item.id in choices for choices, _ in election.ballots)
        for item in election.candidates
    }
    waiting = {item.id: item for item in election.candidates}
    won: list[str] = []

    def utilities(item: Candidate) -> dict[int, int]:
        return {
            voter: {"cost": item.cost, "cardinality": 1, "points": points[choices.index(item.id)]}[
                satisfaction
            ]
            for voter, (choices, points) in enumerate(election.ballots)
            if item.id in choices
        }

    def price(item: Candidate) -> Fraction | None:
        worth = utilities(item)
        if sum(purses[voter] for voter in worth) < item.cost:
            return None
        rich = set(worth)
        while True:
            rest = item.cost - sum(purses[voter] for voter in worth if voter not in rich)
            rho = Fraction(rest) / sum(worth[voter] for voter in rich)
            poor = {voter for voter in rich if purses[voter] < rho * worth[voter]}
            if not poor:
                return rho
            rich -= poor

    while True:
        priced = [
            (rho, item.cost, -votes[item.id], election.lot[item.id], item)
            for item in waiting.values()
            if votes[item.id] and (rho := price(item)) is not None
        ]
        if not priced:
            return won
        rho, *_, item = min(priced, key=lambda entry: entry[:4])
        for voter, worth in utilities(item).items():
            purses[voter] -= min(purses[voter], rho * worth)
        won.append(item.id)
        del waiting[item.id]


def naive_add1(election: Small, increment: int, stop: Add1Stop) -> tuple[list[str], int]:
    """Winners by cost and number of increments, every one of them counted."""
    named = {name for choices, _ in election.ballots for name in choices}
    costs = {item.id: item.cost for item in election.candidates if item.id in named}
    before: list[str] = []
    for increments in count():
        share = Fraction(election.budget, len(election.ballots)) + increments * increment
        won = naive_equal_shares(election, share, "cost")
        spent = sum(costs[name] for name in won)
        if spent > election.budget:
            return before, increments - 1
        others = [cost for name, cost in costs.items() if name not in won]
        if not others or (stop == "exhaustive" and spent + min(others) > election.budget):
            return won, increments
        before = won
    raise AssertionError("a larger share buys everything in the end")
