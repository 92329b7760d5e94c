"""Count a published election again by the rule that was frozen before it."""

from collections.abc import Mapping
from typing import Any

from participation.methods.pabulib import Election
from participation.methods.tally import (
    Candidate,
    Profile,
    Result,
    count,
    points_of_ranking,
    rule_named,
)


def recount(options: Mapping[str, Any], election: Election) -> Result:
    """The result of the ballots of a `scrutin.pb` by the frozen options of its poll.

    Projects, costs, groups and the budget are those of `options`. Raises `ValueError` or
    `KeyError` when the file and the options do not go together.
    """
    projects = options["projects"]
    costs = {project["reference"]: project["cost_cents"] for project in projects}
    if costs != {project.id: project.cost_cents for project in election.projects}:
        raise ValueError("the projects are not those that were frozen before the vote")
    if options["budget_cents"] != election.budget_cents:
        raise ValueError("the budget is not the one that was frozen before the vote")
    grouped = options.get("group_budgets") or options.get("minimum_winners")
    ranked = options["ballot_kind"] == "ordinal"
    scores = options.get("rank_scores") or ()
    names = rule_named(options["rule"]).options_class.__dataclass_fields__
    return count(
        rule=options["rule"],
        candidates=[
            Candidate(
                project["reference"], project["cost_cents"], project["group"] if grouped else None
            )
            for project in projects
        ],
        profile=Profile.from_ballots(
            (
                (vote.choices, points_of_ranking(vote.choices, scores) if ranked else vote.points)
                for vote in election.votes
            ),
            ranked=ranked,
        ),
        budget=options["budget_cents"],
        options={name: options[name] for name in names if name in options},
    )
