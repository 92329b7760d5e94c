"""The order in which a chain of criteria prefers candidates, whatever they are tied on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from participation.methods.tally.equal_shares.options import TieCriterion
from participation.methods.tally.inputs import Candidate


@dataclass(frozen=True, slots=True)
class TieOrder:
    """A total order on candidates: each criterion in turn, the lot last."""

    chain: tuple[TieCriterion, ...]
    votes: Mapping[str, int]
    lot: Mapping[str, int]

    def ordered(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates, the preferred one first."""
        standing = list(candidates)
        # Sorting by the last criterion first keeps, among equals, what the others decide.
        for name in reversed(self.chain):
            standing.sort(key=self._criterion(name))
        return standing

    def decided_by(self, ordered: Sequence[Candidate]) -> tuple[str, ...]:
        """For each candidate but the last, the criterion that put it before the next."""
        return tuple(self._first_difference(one, other) for one, other in pairwise(ordered))

    def _first_difference(self, one: Candidate, other: Candidate) -> str:
        return next(
            name
            for name in self.chain
            if self._criterion(name)(one) != self._criterion(name)(other)
        )

    def _criterion(self, name: TieCriterion) -> Callable[[Candidate], int]:
        """A number that is smaller for the candidate to be preferred."""
        match name:
            case "lower_cost":
                return lambda item: item.cost
            case "higher_votes":
                return lambda item: -self.votes[item.id]
            case "lot":
                return lambda item: self.lot[item.id]
