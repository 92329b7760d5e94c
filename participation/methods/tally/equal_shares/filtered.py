"""Many counts of equal shares side by side, in floating point that knows when it is not sure.

Each lane is one count with its own share per voter, at its own point; one step of all the lanes
costs few calls on long arrays, so that a hundred increments of Add1 take little more time than a
few would one by one.

What is certain, and why the winners are those of exact arithmetic:

- Every purse carries a bound on its error: the rounding of the share, then for each payment the
  error of its price and of the subtraction. An empty purse is exactly zero; one that may be empty
  is not.
- At a price x per unit the supporters gather f(x) = Σ units × min(purse ÷ unit, x). Whatever set
  S of voters is taken for the rich, f(y) is at most the money of the others plus y × the units of
  S. So (cost - money of the others) ÷ units of S is a lower bound of the price: a step of Newton's
  method, never too far. An error of δ in the money moves it by at most δ ÷ units of S.
- When those who hold certainly more than that bound have n units, f still grows by n per unit of
  price there; the price is at most δ ÷ n higher (plus what the last step was short of, if some of
  S were not rich). Without such voters there is no upper bound.
- Purses only get emptier, so a lower bound holds for the rest of the count. A candidate is bought
  without further ado only when its upper bound is below the lower bound of every other one.
- Else the winner is sought among those within the bounds. If all their supporters have an empty
  purse or can certainly pay the even price, prices are ratios of whole numbers, compared as such.
  If not, the count so far is replayed in whole numbers (`ExactCount`), which decides.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from participation.methods.tally.equal_shares.crowds import (
    BEYOND,
    NEXT_TO_NOTHING,
    ROUNDING,
    SURELY_BEYOND,
    Crowd,
    Floats,
    Indices,
    Replay,
    even_units,
)
from participation.methods.tally.equal_shares.electorate import Electorate
from participation.methods.tally.equal_shares.exact import Course
from participation.methods.tally.equal_shares.lane import Lane


class FilteredCounts:
    """The counts of one electorate, for any shares."""

    def __init__(self, electorate: Electorate) -> None:
        self._electorate = electorate
        weights = np.array(electorate.weights, dtype=np.float64)
        self._crowds = [Crowd.of(one, weights) for one in electorate.supporters]

    def run(self, shares: Sequence[Fraction], limit: int | None = None) -> list[Course]:
        """The course of the count with each of these shares, given in increasing order.

        A count that has spent more than `limit` ends there, and the counts after it, of which
        nobody will ask anything, are left out.
        """
        if len(shares) == 1:
            return [Lane(self._electorate, self._crowds, shares[0]).course()]
        with np.errstate(divide="ignore", invalid="ignore"):
            lanes = _Lanes(self._electorate, self._crowds, shares, limit)
            while lanes.step():
                pass
        return [lanes.course(lane) for lane in range(lanes.useful)]


class _Lanes:
    """Counts side by side, each at its own point: a step advances them all.

    Shapes: `money` and `error` (lanes × groups), the others (lanes × candidates), all flat. `low`
    is a lower bound of each price, infinite once the candidate is bought or beyond reach; `high`
    is an upper bound, which holds as long as `priced` is the number of purchases of the lane.
    `price` is per unit, `low` and `high` are divided by the candidate's scale.
    """

    def __init__(
        self,
        electorate: Electorate,
        crowds: Sequence[Crowd],
        shares: Sequence[Fraction],
        limit: int | None,
    ) -> None:
        self._crowds = crowds
        self._candidates, self._groups = len(crowds), len(electorate.weights)
        self._replays = [Replay(electorate, share) for share in shares]
        self._exact_costs = [(one.cost, one.scale) for one in electorate.supporters]
        costs = np.array([float(one.cost) for one in electorate.supporters])
        scales = np.array([float(one.scale) for one in electorate.supporters])
        voters = np.array([crowd.weights.sum() for crowd in crowds])
        units = np.array([crowd.units.sum() for crowd in crowds])
        rounding = (np.array([len(crowd.groups) for crowd in crowds]) + 8) * ROUNDING
        self._about = np.array([costs, scales, voters, rounding])
        even = np.full(len(crowds), np.inf)
        np.divide(costs, units, out=even, where=units > 0)
        self._amounts = amounts = np.array([float(share) for share in shares])
        self._money = np.repeat(amounts, self._groups)
        self._error = self._money * ROUNDING
        self._worst = amounts * ROUNDING
        self._price = np.tile(even, len(shares))
        self._low = np.tile(even / scales * (1 - rounding), len(shares))
        self._high = np.full(self._low.shape, np.inf)
        self._over = np.full(self._low.shape, np.inf)
        self._slope = np.zeros(self._low.shape)
        self._priced = np.full(self._low.shape, -1, dtype=np.intp)
        self._bought = np.zeros((len(shares), len(crowds)), dtype=np.intp)
        self._done = np.zeros(len(shares), dtype=np.intp)
        self._ties: list[dict[int, tuple[int, ...]]] = [{} for _ in shares]
        self._spent = np.zeros(len(shares))
        # The least that is surely more than the limit, whatever the rounding.
        self._limit = np.inf if limit is None else limit * (1 + 1e-9)
        self._running = np.arange(len(shares))
        self.useful = len(shares)

    def course(self, lane: int) -> Course:
        """What a count has bought so far."""
        return Course(self._bought[lane, : self._done[lane]].tolist(), self._ties[lane])

    def step(self) -> bool:
        """Buy or price in each count; False when all counts have ended.

        The candidate with the lowest bound is bought when it is priced and below the next one.
        Those that may come next are then priced: the two lowest if they are not.
        """
        lanes = self._running
        low = self._low.reshape(-1, self._candidates)[lanes]
        rows = np.arange(len(lanes))
        first = low.argmin(axis=1)
        going = low[rows, first] < np.inf
        if not going.all():
            self._running = lanes = lanes[going]
            low, first, rows = low[going], first[going], rows[: len(lanes)]
        if not len(lanes):
            return False
        low[rows, first] = np.inf
        second = low.argmin(axis=1)
        rest = low[rows, second]
        at = lanes * self._candidates
        done = self._done[lanes]
        first_priced = self._priced[at + first] == done
        second_stale = (self._priced[at + second] != done) & (rest < np.inf)
        ready = first_priced & (self._high[at + first] < rest)
        stuck = first_priced & ~ready & ~second_stale
        chosen, numbers = [lanes[~first_priced]], [first[~first_priced]]
        next_one = second_stale & ~ready
        if ready.any():
            self._buy(lanes[ready], first[ready])
            next_one |= ready & (rest < np.inf)
        chosen.append(lanes[next_one])
        numbers.append(second[next_one])
        for lane in lanes[stuck].tolist():
            stale = self._stale_or_settled(lane)
            chosen.append(np.full(len(stale), lane))
            numbers.append(stale)
        to_price = np.concatenate(chosen)
        if len(to_price):
            self._bound(to_price, np.concatenate(numbers))
        self._end_beyond_limit()
        return True

    def _end_beyond_limit(self) -> None:
        over = self._spent[: self.useful] > self._limit
        if over.any():
            self.useful = int(over.argmax()) + 1
            self._running = self._running[self._running < self.useful - 1]

    def _stale_or_settled(self, lane: int) -> Indices:
        """Of those who may win in a lane, one still to be priced; if all are, settle it exactly."""
        lane_at = slice(lane * self._candidates, (lane + 1) * self._candidates)
        low = self._low[lane_at]
        high = np.where(self._priced[lane_at] == self._done[lane], self._high[lane_at], np.inf)
        (hopeful,) = np.nonzero((low <= high.min()) & (low < np.inf))
        stale: Indices = hopeful[self._priced[lane_at][hopeful] != self._done[lane]]
        if not len(stale):
            self._settle(lane, hopeful.tolist())
        first: NDArray[np.intp] = stale[:1]
        return first

    def _bound(self, lanes: Indices, numbers: Indices) -> None:
        """One step of Newton's method on the price of a candidate in each lane.

        The money gathered is concave in the price, so that a step from anywhere ends at or below
        the root; it ends on it when those who are rich there are those who were.
        """
        order = numbers.argsort(kind="stable")
        lanes, numbers = lanes[order], numbers[order]
        cost, scale, voters, rounding = self._about[:, numbers]
        at = lanes * self._candidates + numbers
        price = self._price[at]
        slope, total, further, step = np.empty((4, len(lanes)))
        for part in _runs(numbers):
            crowd = self._crowds[numbers[part.start]]
            reach = self._money.take(self._places(lanes[part], crowd))
            if crowd.unit is not None:
                reach /= crowd.unit
            units, even = crowd.units, price[part, None]
            rich = (reach > even).dot(units)
            step[part] = (cost[part] - np.minimum(reach, even).dot(units)) / rich
            slope[part], total[part] = rich, reach.dot(units)
            further[part] = (reach > (even + step[part, None]) * (1 + BEYOND)).dot(units)
        moving = slope > 0
        step[~moving] = 0.0
        root = price + step
        doubt = voters * self._worst[lanes] * (1 + rounding)
        beyond = total + doubt + total * rounding < cost
        doubt += cost * rounding
        under = np.where(moving, root - doubt / slope, 0.0) / scale
        over = (doubt + (slope - further) * np.maximum(step, 0.0)) / further
        priced = (further == slope) | (step <= price * 1e-13) | (further == 0)
        over[~(priced & (np.maximum(over, self._worst[lanes]) < root * SURELY_BEYOND))] = np.inf
        low = np.maximum(self._low[at], under * (1 - 4 * ROUNDING))
        low[beyond] = np.inf
        self._low[at] = low
        self._high[at] = (root + over) / scale * (1 + 4 * ROUNDING)
        self._over[at] = over
        self._price[at] = root
        self._slope[at] = np.where(further == slope, slope, 0.0)
        self._priced[at] = np.where(priced, self._done[lanes], -1)

    def _places(self, lanes: Indices, crowd: Crowd) -> Indices:
        """Where the purses of the supporters of a candidate are, a row for each lane."""
        return (lanes * self._groups)[:, None] + crowd.groups

    def _buy(self, lanes: Indices, numbers: Indices) -> None:
        """Buy a candidate that certainly is the cheapest, in each of these lanes."""
        order = numbers.argsort(kind="stable")
        lanes, numbers = lanes[order], numbers[order]
        at = lanes * self._candidates + numbers
        price, over, slope = self._price[at], self._over[at], self._slope[at]
        for part in _runs(numbers):
            number = int(numbers[part.start])
            crowd, rounding = self._crowds[number], self._about[3, number]
            doubt = self._error.take(self._places(lanes[part], crowd)).dot(crowd.weights)
            doubt = doubt * (1 + rounding) + self._about[0, number] * rounding
            error = np.where(slope[part] > 0, doubt / slope[part], over[part])
            self._pay(number, lanes[part], price[part], error)

    def _pay(self, number: int, lanes: Indices, price: Floats, error: Floats) -> None:
        """Take `price` per unit, known within `error`, from the supporters of a candidate."""
        crowd = self._crowds[number]
        places = self._places(lanes, crowd)
        held = self._money.take(places)
        each, doubt = price[:, None], error[:, None]
        if crowd.unit is not None:
            each, doubt = each * crowd.unit, doubt * crowd.unit
        slack = self._error.take(places) + (doubt + self._amounts[lanes, None] * ROUNDING)
        left = held - each
        empty = left < -slack
        np.maximum(left, NEXT_TO_NOTHING, out=left)
        left[empty] = 0.0
        slack[empty] = 0.0
        self._money[places] = left
        self._error[places] = slack
        self._worst[lanes] = np.maximum(self._worst[lanes], slack.max(axis=1))
        self._low[lanes * self._candidates + number] = np.inf
        self._bought[lanes, self._done[lanes]] = number
        self._done[lanes] += 1
        self._spent[lanes] += self._about[0, number]

    def _settle(self, lane: int, hopeful: list[int]) -> None:
        """Decide between candidates whose prices are too near, or not sure to be payable."""
        prices = self._even_prices(lane, hopeful)
        if prices is None:
            count = self._replays[lane].after(self.course(lane).bought)
            prices = {number: count.price(number) for number in hopeful}
        for number, price in prices.items():
            if price is None:
                self._low[lane * self._candidates + number] = np.inf
        payable = {number: price for number, price in prices.items() if price is not None}
        if not payable:
            return
        lowest = min(payable.values())
        tied = tuple(number for number, price in payable.items() if price == lowest)
        each = np.array([float(lowest * self._exact_costs[tied[0]][1])])
        if len(tied) > 1:
            self._ties[lane][int(self._done[lane])] = tied
        self._pay(tied[0], np.array([lane]), each, each * ROUNDING)

    def _even_prices(self, lane: int, numbers: list[int]) -> dict[int, Fraction | None] | None:
        """Exact prices, when all who have not an empty purse surely pay the even one."""
        prices: dict[int, Fraction | None] = {}
        start = lane * self._groups
        for number in numbers:
            crowd = self._crowds[number]
            at = lane * self._candidates + number
            places = start + crowd.groups
            most = float(self._price[at] + self._over[at])
            units = even_units(crowd, self._money[places], self._error[places], most)
            if units is None:
                return None
            cost, scale = self._exact_costs[number]
            prices[number] = Fraction(cost, units * scale)
        return prices


def _runs(numbers: Indices) -> Iterator[slice]:
    """The runs of equal numbers in a sorted array."""
    bounds = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    return (slice(start, end) for start, end in pairwise(bounds))
