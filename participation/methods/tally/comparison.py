"""What several rules would have given on the same ballots."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from participation.methods.pabulib import Election
from participation.methods.tally.elections import (
    Plan,
    plan_of,
    profile_of,
)
from participation.methods.tally.inputs import Profile
from participation.methods.tally.result import Result
from participation.methods.tally.rules import RULES


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule of a comparison. Its share of anything is a count out of another.

    `label` is the name of the rule, or `greedy by district`. `without` counts the ballots, blank
    ones left out, that name no winner; `empty_districts` the districts that have projects and no
    winner.
    """

    label: str
    plan: Plan
    result: Result
    without: int
    ballots: int
    empty_districts: int
    districts: int

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON: the figures, the options and the winners, without the rounds."""
        return {
            "label": self.label,
            "rule": self.result.rule,
            "options": self.result.options,
            "reading": self.plan.reading(),
            "budget": self.result.budget,
            "spent": self.result.spent,
            "winners": list(self.result.winners),
            "voters_without_winner": self.without,
            "voters": self.ballots,
            "districts_without_winner": self.empty_districts,
            "districts": self.districts,
            "input_sha256": self.result.input_sha256,
            "method_version": self.result.method_version,
        }


def compare(election: Election, *, seed: str | None = None) -> list[Compared]:
    """The file counted by each rule that its ballots allow, in the order of `RULES`.

    The greedy rules keep the measure, the minimum and the order of ties that the file states. By
    district, the money is shared equally between the districts, then what they left is pooled.
    """
    profile = profile_of(election)
    return [_compared(label, plan, election, profile) for label, plan in _plans(election, seed)]


def voters_without_winner(profile: Profile, winners: Sequence[str]) -> int:
    """How many ballots that are not blank name no winner."""
    won = set(winners)
    return sum(
        ballot.weight
        for ballot in profile.ballots
        if ballot.choices and won.isdisjoint(ballot.choices)
    )


def _plans(election: Election, seed: str | None) -> list[tuple[str, Plan]]:
    plans: list[tuple[str, Plan]] = []
    for name in RULES:
        if name in ("greedy-threshold", "greedy-exclusive"):
            continue
        plans.append((name, plan_of(election, rule=name, seed=seed)))
        if name == "greedy-no-skip" and (by_district := _by_district(election, seed)):
            plans.append(("greedy by district", by_district))
    return plans


def _by_district(election: Election, seed: str | None) -> Plan | None:
    districts = sorted({project.district for project in election.projects} - {""})
    if len(districts) < 2:
        return None
    plan = plan_of(election, rule="greedy", seed=seed)
    stated: Any = plan.options
    equal = dict.fromkeys(districts, election.budget_cents // len(districts))
    options = replace(stated, group_budgets=equal, remainder="pooled", on_misfit="skip")
    return replace(plan, group_by="district", options=options)


def _compared(label: str, plan: Plan, election: Election, profile: Profile) -> Compared:
    result = plan.count(election)
    won = set(result.winners)
    served = {project.district for project in election.projects if project.id in won}
    districts = {project.district for project in election.projects} - {""}
    return Compared(
        label=label,
        plan=plan,
        result=result,
        without=voters_without_winner(profile, result.winners),
        ballots=profile.voters - profile.blank,
        empty_districts=len(districts - served),
        districts=len(districts),
    )
