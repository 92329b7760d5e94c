"""The rule of a budget as the options that are counted, published and frozen."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from participation.budgets.choices import BallotKind, CountingRule, Grouping
from participation.budgets.models import Budget, Project
from participation.methods.tally import RULES, Options

_WITH_POINTS = (BallotKind.CUMULATIVE, BallotKind.ORDINAL)


def regulation(
    *, budget: Budget, groups: Sequence[str], measure: str | None = None
) -> dict[str, Any]:
    """The ballot and the rule of a budget as plain values, every option said, without the lot.

    `groups` are those of the projects, in the order in which they are served. `measure` is what
    the ballot implies (`votes`, or `points`) unless it is given.
    """
    measure = measure or ("points" if budget.ballot_kind in _WITH_POINTS else "votes")
    values = _VALUES[budget.rule](budget, groups, measure)
    counted = RULES[budget.rule].options(lot={}, **values).as_dict()
    del counted["lot"]
    return {
        "rule": budget.rule,
        "ballot_kind": budget.ballot_kind,
        "min_choices": budget.min_choices,
        "max_choices": budget.max_choices,
        "max_points": budget.max_points,
        "max_points_per_project": budget.max_points_per_project,
        "rank_scores": list(budget.rank_scores),
        "grouping": budget.grouping,
        "measure": measure,
        **counted,
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
    guaranteed = budget.minimum_winners
    return {
        "measure": measure,
        "on_misfit": budget.on_misfit,
        **_envelopes(budget, groups),
        "minimum_winners": dict.fromkeys(groups, guaranteed) if guaranteed else None,
        # A project that nobody chose is not paid for because money is left.
        "minimum_votes": max(budget.minimum_votes, 1),
        "minimum_share": Fraction(budget.minimum_share_percent, 100),
        "tie_chain": ("lower_cost", "lot")
        if measure == "votes"
        else ("higher_votes", "lower_cost", "lot"),
    }


def _equal_shares(budget: Budget, groups: Sequence[str], measure: str) -> dict[str, Any]:
    return {
        # Ballots with points say themselves how much each project is worth to their voter.
        "satisfaction": "points" if measure == "points" else budget.satisfaction,
        "completion": budget.completion,
        "add1_stop": "exhaustive" if budget.stops_when_exhaustive else "over_budget",
        **_envelopes(budget, groups),
    }


def _phragmen(budget: Budget, groups: Sequence[str], measure: str) -> dict[str, Any]:
    return _envelopes(budget, groups)


def _envelopes(budget: Budget, groups: Sequence[str]) -> dict[str, Any]:
    quota = budget.district_quota_cents
    return {
        "group_budgets": dict.fromkeys(groups, quota) if quota else None,
        "remainder": budget.remainder,
    }


_VALUES: dict[str, Callable[[Budget, Sequence[str], str], dict[str, Any]]] = {
    CountingRule.GREEDY: _greedy,
    CountingRule.EQUAL_SHARES: _equal_shares,
    CountingRule.PHRAGMEN: _phragmen,
}
