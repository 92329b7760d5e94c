"""One count of equal shares in whole numbers: what decides where floating point cannot.

All the money is held as integers over a common denominator, which grows when a price needs it, each
being a multiple of those before: far cheaper than a fraction per voter. Groups that paid for the
same projects hold the same money and share one purse.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from operator import mul
from typing import NamedTuple

from participation.methods.tally.equal_shares.electorate import Electorate, Supporters


@dataclass(frozen=True, slots=True)
class Course:
    """The purchases of one count in order, and those who were tied at each place in it."""

    bought: list[int]
    ties: dict[int, tuple[int, ...]]


class Payment(NamedTuple):
    """How a project was paid. Amounts are exact, in cents.

    `each` is what a voter gives for each unit of what the project is worth to her, unless her
    purse is emptied first; `payers` give something, of whom `full_payers` give it whole.
    """

    each: Fraction
    payers: int
    full_payers: int
    held_before: Fraction
    held_after: Fraction


# What tells apart the supporters of one candidate: their purse, and what it is worth to one of them
# when that is not 1 for all.
_Key = int | tuple[int, int]

# Supporters alike: what tells them apart, units of one of them, how many they are, and what each
# holds over the denominator of the count.
_Holders = tuple[_Key, int, int, int]

# The purse of all those who gave everything.
_EMPTY = -1


class ExactCount:
    """The purses of the voters of one count, from a share for each to what is left."""

    def __init__(self, electorate: Electorate, share: Fraction) -> None:
        self._electorate = electorate
        # All prices so far are whole numbers over it; a purse keeps that of its last payment.
        self._denominator = share.denominator
        self._purse_of = [0 if share else _EMPTY] * len(electorate.weights)
        self._purses = {0: share.as_integer_ratio()}
        self._last = 0
        # What the purses hold over the denominator: known from a question to the next payment.
        self._worths: dict[int, int] | None = None

    def price(self, number: int) -> Fraction | None:
        """Cents per unit, divided by the candidate's scale; None when nobody can pay so much."""
        crowd = self._electorate.supporters[number]
        found = self._solve(crowd, self._holders(crowd, self._keys(crowd)))
        if found is None:
            return None
        return Fraction(found[0], self._denominator * found[1] * crowd.scale)

    def held(self, number: int) -> Fraction:
        """All that the supporters of a candidate hold, in cents."""
        if self._worths is None:
            self._worths = self._worth_of_purses()
        crowd = self._electorate.supporters[number]
        each = map(self._worths.__getitem__, map(self._purse_of.__getitem__, crowd.groups))
        weights = map(self._electorate.weights.__getitem__, crowd.groups)
        return Fraction(sum(map(mul, each, weights)), self._denominator)

    def best(self, numbers: Iterable[int]) -> tuple[Fraction, list[int]] | None:
        """The lowest price and those who have it, in order; None when none can be paid."""
        priced = [(self.price(number), number) for number in sorted(numbers)]
        lowest = min((price for price, _ in priced if price is not None), default=None)
        if lowest is None:
            return None
        return lowest, [number for price, number in priced if price == lowest]

    def pay(self, number: int) -> Payment:
        """Take the price of a candidate from its supporters; `ValueError` when they cannot."""
        crowd = self._electorate.supporters[number]
        keys = self._keys(crowd)
        holders = self._holders(crowd, keys)
        found = self._solve(crowd, holders)
        if found is None:
            raise ValueError("the supporters cannot pay")
        remaining, units = found
        held, over = _total(holders), self._denominator
        shared = gcd(remaining, units)
        finer, each = units // shared, remaining // shared
        self._denominator *= finer
        self._worths = None
        payers = full = 0
        moved: dict[_Key, int] = {}
        for key, unit, voters, money in holders:
            payers += voters
            left = money * finer - each * unit
            if left >= 0:
                full += voters
            if left > 0:
                self._last += 1
                self._purses[self._last] = left, self._denominator
                moved[key] = self._last
            else:
                moved[key] = _EMPTY
        self._move(crowd, keys, moved)
        return Payment(
            each=Fraction(each, self._denominator),
            payers=payers,
            full_payers=full,
            held_before=Fraction(held, over),
            held_after=Fraction(held - crowd.cost * over, over),
        )

    def _keys(self, crowd: Supporters) -> list[_Key]:
        """What tells apart the supporters of a candidate, for each of its groups."""
        purses = map(self._purse_of.__getitem__, crowd.groups)
        return list(purses if crowd.units is None else zip(purses, crowd.units, strict=True))

    def _holders(self, crowd: Supporters, keys: Sequence[_Key]) -> list[_Holders]:
        """The supporters of a candidate, those with an empty purse left out."""
        voters_of: dict[_Key, int] = {}
        known = voters_of.get
        weights = map(self._electorate.weights.__getitem__, crowd.groups)
        for key, weight in zip(keys, weights, strict=True):
            voters_of[key] = known(key, 0) + weight
        denominator = self._denominator
        holders: list[_Holders] = []
        for key, voters in voters_of.items():
            purse, unit = key if isinstance(key, tuple) else (key, 1)
            if purse != _EMPTY:
                money, over = self._purses[purse]
                holders.append((key, unit, voters, money * (denominator // over)))
        return holders

    def _worth_of_purses(self) -> dict[int, int]:
        worths = dict.fromkeys(self._purse_of, 0)
        for purse in worths.keys() - {_EMPTY}:
            money, over = self._purses[purse]
            worths[purse] = money * (self._denominator // over)
        return worths

    def _solve(self, supporters: Supporters, holders: Sequence[_Holders]) -> tuple[int, int] | None:
        """The price as (numerator, units): each unit pays numerator ÷ (denominator × units).

        From the poorest on: a voter whose purse does not reach the even price gives it all, and
        the others share what is missing.
        """
        remaining = supporters.cost * self._denominator
        units = sum([unit * voters for _, unit, voters, _ in holders])
        common = lcm(*{unit for _, unit, _, _ in holders}) if supporters.units else 1
        poorest_first = sorted(holders, key=lambda one: one[3] * (common // one[1]))
        for _, unit, voters, money in poorest_first:
            if money * (common // unit) * units >= remaining * common:
                return remaining, units
            remaining -= money * voters
            units -= unit * voters
        return None

    def _move(self, crowd: Supporters, keys: Sequence[_Key], moved: Mapping[_Key, int]) -> None:
        """Give those who paid their new purse."""
        purse_of = self._purse_of
        for group, after in zip(crowd.groups, map(moved.get, keys), strict=True):
            if after is not None:
                purse_of[group] = after


def _total(holders: Iterable[_Holders]) -> int:
    return sum([money * voters for _, _, voters, money in holders])


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
