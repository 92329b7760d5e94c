"""The support that a candidate needs before money is even looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from participation.methods.tally.inputs import Candidate
from participation.methods.tally.options import GreedyOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimums:
    """The minimums of `GreedyOptions` for one election.

    `votes` and `points` hold every candidate; `voters` counts the ballots, blank ones included;
    `budget` is the whole budget in cents, whatever the envelopes.
    """

    options: GreedyOptions
    votes: Mapping[str, int]
    points: Mapping[str, int]
    voters: int
    budget: int

    def refusal(self, candidate: Candidate) -> tuple[str, dict[str, str | int]] | None:
        """The code and numbers of the first minimum that a candidate misses, if any."""
        votes = self.votes[candidate.id]
        for code, needed in (
            ("below_minimum_votes", self.options.minimum_votes),
            ("below_minimum_share", self._votes_of(self.options.minimum_share)),
            ("below_minimum_cost_share", self._votes_for_cost(candidate)),
        ):
            if votes < needed:
                return code, {"votes": votes, "minimum": needed}
        points = self.points[candidate.id]
        if self.options.measure == "points" and points < self.options.minimum_points:
            return "below_minimum_points", {
                "points": points,
                "minimum": self.options.minimum_points,
            }
        return None

    def _votes_of(self, share: Fraction) -> int:
        """The least whole number of votes that is this share of the ballots."""
        return ceil(share * self.voters)

    def _votes_for_cost(self, candidate: Candidate) -> int:
        part_of_money = Fraction(candidate.cost, self.budget)
        return self._votes_of(self.options.minimum_cost_share * part_of_money)
