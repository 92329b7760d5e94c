"""Rank candidates by score and settle ties with a declared chain of criteria."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from participation.methods.tally.inputs import Candidate
from participation.methods.tally.options import Criterion, GreedyOptions


@dataclass(frozen=True, slots=True)
class Ranking:
    """How candidates are ordered: best score first, then each criterion of the chain.

    `votes`, `points` and `lot` hold every candidate; `scores` is one of the first two.
    """

    votes: Mapping[str, int]
    points: Mapping[str, int]
    options: GreedyOptions

    @property
    def scores(self) -> Mapping[str, int]:
        """What candidates are ranked by."""
        return self.votes if self.options.measure == "votes" else self.points

    def ordered(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates from the best to the last; a total order, since a lot ends the chain."""
        criteria = [self._criterion(name) for name in self.options.tie_chain]
        return sorted(
            candidates,
            key=lambda candidate: (
                -self.scores[candidate.id],
                *(criterion(candidate) for criterion in criteria),
            ),
        )

    def ties(self, ordered: Sequence[Candidate]) -> list[list[Candidate]]:
        """Runs of two or more candidates with the same score, in an ordered list."""
        runs = (list(run) for _, run in groupby(ordered, lambda item: self.scores[item.id]))
        return [run for run in runs if len(run) > 1]

    def decided_by(self, tied: Sequence[Candidate]) -> tuple[str, ...]:
        """For each candidate but the last, the criterion that put it before the next."""
        return tuple(self._first_difference(one, other) for one, other in pairwise(tied))

    def _first_difference(self, one: Candidate, other: Candidate) -> str:
        return next(
            name
            for name in self.options.tie_chain
            if self._criterion(name)(one) != self._criterion(name)(other)
        )

    def _criterion(self, name: Criterion) -> Callable[[Candidate], int]:
        """A number that is smaller for the candidate to be preferred."""
        match name:
            case "higher_votes":
                return lambda candidate: -self.votes[candidate.id]
            case "higher_points":
                return lambda candidate: -self.points[candidate.id]
            case "lower_cost":
                return lambda candidate: candidate.cost
            case "higher_cost":
                return lambda candidate: -candidate.cost
            case "lot":
                return lambda candidate: self.options.lot[candidate.id]
