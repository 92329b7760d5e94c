"""One count of equal shares, and how far the share may rise before anything in it changes.

With few voters a count is short, but thousands of increments may come before the one that decides.
As long as the same supporters give everything, the money in each purse and each price are linear
functions of the share; so is every difference that the count compares with zero. The count holds
up to the first share at which one of them would get there, and nothing in between need be counted.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from participation.methods.tally.equal_shares.electorate import Electorate, Supporters
from participation.methods.tally.equal_shares.exact import Course


class Stretch(NamedTuple):
    """The course of a count with some share, the same with any that is less than `rise` larger.

    `rise` is in cents; None when no share, however large, would change anything.
    """

    course: Course
    rise: Fraction | None


class _Line(NamedTuple):
    """An amount for the share of the count, and how much it grows by cent of share."""

    now: Fraction
    slope: Fraction

    def minus(self, other: "_Line", times: Fraction | int = 1) -> "_Line":
        return _Line(self.now - other.now * times, self.slope - other.slope * times)

    def over(self, number: int) -> "_Line":
        return _Line(self.now / number, self.slope / number)


_NOTHING = _Line(Fraction(0), Fraction(0))


class LinearCount:
    """The purses of the voters of one count, one for each group, as functions of the share."""

    def __init__(self, electorate: Electorate, share: Fraction) -> None:
        self._electorate = electorate
        self._purses = [_Line(share, Fraction(1))] * len(electorate.weights)
        self._rise: Fraction | None = None

    def stretch(self) -> Stretch:
        """Count, and tell how far the count holds."""
        course = Course([], {})
        supporters = self._electorate.supporters
        waiting = [number for number, crowd in enumerate(supporters) if crowd.groups]
        while True:
            prices = {number: self._price(supporters[number]) for number in waiting}
            # Purses only get lighter: whoever cannot be paid now never will be.
            priced = {number: price for number, price in prices.items() if price is not None}
            if not priced:
                return Stretch(course, self._rise)
            tied = self._cheapest(priced)
            if len(tied) > 1:
                course.ties[len(course.bought)] = tied
            self._pay(supporters[tied[0]], priced[tied[0]])
            course.bought.append(tied[0])
            waiting = [number for number in priced if number != tied[0]]

    def _holds_while(self, difference: _Line) -> None:
        """The count holds as long as this, which is not negative now, is positive."""
        if difference.slope < 0:
            rise = difference.now / -difference.slope
            self._rise = rise if self._rise is None else min(self._rise, rise)

    def _price(self, crowd: Supporters) -> _Line | None:
        """Cents per unit, not divided by its scale; None when its supporters have not the cost."""
        units = crowd.units or [1] * len(crowd.groups)
        holders = sorted(
            (
                (self._purses[group], unit, self._electorate.weights[group])
                for group, unit in zip(crowd.groups, units, strict=True)
            ),
            key=lambda one: one[0].now / one[1],
        )
        missing = _Line(Fraction(crowd.cost), Fraction(0))
        sharing = sum([unit * voters for _, unit, voters in holders])
        for place, (purse, unit, voters) in enumerate(holders):
            if purse.now * sharing >= missing.now * unit:
                price = missing.over(sharing)
                for poor, worth, _ in holders[:place]:
                    self._holds_while(_Line(price.now * worth, price.slope * worth).minus(poor))
                for rich, worth, _ in holders[place:]:
                    self._holds_while(rich.minus(price, worth))
                return price
            missing = missing.minus(purse, voters)
            sharing -= unit * voters
        self._holds_while(missing)
        return None

    def _cheapest(self, priced: dict[int, _Line]) -> tuple[int, ...]:
        """Those with the lowest price for what they are worth, in the order of the tie chain."""
        supporters = self._electorate.supporters
        compared = {
            number: price.over(supporters[number].scale) for number, price in priced.items()
        }
        lowest = min(compared.values(), key=lambda price: price.now)
        tied = []
        for number in sorted(compared):
            above = compared[number].minus(lowest)
            if above.now > 0:
                self._holds_while(above)
                continue
            tied.append(number)
            if above.slope:  # tied with this share and with no other
                self._rise = Fraction(0)
        return tuple(tied)

    def _pay(self, crowd: Supporters, price: _Line) -> None:
        units: Sequence[int] = crowd.units or [1] * len(crowd.groups)
        for group, unit in zip(crowd.groups, units, strict=True):
            left = self._purses[group].minus(price, unit)
            self._purses[group] = left if left.now >= 0 else _NOTHING
