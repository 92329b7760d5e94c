"""One count of equal shares in whole numbers: what decides where floating point cannot.

All the money is held as integers over one common denominator, which grows when a price needs it:
far cheaper than a fraction per voter. Groups that paid for the same projects hold the same money
and share one purse.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from math import gcd, lcm

from participation.methods.tally.equal_shares.electorate import Electorate


@dataclass(frozen=True, slots=True)
class Course:
    """The purchases of one count in order, and those who were tied at each place in it."""

    bought: list[int]
    ties: dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Payment:
    """How a project was paid. Amounts are exact, in cents.

    `each` is what a voter gives for each unit of what the project is worth to her, unless her
    purse is emptied first; `payers` give something, of whom `full_payers` give it whole.
    """

    each: Fraction
    payers: int
    full_payers: int
    held_before: Fraction
    held_after: Fraction


class ExactCount:
    """The purses of the voters of one count, from a share for each to what is left."""

    def __init__(self, electorate: Electorate, share: Fraction) -> None:
        self._electorate = electorate
        self._denominator = share.denominator
        self._purse_of = [0] * len(electorate.weights)
        self._purses: dict[int, int] = {0: share.numerator} if share else {}
        self._members = [len(self._purse_of)]

    def price(self, number: int) -> Fraction | None:
        """Cents per unit, divided by the candidate's scale; None when nobody can pay so much."""
        found = self._solve(number, self._crowd(number))
        if found is None:
            return None
        scale = self._electorate.supporters[number].scale
        return Fraction(found[0], self._denominator * found[1] * scale)

    def held(self, number: int) -> Fraction:
        """All that the supporters of a candidate hold, in cents."""
        crowd = self._crowd(number)
        total = sum(self._purses[purse] * weight for (purse, _), weight in crowd.items())
        return Fraction(total, self._denominator)

    def best(self, numbers: Iterable[int]) -> tuple[Fraction, list[int]] | None:
        """The lowest price and those who have it, in order; None when none can be paid."""
        priced = [(self.price(number), number) for number in sorted(numbers)]
        lowest = min((price for price, _ in priced if price is not None), default=None)
        if lowest is None:
            return None
        return lowest, [number for price, number in priced if price == lowest]

    def pay(self, number: int) -> Payment:
        """Take the price of a candidate from its supporters; `ValueError` when they cannot."""
        crowd = self._crowd(number)
        found = self._solve(number, crowd)
        if found is None:
            raise ValueError("the supporters cannot pay")
        remaining, units = found
        held = sum(self._purses[purse] * weight for (purse, _), weight in crowd.items())
        before = Fraction(held, self._denominator)
        shared = gcd(remaining, units)
        self._refine(units // shared)
        each = remaining // shared
        full = sum(
            weight for (purse, unit), weight in crowd.items() if self._purses[purse] >= each * unit
        )
        payment = Payment(
            each=Fraction(each, self._denominator),
            payers=sum(crowd.values()),
            full_payers=full,
            held_before=before,
            held_after=before - self._electorate.supporters[number].cost,
        )
        self._take(number, each)
        return payment

    def _crowd(self, number: int) -> dict[tuple[int, int], int]:
        """Number of supporters by purse and units; those with an empty purse left out."""
        crowd = self._electorate.supporters[number]
        weights, purse_of, purses = self._electorate.weights, self._purse_of, self._purses
        found: dict[tuple[int, int], int] = {}
        if crowd.units is None:
            counted: dict[int, int] = {}
            for group in crowd.groups:
                purse = purse_of[group]
                counted[purse] = counted.get(purse, 0) + weights[group]
            return {(purse, 1): n for purse, n in counted.items() if purse in purses}
        for group, unit in zip(crowd.groups, crowd.units, strict=True):
            if purse_of[group] in purses:
                key = purse_of[group], unit
                found[key] = found.get(key, 0) + weights[group]
        return found

    def _solve(self, number: int, crowd: dict[tuple[int, int], int]) -> tuple[int, int] | None:
        """The price as (numerator, units): each unit pays numerator ÷ (denominator × units).

        From the poorest on: a voter whose purse does not reach the even price gives it all, and
        the others share what is missing.
        """
        remaining = self._electorate.supporters[number].cost * self._denominator
        units = sum(unit * weight for (_, unit), weight in crowd.items())
        common = lcm(*{unit for _, unit in crowd})
        ranked = sorted(
            (self._purses[purse] * (common // unit), self._purses[purse] * weight, unit * weight)
            for (purse, unit), weight in crowd.items()
        )
        for reach, money, worth in ranked:
            if reach * units >= remaining * common:
                return remaining, units
            remaining -= money
            units -= worth
        return None

    def _refine(self, factor: int) -> None:
        if factor > 1:
            self._denominator *= factor
            for purse in self._purses:
                self._purses[purse] *= factor

    def _take(self, number: int, each: int) -> None:
        """Empty or lighten the purses of supporters; those who held the same still do."""
        crowd = self._electorate.supporters[number]
        purse_of, purses, members = self._purse_of, self._purses, self._members
        moved: dict[tuple[int, int], int] = {}
        units = crowd.units or repeat(1, len(crowd.groups))
        for group, unit in zip(crowd.groups, units, strict=True):
            purse = purse_of[group]
            if purse not in purses:
                continue
            new = moved.get((purse, unit))
            if new is None:
                new = moved[purse, unit] = len(members)
                members.append(0)
            purse_of[group] = new
            members[new] += 1
            members[purse] -= 1
        for (purse, unit), new in moved.items():
            left = purses[purse] - each * unit
            if left > 0:
                purses[new] = left
        for purse in {purse for purse, _ in moved}:
            if not members[purse]:
                del purses[purse]


class ExactCounts:
    """Counts made in whole numbers from end to end: slow, and free of any other library."""

    def __init__(self, electorate: Electorate) -> None:
        self._electorate = electorate

    def run(self, shares: Sequence[Fraction], limit: int | None = None) -> Iterator[Course]:
        """The course of the count with each of these shares, each made when asked."""
        return map(self._course, shares)

    def _course(self, share: Fraction) -> Course:
        count = ExactCount(self._electorate, share)
        course = Course([], {})
        supporters = self._electorate.supporters
        waiting = {number for number, crowd in enumerate(supporters) if crowd.groups}
        while (found := count.best(waiting)) is not None:
            _, tied = found
            if len(tied) > 1:
                course.ties[len(course.bought)] = tuple(tied)
            count.pay(tied[0])
            course.bought.append(tied[0])
            waiting.remove(tied[0])
        return course
