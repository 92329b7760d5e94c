"""Ballots as arrays of numbers, which are merged faster than one after the other."""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, count, pairwise

import numpy as np
from numpy.typing import NDArray

from participation.methods.tally.inputs import Profile

# Rows made at a time, so that a table of all ballots and all projects never lies in memory.
_ROWS = 16_384


class NumberedBallots:
    """The choices of all ballots one after the other, each project by a number of ours."""

    def __init__(self, profile: Profile) -> None:
        choices = [ballot.choices for ballot in profile.ballots]
        number: defaultdict[str, int] = defaultdict(count().__next__)
        lengths = np.fromiter(map(len, choices), dtype=np.intp, count=len(choices))
        numbered = map(number.__getitem__, chain.from_iterable(choices))
        self._chosen = np.fromiter(numbered, dtype=np.intp, count=int(lengths.sum()))
        self._names = list(number)
        self._ballots = np.repeat(np.arange(len(choices)), lengths)
        self._weights = np.array([ballot.weight for ballot in profile.ballots], dtype=np.int64)

    def votes(self) -> dict[str, int]:
        """See `Ballots`."""
        total = np.zeros(len(self._names), dtype=np.int64)
        np.add.at(total, self._chosen, self._weights[self._ballots])
        return dict(zip(self._names, total.tolist(), strict=True))

    def merged(
        self, place: Mapping[str, int], places: int
    ) -> tuple[list[int], Sequence[Sequence[int]], None]:
        """See `Ballots`."""
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
        # An array of Python's own: what counts in floating point takes it as it is, and what counts
        # in whole numbers reads it as fast as a list.
        supporting = array("q", groups[chosen.argsort(kind="stable")].tobytes())
        ends = np.cumsum(np.bincount(chosen, minlength=places)).tolist()
        return (
            weights.tolist(),
            [supporting[start:end] for start, end in pairwise([0, *ends])],
            None,
        )

    def _rows(
        self, chosen: NDArray[np.intp], ballots: NDArray[np.intp], places: int
    ) -> NDArray[np.void] | NDArray[np.uint64]:
        """One value for each ballot, a bit for each project: equal when these are."""
        number = len(self._weights)
        if places <= 64:
            # Few projects make one number, which is sorted faster than an opaque value.
            bits = np.zeros(number, dtype=np.uint64)
            np.add.at(bits, ballots, np.uint64(1) << chosen.astype(np.uint64))
            return bits
        packed = np.zeros((number, -(-places // 8)), dtype=np.uint8)
        bounds = np.searchsorted(ballots, range(0, number + _ROWS, _ROWS))
        for part, (start, end) in enumerate(pairwise(bounds)):
            at = part * _ROWS
            table = np.zeros((min(_ROWS, number - at), places), dtype=np.bool_)
            table[ballots[start:end] - at, chosen[start:end]] = True
            packed[at : at + len(table)] = np.packbits(table, axis=1)
        opaque: NDArray[np.void] = packed.view(f"V{packed.shape[1]}").ravel()
        return opaque
