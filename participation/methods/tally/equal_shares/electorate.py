"""Who supports what: voters with the same ballot in one group, candidates in the order of ties."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

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
    """Groups of voters who hold the same money for ever, and the supporters of each candidate.

    Candidates are known by their place in `candidates`, which is the order of the tie chain: of
    two that are tied, the smaller number wins. A candidate that its `voters` could not pay with a
    whole `share` each is left without supporters: with that share or less it is never bought, so
    that nothing depends on it, and ballots that differ in such candidates only are one group.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        profile: Profile,
        worth: Satisfaction,
        voters: Mapping[str, int],
        share: Fraction,
    ) -> None:
        self.candidates = candidates
        place = {
            candidate.id: number
            for number, candidate in enumerate(candidates)
            if voters[candidate.id] * share >= candidate.cost
        }
        groups: list[list[int]] = [[] for _ in candidates]
        units: list[list[int]] = [[] for _ in candidates]
        if worth == "points":
            merged = _merged_with_points(profile, place)
            for group, (choices, points) in enumerate(merged):
                for number, point in zip(choices, points, strict=True):
                    groups[number].append(group)
                    units[number].append(point)
            self.weights = list(merged.values())
        else:
            merged_choices = _merged(profile, place)
            for group, choices in enumerate(merged_choices):
                for number in choices:
                    groups[number].append(group)
            self.weights = list(merged_choices.values())
        self.supporters = [
            Supporters(
                candidate.cost,
                candidate.cost if worth == "cost" else 1,
                groups[number],
                units[number] if worth == "points" else None,
            )
            for number, candidate in enumerate(candidates)
        ]


def _merged(profile: Profile, place: Mapping[str, int]) -> dict[tuple[int, ...], int]:
    """Number of voters for each set of choices in `place`; a ranking keeps its order."""
    merged: dict[tuple[int, ...], int] = {}
    # One more than the place, so that only what is not found is false.
    known, find = merged.get, {choice: number + 1 for choice, number in place.items()}.get
    for ballot in profile.ballots:
        found = tuple(filter(None, map(find, ballot.choices)))
        merged[found] = known(found, 0) + ballot.weight
    return {tuple([number - 1 for number in found]): n for found, n in merged.items()}


def _merged_with_points(
    profile: Profile, place: Mapping[str, int]
) -> Counter[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Number of voters for each way to give points to the candidates in `place`."""
    merged: Counter[tuple[tuple[int, ...], tuple[int, ...]]] = Counter()
    for ballot in profile.ballots:
        support = [
            (place[choice], points)
            for choice, points in zip(ballot.choices, ballot.points or (), strict=False)
            if points > 0 and choice in place
        ]
        numbers = tuple(number for number, _ in support)
        merged[numbers, tuple(points for _, points in support)] += ballot.weight
    return merged
