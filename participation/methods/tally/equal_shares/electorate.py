"""Who supports what: voters with the same ballot in one group, candidates in the order of ties."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from participation.methods.tally.equal_shares.options import Satisfaction
from participation.methods.tally.inputs import Candidate, Profile


class Supporters(NamedTuple):
    """Those who support one candidate, group by group.

    `units[i]` is what the candidate is worth to one voter of `groups[i]`: 1, or its points. A
    payment is the same for each unit. `scale` makes units comparable between candidates: the price
    that the rule compares is payment ÷ `scale`.
    """

    cost: int
    scale: int
    groups: Sequence[int]
    units: Sequence[int] | None


class Ballots(Protocol):
    """The ballots of an election, to be merged when they say the same of some candidates."""

    def votes(self) -> Mapping[str, int]:
        """How many ballots name each candidate that some ballot names."""
        ...

    def merged(
        self, place: Mapping[str, int], places: int
    ) -> tuple[list[int], Sequence[Sequence[int]], Sequence[Sequence[int]] | None]:
        """The number of voters of each group; for each candidate, its groups, and their units.

        `place` gives the numbers, below `places`, of the candidates that tell groups apart.
        Units are None when each is 1.
        """
        ...


class _OfProfile:
    """The ballots of a profile as they are."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def votes(self) -> Mapping[str, int]:
        """See `Ballots`."""
        return self._profile.votes()


class BallotsInOrder(_OfProfile):
    """Approvals, merged one after the other."""

    def merged(
        self, place: Mapping[str, int], places: int
    ) -> tuple[list[int], list[list[int]], list[list[int]] | None]:
        """See `Ballots`."""
        merged: dict[tuple[int, ...], int] = {}
        # One more than the place, so that only what is not found is false.
        known, find = merged.get, {choice: number + 1 for choice, number in place.items()}.get
        for ballot in self._profile.ballots:
            found = tuple(filter(None, map(find, ballot.choices)))
            merged[found] = known(found, 0) + ballot.weight
        groups: list[list[int]] = [[] for _ in range(places)]
        for group, choices in enumerate(merged):
            for number in choices:
                groups[number - 1].append(group)
        return list(merged.values()), groups, None


class BallotsWithPoints(_OfProfile):
    """Ballots whose points count, merged one after the other."""

    def merged(
        self, place: Mapping[str, int], places: int
    ) -> tuple[list[int], list[list[int]], list[list[int]] | None]:
        """See `Ballots`."""
        merged: Counter[tuple[tuple[int, int], ...]] = Counter()
        for ballot in self._profile.ballots:
            given = zip(ballot.choices, ballot.points or (), strict=False)
            found = [(place[choice], n) for choice, n in given if n > 0 and choice in place]
            merged[tuple(found)] += ballot.weight
        groups: list[list[int]] = [[] for _ in range(places)]
        units: list[list[int]] = [[] for _ in range(places)]
        for group, support in enumerate(merged):
            for number, points in support:
                groups[number].append(group)
                units[number].append(points)
        return list(merged.values()), groups, units


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
        ballots: Ballots,
        worth: Satisfaction,
        voters: Mapping[str, int],
        share: Fraction,
    ) -> None:
        self.candidates = candidates
        amount, of = share.as_integer_ratio()
        place = {
            candidate.id: number
            for number, candidate in enumerate(candidates)
            if voters[candidate.id] * amount >= candidate.cost * of
        }
        self.weights, groups, units = ballots.merged(place, len(candidates))
        self.supporters = [
            Supporters(
                candidate.cost,
                candidate.cost if worth == "cost" else 1,
                groups[number],
                None if units is None else units[number],
            )
            for number, candidate in enumerate(candidates)
        ]
