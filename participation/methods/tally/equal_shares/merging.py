"""Ballots as arrays of numbers, which are merged faster than one after the other."""

from collections.abc import Mapping
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from participation.methods.tally.inputs import Profile

# Rows made at a time, so that a table of all ballots and all projects never lies in memory.
_ROWS = 16_384


class NumberedBallots:
    """The choices of all ballots one after the other, each project by a number of ours."""

    def __init__(self, profile: Profile) -> None:
        choices = [ballot.choices for ballot in profile.ballots]
        self._names = sorted(set().union(*choices))
        number = {name: place for place, name in enumerate(self._names)}
        lengths = np.fromiter(map(len, choices), dtype=np.intp, count=len(choices))
        numbered = map(number.__getitem__, chain.from_iterable(choices))
        self._chosen = np.fromiter(numbered, dtype=np.intp, count=int(lengths.sum()))
        self._ballots = np.repeat(np.arange(len(choices)), lengths)
        self._weights = [ballot.weight for ballot in profile.ballots]

    def votes(self) -> dict[str, int]:
        """See `Ballots`."""
        total = np.zeros(len(self._names), dtype=np.int64)
        np.add.at(total, self._chosen, np.array(self._weights)[self._ballots])
        return dict(zip(self._names, total.tolist(), strict=True))

    def merged(
        self, place: Mapping[str, int], places: int
    ) -> tuple[list[int], list[list[int]], list[list[int]] | None]:
        """See `Ballots`; the groups of each candidate are in order."""
        to = np.array([place.get(name, -1) for name in self._names], dtype=np.intp)
        chosen = to[self._chosen]
        kept = chosen >= 0
        chosen, ballots = chosen[kept], self._ballots[kept]
        rows = self._rows(chosen, ballots, places)
        _, first, group_of = np.unique(rows, return_index=True, return_inverse=True)
        weights = np.zeros(len(first), dtype=np.int64)
        np.add.at(weights, group_of, self._weights)
        is_first = np.zeros(len(rows), dtype=np.bool_)
        is_first[first] = True
        once = is_first[ballots]
        chosen, groups = chosen[once], group_of[ballots[once]]
        order = np.lexsort((groups, chosen))
        ends = np.cumsum(np.bincount(chosen, minlength=places))[:-1]
        return weights.tolist(), [part.tolist() for part in np.split(groups[order], ends)], None

    def _rows(
        self, chosen: NDArray[np.intp], ballots: NDArray[np.intp], places: int
    ) -> NDArray[np.void]:
        """One opaque value for each ballot, a bit for each project: equal when these are."""
        count = len(self._weights)
        packed = np.zeros((count, max(-(-places // 8), 1)), dtype=np.uint8)
        bounds = np.searchsorted(ballots, range(0, count + _ROWS, _ROWS))
        for part, (start, end) in enumerate(pairwise(bounds)):
            at = part * _ROWS
            table = np.zeros((min(_ROWS, count - at), places), dtype=np.bool_)
            table[ballots[start:end] - at, chosen[start:end]] = True
            packed[at : at + len(table), : -(-places // 8)] = np.packbits(table, axis=1)
        opaque: NDArray[np.void] = packed.view(f"V{packed.shape[1]}").ravel()
        return opaque
