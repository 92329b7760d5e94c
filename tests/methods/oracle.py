"""pabutools as a witness: the same election counted by another program, with the same ties."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from participation.methods.tally import Candidate, Profile, draw_order


@cache
def pabutools() -> ModuleType:
    """The library, or skip: it belongs to the `oracle` group, which is never needed to count."""
    package: ModuleType = pytest.importorskip("pabutools")
    pytest.importorskip("pabutools.rules")
    pytest.importorskip("pabutools.election")
    pytest.importorskip("pabutools.tiebreaking")
    return package


@dataclass(frozen=True)
class Witness:
    """An election as pabutools sees it."""

    instance: Any
    profile: Any
    ties: Any

    def equal_shares(self, satisfaction: str, increment: int | None) -> list[str]:
        library = pabutools()
        measures = {
            "cost": library.election.Cost_Sat,
            "cardinality": library.election.Cardinality_Sat,
            "points": library.election.Additive_Cardinal_Sat,
        }
        won = library.rules.method_of_equal_shares(
            self.instance,
            self.profile,
            measures[satisfaction],
            tie_breaking=self.ties,
            voter_budget_increment=increment,
        )
        return [project.name for project in won]

    def phragmen(self) -> set[str]:
        won = pabutools().rules.sequential_phragmen(
            self.instance, self.profile, tie_breaking=self.ties
        )
        return {project.name for project in won}

    def greedy(self) -> list[str]:
        library = pabutools()
        won = library.rules.greedy_utilitarian_welfare(
            self.instance,
            self.profile,
            library.election.Cost_Sat,
            tie_breaking=self.ties,
        )
        return [project.name for project in won]


def witness(
    candidates: tuple[Candidate, ...],
    profile: Profile,
    budget: int,
    *,
    lot: Mapping[str, int],
    points: bool = False,
) -> Witness:
    """The same election for pabutools, without the candidates that nobody chose.

    Ties: the lowest cost, then the most votes, then the lot.
    """
    election = pabutools().election
    votes = profile.votes()
    instance = election.Instance(
        [election.Project(item.id, item.cost) for item in candidates if votes[item.id]],
        budget_limit=budget,
    )
    project = {item.name: item for item in instance}
    ballots: list[Any] = []
    for ballot in profile.ballots:
        chosen = [project[choice] for choice in ballot.choices]
        made = (
            election.CumulativeBallot(dict(zip(chosen, ballot.points or (), strict=True)))
            if points
            else election.ApprovalBallot(chosen)
        )
        ballots += [made] * ballot.weight
    kind = election.CumulativeProfile if points else election.ApprovalProfile
    preferred: Callable[[Any, Any, Any], Any] = lambda _instance, _profile, item: (  # noqa: E731 -- the form that pabutools asks for
        item.cost,
        -votes[item.name],
        lot[item.name],
    )
    return Witness(
        instance,
        kind(ballots, instance=instance).as_multiprofile(),
        pabutools().tiebreaking.TieBreakingRule(preferred),
    )


def lot_of(candidates: tuple[Candidate, ...], seed: str = "a seed for the tests") -> dict[str, int]:
    return draw_order(seed, [candidate.id for candidate in candidates])
