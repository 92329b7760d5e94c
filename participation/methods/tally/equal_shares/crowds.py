"""What counts in floating point share: the supporters as arrays, and what is decided exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from participation.methods.tally.equal_shares.electorate import Electorate, Supporters
from participation.methods.tally.equal_shares.exact import ExactCount

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

# Far above the rounding of one operation (1.1e-16), so that bounds hold with their own rounding.
ROUNDING = 4e-16
# A purse that may be empty or hold next to nothing: not zero, which is said only of empty ones.
NEXT_TO_NOTHING = 1e-300
# Rich just beyond the price means: beyond it by more than this part of it.
BEYOND = 1e-6
SURELY_BEYOND = 4e-7


@dataclass(frozen=True, slots=True)
class Crowd:
    """The supporters of one candidate, as arrays; `units` and `weights` are whole numbers."""

    groups: Indices
    weights: Floats  # voters of each group
    unit: Floats | None  # units of one voter of each group; None when each is 1
    units: Floats  # units of all the voters of each group

    @classmethod
    def of(cls, supporters: Supporters, weights: Floats) -> "Crowd":
        """The arrays of a candidate's supporters, `weights` being those of all groups."""
        if not supporters.groups:
            return _NOBODY
        groups = np.array(supporters.groups, dtype=np.intp)
        voters = weights[groups]
        if supporters.units is None:
            return cls(groups, voters, None, voters)
        unit = np.array(supporters.units, dtype=np.float64)
        return cls(groups, voters, unit, voters * unit)


_NOBODY = Crowd(np.empty(0, dtype=np.intp), np.empty(0), None, np.empty(0))


class Replay:
    """The exact count of one share, made only when asked, as far as it is asked."""

    def __init__(self, electorate: Electorate, share: Fraction) -> None:
        self._electorate = electorate
        self._share = share
        self._count: ExactCount | None = None
        self._paid = 0

    def after(self, bought: Sequence[int]) -> ExactCount:
        """The count once these candidates, which begin with those asked before, are paid."""
        if self._count is None:
            self._count = ExactCount(self._electorate, self._share)
        for number in bought[self._paid :]:
            self._count.pay(number)
        self._paid = len(bought)
        return self._count


def even_units(crowd: Crowd, held: Floats, error: Floats, price: float) -> int | None:
    """Units of those who surely pay `price` for each, when all others have an empty purse.

    None when somebody may be in between.
    """
    each = price if crowd.unit is None else price * crowd.unit
    rich = held * (1 - ROUNDING) - error > each * (1 + ROUNDING)
    if not (rich | (held == 0.0)).all():
        return None
    return int(crowd.units[rich].sum())
