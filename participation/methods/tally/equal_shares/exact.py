"""One count of equal shares in whole numbers: what decides where floating point cannot.

All the money is held as integers over a common denominator, which grows when a price needs it, each
being a multiple of those before: far cheaper than a fraction per voter. Groups that paid for the
same projects hold the same money and share one purse.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from participation.methods.tally.equal_shares.electorate import Electorate, Supporters


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


# Supporters who hold the same and to whom a candidate is worth the same: their purse, units of one
# of them, how many they are, and what each holds over the denominator of the count.
_Holders = tuple[int, int, int, int]


class ExactCount:
    """The purses of the voters of one count, from a share for each to what is left."""

    def __init__(self, electorate: Electorate, share: Fraction) -> None:
        self._electorate = electorate
        # All prices so far are whole numbers over it; a purse keeps that of its last payment.
        self._denominator = share.denominator
        self._purse_of = [0] * len(electorate.weights)
        # An empty purse has no entry.
        self._purses = {0: share.as_integer_ratio()} if share else {}
        self._last = 0
        # What each group holds, over the denominator: known from a question to the next payment.
        self._worths: list[int] | None = None

    def price(self, number: int) -> Fraction | None:
        """Cents per unit, divided by the candidate's scale; None when nobody can pay so much."""
        crowd = self._electorate.supporters[number]
        found = self._solve(crowd, self._holders(crowd, self._purses_of(crowd)))
        if found is None:
            return None
        return Fraction(found[0], self._denominator * found[1] * crowd.scale)

    def held(self, number: int) -> Fraction:
        """All that the supporters of a candidate hold, in cents."""
        if self._worths is None:
            self._worths = self._worth_of_groups()
        crowd = self._electorate.supporters[number]
        return Fraction(sum(map(self._worths.__getitem__, crowd.groups)), self._denominator)

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
        purses = list(self._purses_of(crowd))
        holders = self._holders(crowd, purses)
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
        moved: dict[tuple[int, int], int] = {}
        for purse, unit, voters, money in holders:
            payers += voters
            left = money * finer - each * unit
            full += voters if left >= 0 else 0
            self._last += 1
            moved[purse, unit] = self._last
            if left > 0:
                self._purses[self._last] = left, self._denominator
        self._move(crowd, purses, moved)
        return Payment(
            each=Fraction(each, self._denominator),
            payers=payers,
            full_payers=full,
            held_before=Fraction(held, over),
            held_after=Fraction(held - crowd.cost * over, over),
        )

    def _holders(self, crowd: Supporters, purses: Iterable[int]) -> list[_Holders]:
        """The supporters of a candidate, those with an empty purse left out."""
        filled, denominator = self._purses, self._denominator
        weights = map(self._electorate.weights.__getitem__, crowd.groups)
        counted: dict[tuple[int, int], int] = {}
        if crowd.units is None:
            alike: defaultdict[int, int] = defaultdict(int)
            for purse, weight in zip(purses, weights, strict=True):
                alike[purse] += weight
            counted = {(purse, 1): voters for purse, voters in alike.items()}
        else:
            for key, weight in zip(zip(purses, crowd.units, strict=True), weights, strict=True):
                counted[key] = counted.get(key, 0) + weight
        holders = []
        for (purse, unit), voters in counted.items():
            money = filled.get(purse)
            if money is not None:
                here = money[0] * (denominator // money[1])
                holders.append((purse, unit, voters, here))
        return holders

    def _worth_of_groups(self) -> list[int]:
        held = {
            purse: self._purses[purse][0] * (self._denominator // self._purses[purse][1])
            for purse in self._purses.keys() & set(self._purse_of)
        }
        return [
            held.get(purse, 0) * weight
            for purse, weight in zip(self._purse_of, self._electorate.weights, strict=True)
        ]

    def _purses_of(self, crowd: Supporters) -> Iterator[int]:
        return map(self._purse_of.__getitem__, crowd.groups)

    def _solve(self, supporters: Supporters, holders: Sequence[_Holders]) -> tuple[int, int] | None:
        """The price as (numerator, units): each unit pays numerator ÷ (denominator × units).

        From the poorest on: a voter whose purse does not reach the even price gives it all, and
        the others share what is missing.
        """
        remaining = supporters.cost * self._denominator
        units = sum([unit * voters for _, unit, voters, _ in holders])
        common = lcm(*{unit for _, unit, _, _ in holders}) if supporters.units else 1
        ranked = [
            (money * (common // unit), money * voters, unit * voters)
            for _, unit, voters, money in holders
        ]
        ranked.sort()
        for reach, money, worth in ranked:
            if reach * units >= remaining * common:
                return remaining, units
            remaining -= money
            units -= worth
        return None

    def _move(
        self, crowd: Supporters, purses: Sequence[int], moved: Mapping[tuple[int, int], int]
    ) -> None:
        """Give those who paid their new purse; those who held the same still do."""
        purse_of = self._purse_of
        if crowd.units is None:
            new = {purse: after for (purse, _), after in moved.items()}
            after_all = map(new.get, purses, purses)
        else:
            after_all = map(moved.get, zip(purses, crowd.units, strict=True), purses)
        for group, after in zip(crowd.groups, after_all, strict=True):
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
