"""Who supports what: voters with the same ballot in one group, candidates in the order of ties."""

from collections.abc import Sequence
from dataclasses import dataclass

from participation.methods.tally.equal_shares.options import Satisfaction
from participation.methods.tally.inputs import Candidate, Profile


@dataclass(frozen=True, slots=True)
class Supporters:
    """Those who support one candidate, group by group.

    `units[i]` is what the candidate is worth to one voter of `groups[i]`: 1, or its points. A
    payment is the same for each unit. `scale` makes units comparable between candidates: the price
    that the rule compares is payment ÷ `scale`.
    """

    cost: int
    scale: int
    groups: Sequence[int]
    units: Sequence[int] | None


class Electorate:
    """Groups of voters, one for each ballot of the profile, and the supporters of each candidate.

    Candidates are known by their place in `candidates`, which is the order of the tie chain: of
    two that are tied, the smaller number wins.
    """

    def __init__(
        self, candidates: Sequence[Candidate], profile: Profile, worth: Satisfaction
    ) -> None:
        self.candidates = candidates
        self.weights = [ballot.weight for ballot in profile.ballots]
        groups: dict[str, list[int]] = {candidate.id: [] for candidate in candidates}
        units: dict[str, list[int]] = {candidate.id: [] for candidate in candidates}
        nobody: list[int] = []
        for group, ballot in enumerate(profile.ballots):
            if worth == "points":
                for choice, points in zip(ballot.choices, ballot.points or (), strict=False):
                    if points > 0 and choice in groups:
                        groups[choice].append(group)
                        units[choice].append(points)
            else:
                for choice in ballot.choices:
                    groups.get(choice, nobody).append(group)
        self.supporters = [
            Supporters(
                candidate.cost,
                candidate.cost if worth == "cost" else 1,
                groups[candidate.id],
                units[candidate.id] if worth == "points" else None,
            )
            for candidate in candidates
        ]

    @property
    def supported(self) -> list[int]:
        """The candidates that somebody supports."""
        return [number for number, crowd in enumerate(self.supporters) if crowd.groups]

    def voters_of(self, number: int) -> int:
        """How many voters support a candidate."""
        return sum(self.weights[group] for group in self.supporters[number].groups)
