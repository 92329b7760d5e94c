"""One count of equal shares in floating point: the bounds of `filtered`, candidate by candidate.

Fewer and shorter calls than for many counts side by side: a candidate is priced only when its lower
bound is the lowest of all, which a heap tells. (`dot` is a method here: on short arrays the
operator takes half as long again.)
"""

from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush, heapreplace
from math import inf

import numpy as np

from participation.methods.tally.equal_shares.crowds import (
    BEYOND,
    NEXT_TO_NOTHING,
    ROUNDING,
    SURELY_BEYOND,
    Crowd,
    Replay,
    even_units,
)
from participation.methods.tally.equal_shares.electorate import Electorate
from participation.methods.tally.equal_shares.exact import Course


class Lane:
    """The purses of one count, a lower and an upper bound of the price of each candidate.

    `high` holds while no other candidate is bought: as long as `priced` is the number of those
    bought. `price` is per unit, bounds are divided by the candidate's scale.
    """

    def __init__(self, electorate: Electorate, crowds: Sequence[Crowd], share: Fraction) -> None:
        self._crowds = crowds
        self._exact = [(one.cost, one.scale) for one in electorate.supporters]
        self._voters = [
            float(crowd.weights.sum()) if len(crowd.groups) else 0.0 for crowd in crowds
        ]
        # One voter is one unit, unless the ballots have points.
        worth = [
            voters if crowd.unit is None else float(crowd.units.sum())
            for crowd, voters in zip(crowds, self._voters, strict=True)
        ]
        self._rounding = [(len(crowd.groups) + 8) * ROUNDING for crowd in crowds]
        self._replay = Replay(electorate, share)
        self._amount = float(share)
        self._money = np.full(len(electorate.weights), self._amount)
        self._error = self._money * ROUNDING
        self._worst = self._amount * ROUNDING
        self._price = [
            cost / units if units else inf
            for units, (cost, _) in zip(worth, self._exact, strict=True)
        ]
        self._heap = [
            (price / scale * (1 - rounding), number)
            for number, (price, (_, scale), rounding) in enumerate(
                zip(self._price, self._exact, self._rounding, strict=True)
            )
            if price < inf
        ]
        heapify(self._heap)
        self._high = [inf] * len(crowds)
        self._over = [inf] * len(crowds)
        self._slope = [0.0] * len(crowds)
        self._priced = [-1] * len(crowds)
        self._course = Course([], {})

    def course(self) -> Course:
        """Buy as long as something can be bought."""
        heap = self._heap
        while heap:
            low, number = heap[0]
            if self._priced[number] != len(self._course.bought):
                low = self._bound(number, low)
                if low < inf:
                    heapreplace(heap, (low, number))
                else:
                    heappop(heap)
                continue
            heappop(heap)
            if not heap or self._high[number] < heap[0][0]:
                self._decide([(low, number)])
            else:
                self._contest(low, number)
        return self._course

    def _contest(self, low: float, number: int) -> None:
        """Price all those who may be as cheap as a candidate, then decide between them."""
        heap, bought = self._heap, len(self._course.bought)
        priced, lowest_high = [(low, number)], self._high[number]
        while heap and heap[0][0] <= lowest_high:
            low, number = heappop(heap)
            if self._priced[number] == bought:
                priced.append((low, number))
                lowest_high = min(lowest_high, self._high[number])
            elif (low := self._bound(number, low)) < inf:
                heappush(heap, (low, number))
        for entry in priced:
            if entry[0] > lowest_high:
                heappush(heap, entry)
        self._decide([entry for entry in priced if entry[0] <= lowest_high])

    def _decide(self, hopeful: list[tuple[float, int]]) -> None:
        """Buy the cheapest of these, all priced; the others wait, unless they can't be paid."""
        if len(hopeful) == 1 and self._high[hopeful[0][1]] < inf:
            self._buy(hopeful[0][1])
            return
        numbers = sorted(number for _, number in hopeful)
        prices = self._even_prices(numbers)
        if prices is None:
            count = self._replay.after(self._course.bought)
            prices = {number: count.price(number) for number in numbers}
        payable = {number: price for number, price in prices.items() if price is not None}
        if not payable:
            return
        lowest = min(payable.values())
        tied = tuple(number for number, price in payable.items() if price == lowest)
        if len(tied) > 1:
            self._course.ties[len(self._course.bought)] = tied
        for low, number in hopeful:
            if number in payable and number != tied[0]:
                heappush(self._heap, (low, number))
        each = float(lowest * self._exact[tied[0]][1])
        self._pay(tied[0], each, each * ROUNDING)

    def _bound(self, number: int, low: float) -> float:
        """The lower bound after one step of Newton's method; infinite beyond reach."""
        crowd, rounding, price = self._crowds[number], self._rounding[number], self._price[number]
        cost, scale = self._exact[number]
        reach = self._money.take(crowd.groups)
        if crowd.unit is not None:
            reach /= crowd.unit
        units = crowd.units
        slope = float((reach > price).dot(units))
        doubt = self._voters[number] * self._worst * (1 + rounding)
        step = under = 0.0
        if slope:
            step = (cost - float(np.minimum(reach, price).dot(units))) / slope
        root = price + step
        further = float((reach > root * (1 + BEYOND)).dot(units))
        if not further:
            total = float(reach.dot(units))
            if total + doubt + total * rounding < cost:
                return inf
        doubt += cost * rounding
        if slope:
            under = (root - doubt / slope) / scale
        over = inf
        is_priced = further in (slope, 0.0) or step <= price * 1e-13
        if is_priced and further:
            over = (doubt + (slope - further) * max(step, 0.0)) / further
            if max(over, self._worst) >= root * SURELY_BEYOND:
                over = inf
        self._price[number], self._over[number] = root, over
        self._high[number] = (root + over) / scale * (1 + 4 * ROUNDING)
        self._slope[number] = slope if further == slope else 0.0
        self._priced[number] = len(self._course.bought) if is_priced else -1
        return max(low, under * (1 - 4 * ROUNDING))

    def _buy(self, number: int) -> None:
        """Buy a candidate that certainly is the cheapest."""
        slope, rounding = self._slope[number], self._rounding[number]
        error = self._over[number]
        if slope:
            crowd = self._crowds[number]
            doubt = float(self._error.take(crowd.groups).dot(crowd.weights)) * (1 + rounding)
            error = (doubt + self._exact[number][0] * rounding) / slope
        self._pay(number, self._price[number], error)

    def _pay(self, number: int, each: float, doubt: float) -> None:
        """Take `each` per unit, known within `doubt`, from the supporters of a candidate."""
        crowd = self._crowds[number]
        left = self._money.take(crowd.groups)
        slack = self._error.take(crowd.groups)
        if crowd.unit is None:
            left -= each
            slack += doubt + self._amount * ROUNDING
        else:
            left -= each * crowd.unit
            slack += doubt * crowd.unit + self._amount * ROUNDING
        empty = left < -slack
        np.maximum(left, NEXT_TO_NOTHING, out=left)
        left[empty] = 0.0
        slack[empty] = 0.0
        self._money[crowd.groups] = left
        self._error[crowd.groups] = slack
        self._worst = max(self._worst, float(slack.max()))
        self._course.bought.append(number)

    def _even_prices(self, numbers: list[int]) -> dict[int, Fraction | None] | None:
        """Exact prices, when all who have not an empty purse surely pay the even one."""
        prices: dict[int, Fraction | None] = {}
        for number in numbers:
            crowd = self._crowds[number]
            held, error = self._money[crowd.groups], self._error[crowd.groups]
            units = even_units(crowd, held, error, self._price[number] + self._over[number])
            if units is None:
                return None
            cost, scale = self._exact[number]
            prices[number] = Fraction(cost, units * scale)
        return prices
