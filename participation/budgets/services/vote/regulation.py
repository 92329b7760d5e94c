"""The rule of a budget as the options that are counted, published and frozen."""

from collections.abc import Mapping, Sequence
from typing import Any

from participation.budgets.choices import BallotKind, CountingRule, Grouping
from participation.budgets.models import Budget, Project
from participation.methods.tally import RULES, Options

_WITH_POINTS = (BallotKind.CUMULATIVE, BallotKind.ORDINAL)


def regulation(
    *, budget: Budget, groups: Sequence[str], measure: str | None = None
) -> dict[str, Any]:
    """The ballot and the rule of a budget as plain values, without the lot.

    `groups` are those of the projects, in the order in which they are served. `measure` is what
    the ballot implies (`votes`, or `points`) unless it is given.
    """
    measure = measure or ("points" if budget.ballot_kind in _WITH_POINTS else "votes")
    ballot = {
        "rule": budget.rule,
        "ballot_kind": budget.ballot_kind,
        "min_choices": budget.min_choices,
        "max_choices": budget.max_choices,
        "max_points": budget.max_points,
        "max_points_per_project": budget.max_points_per_project,
        "rank_scores": list(budget.rank_scores),
        "grouping": budget.grouping,
    }
    if budget.rule == CountingRule.GREEDY:
        return ballot | _greedy(budget, groups, measure)
    chain = ["lower_cost", "higher_votes", "lot"]
    shared = {**_minimums(budget), "tie_chain": chain}
    if budget.rule == CountingRule.PHRAGMEN:
        return ballot | shared
    return ballot | {
        **shared,
        "satisfaction": budget.satisfaction,
        "completion": budget.completion,
        "stops_when_exhaustive": budget.stops_when_exhaustive,
    }


def counting_options(options: Mapping[str, Any]) -> Options:
    """The options of the rule that frozen options name, for the count."""
    rule = RULES[options["rule"]]
    names = rule.options_class.__dataclass_fields__
    return rule.from_dict({name: options[name] for name in names if name in options})


def is_grouped(options: Mapping[str, Any]) -> bool:
    """Whether the count knows of groups at all."""
    return bool(options.get("group_budgets") or options.get("minimum_winners"))


def group_of(project: Project, grouping: str = Grouping.DISTRICT) -> str | None:
    """The name of a project's group in the count: its neighbourhood, or its category."""
    if grouping == Grouping.CATEGORY:
        return project.category.name if project.category else None
    if project.territory is not None:
        return project.territory.code
    return project.district or None


def _greedy(budget: Budget, groups: Sequence[str], measure: str) -> dict[str, Any]:
    quota, guaranteed = budget.district_quota_cents, budget.minimum_winners
    return {
        "measure": measure,
        "on_misfit": budget.on_misfit,
        # Pairs, since the order in which groups are served is part of the rule.
        "group_budgets": [[group, quota] for group in groups] if quota else None,
        "remainder": budget.remainder,
        "minimum_winners": dict.fromkeys(groups, guaranteed) if guaranteed else None,
        **_minimums(budget),
        "tie_chain": ["lower_cost", "lot"]
        if measure == "votes"
        else ["higher_votes", "lower_cost", "lot"],
    }


def _minimums(budget: Budget) -> dict[str, Any]:
    return {
        # A project that nobody chose is not paid for because money is left.
        "minimum_votes": max(budget.minimum_votes, 1),
        "minimum_share": [budget.minimum_share_percent, 100],
    }
