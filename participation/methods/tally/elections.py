"""From a Pabulib file to the arguments of a counting rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from participation.methods.pabulib import Election, parse_amount, parse_whole
from participation.methods.tally.inputs import Candidate, Profile
from participation.methods.tally.lot import draw_order
from participation.methods.tally.options import GreedyOptions
from participation.methods.tally.result import Result
from participation.methods.tally.rules import RULES, Options, Rule, count
from participation.methods.tally.settings import (
    Naming,
    SettingError,
    parse_options,
    parse_whole_numbers,
)
from participation.methods.validity import BallotRule, check_ballot

Grouping = Literal["district", "neighborhood", "category"]

DEFAULT_SEED = "parvis"
"""Seed of the lot of a file for which nobody drew one."""

_WITH_POINTS = ("cumulative", "scoring", "ordinal")


class UnsupportedRuleError(ValueError):
    """The file names a rule that cannot be counted from the file alone.

    `code` says why: `rule_unknown`, `rule_of_its_own`, `exclusions_missing`, `threshold_missing`,
    `bad_threshold`, `no_such_rule`.
    """

    def __init__(self, rule: str, code: str, **params: str) -> None:
        super().__init__(f"rule {rule!r}: {_REASONS[code].format(**params)}")
        self.rule = rule
        self.code = code
        self.params = params


_REASONS: Mapping[str, str] = {
    "rule_unknown": "the file does not say by which rule it was counted",
    "rule_of_its_own": "the file describes a rule of its own in its comments only",
    "exclusions_missing": "the file does not say which projects exclude each other; "
    "give them with exclusive=A,B",
    "threshold_missing": "the file does not give its min_project_score_threshold",
    "bad_threshold": "the threshold {value!r} is not a whole number",
    "no_such_rule": "not one of {known}",
}

_REFUSED = {"unknown": "rule_unknown", "greedy-custom": "rule_of_its_own"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How one file is to be counted: the rule and all that was decided to read its ballots.

    `rank_points` is None unless the ballots are rankings; `seed` is None for a lot given in full.
    """

    rule: str
    options: Options
    group_by: Grouping | None = None
    rank_points: tuple[int, ...] | None = None
    seed: str | None = DEFAULT_SEED

    def count(self, election: Election) -> Result:
        """Count the file so; raises `ValueError` for options that cannot count it."""
        return count(
            rule=self.rule,
            candidates=candidates_of(election, group_by=self.group_by),
            profile=profile_of(election, rank_points=self.rank_points),
            budget=election.budget_cents,
            options=self.options,
        )

    def reading(self) -> dict[str, object]:
        """What was decided besides the options, as plain values."""
        return {
            "group_by": self.group_by,
            "rank_points": None if self.rank_points is None else list(self.rank_points),
            "lot_seed": self.seed,
        }


def plan_of(
    election: Election,
    *,
    rule: str | None = None,
    settings: Sequence[tuple[str, str]] = (),
    seed: str | None = None,
) -> Plan:
    """How to count a file: by its own rule, or by the one named, with the options given.

    `settings` are pairs of an option of the rule and its value as a text, see `parse_options`;
    besides, `group_by` (a column of the projects), `group_budget` (the same amount for each group)
    and `rank_points` (points of each rank of a ranking, `3,2,1`).

    Raises `UnsupportedRuleError` for a rule that the file does not settle, `SettingError` for an
    option that cannot be read, `ValueError` or `TypeError` for options that contradict each other.
    """
    named = _supported(election.rule if rule is None else rule)
    group_by, rank_points, others = _settings_of_the_file(election, settings)
    identifiers = [project.id for project in election.projects]
    values: dict[str, Any] = {"lot": draw_order(seed or DEFAULT_SEED, identifiers)}
    if named.options_class is GreedyOptions:
        own_grouping, stated = _greedy_values(election)
        if group_by in (None, own_grouping):
            group_by = own_grouping
        else:
            stated = {key: value for key, value in stated.items() if key not in _OF_CATEGORIES}
        values.update(stated)
    naming = Naming(identifiers, _groups(election, group_by))
    given = parse_options(named, others, naming)
    values.update(given)
    _require_what_the_name_says(named.name, election, values, given)
    return Plan(
        rule=named.name,
        options=named.options(**values),
        group_by=group_by,
        rank_points=rank_points,
        seed=None if "lot" in given else seed or DEFAULT_SEED,
    )


def options_of(election: Election, *, lot: Mapping[str, int]) -> Options:
    """The options that a file's own `rule`, `vote_type`, threshold and categories stand for.

    A file says nothing of ties: those of a greedy rule go to the most votes (when points are
    counted), then to the lowest cost, then to the lot. Raises `UnsupportedRuleError`.
    """
    plan = plan_of(election)
    return RULES[plan.rule].from_dict({**plan.options.as_dict(), "lot": dict(lot)})


def candidates_of(election: Election, *, group_by: Grouping | None = None) -> tuple[Candidate, ...]:
    """The projects of a file, grouped by one of its columns if asked (empty cells: no group)."""
    return tuple(
        Candidate(
            project.id,
            project.cost_cents,
            (getattr(project, group_by) or None) if group_by else None,
        )
        for project in election.projects
    )


def profile_of(election: Election, *, rank_points: Sequence[int] | None = None) -> Profile:
    """The ballots of a file. Rankings get the points of their ranks, see `rank_points_of`."""
    if election.vote_type != "ordinal":
        return Profile.from_ballots((vote.choices, vote.points) for vote in election.votes)
    scale = rank_points_of(election) if rank_points is None else tuple(rank_points)
    return Profile.from_ballots(
        ((vote.choices, points_of_ranking(vote.choices, scale)) for vote in election.votes),
        ranked=True,
    )


def rank_points_of(election: Election) -> tuple[int, ...]:
    """Points of each rank when a file does not give them: k for the first of k ranks, then k - 1…

    k is the `max_length` of the file, or else the length of its longest ranking. With three ranks
    that is 3, 2, 1, as in Kraków. No rank is given beyond the number of projects.
    """
    longest = _whole(election.meta, "max_length")
    if longest is None:
        longest = max((len(vote.choices) for vote in election.votes), default=0)
    return tuple(range(longest, max(longest - len(election.projects), 0), -1))


def points_of_ranking(choices: Sequence[str], rank_points: Sequence[int]) -> tuple[int, ...]:
    """Points of the choices of one ranking, in its order; ranks beyond the scale get none."""
    return tuple(
        rank_points[place] if place < len(rank_points) else 0 for place in range(len(choices))
    )


def ballot_rule_of(election: Election) -> BallotRule:
    """What a file says of a valid ballot. One with a `max_sum_cost` is a knapsack ballot."""
    meta = election.meta
    kind: Any = election.vote_type
    money = _cents(meta.get("max_sum_cost", ""))
    if kind == "approval" and money is not None:
        kind = "knapsack"
    return BallotRule(
        kind=kind,
        costs={project.id: project.cost_cents for project in election.projects},
        min_choices=_whole(meta, "min_length") or 0,
        max_choices=_whole(meta, "max_length"),
        budget_cents=money if kind == "knapsack" else None,
        min_points=_whole(meta, "min_points") or 0,
        max_points=_whole(meta, "max_points"),
        min_points_in_all=_whole(meta, "min_sum_points"),
        max_points_in_all=_whole(meta, "max_sum_points"),
    )


def oddities(election: Election, plan: Plan) -> list[tuple[str, int]]:
    """What is wrong in a file that can be counted all the same: a code and how many.

    `ballots_over_budget`: ballots beyond the `max_sum_cost`; `scores_differ`: projects whose
    `score` is not the sum of the points of their ranks.
    """
    rule = ballot_rule_of(election)
    over = sum(
        "over_budget" in check_ballot(vote.choices, rule, points=vote.points)
        for vote in election.votes
        if rule.kind == "knapsack"
    )
    points = profile_of(election, rank_points=plan.rank_points).points() if plan.rank_points else {}
    differ = sum(
        project.score is not None and project.score != points.get(project.id, 0)
        for project in election.projects
        if points
    )
    found = [("ballots_over_budget", over), ("scores_differ", differ)]
    return [(code, number) for code, number in found if number]


def _supported(name: str) -> Rule:
    """The rule of that name, whatever its capitals and the blanks around it."""
    plain = name.strip().lower()
    if plain in _REFUSED:
        raise UnsupportedRuleError(name, _REFUSED[plain])
    if plain not in RULES:
        raise UnsupportedRuleError(name, "no_such_rule", known=", ".join(RULES))
    return RULES[plain]


_OF_CATEGORIES = ("group_budgets", "remainder", "remainder_on_misfit")


def _greedy_values(election: Election) -> tuple[Grouping | None, dict[str, Any]]:
    """Options that META states, and the column by which it groups the projects."""
    values: dict[str, Any] = {}
    threshold = election.meta.get("min_project_score_threshold", "")
    minimum = _whole(election.meta, "min_project_score_threshold")
    if threshold and minimum is None:
        raise UnsupportedRuleError(election.rule, "bad_threshold", value=threshold)
    if election.vote_type in _WITH_POINTS:
        values["measure"] = "points"
        values["tie_chain"] = ("higher_votes", "lower_cost", "lot")
        values["minimum_points"] = minimum or 0
    else:
        values["minimum_votes"] = max(minimum or 0, 1)
    envelopes = _envelopes_of_categories(election)
    if envelopes is None:
        return None, values
    # Amsterdam: an envelope per category, then what they left for all.
    values.update(group_budgets=envelopes, remainder="pooled", remainder_on_misfit="skip")
    return "category", values


def _envelopes_of_categories(election: Election) -> dict[str, int] | None:
    """The `budget_per_category` of META, when it can be read and its categories are known."""
    names = election.meta.get("categories", "").split(",")
    try:
        amounts = [
            parse_amount(text) for text in election.meta.get("budget_per_category", "").split(",")
        ]
    except ValueError:
        return None
    if len(names) != len(amounts) or sum(amounts) > election.budget_cents:
        return None
    return dict(zip(names, amounts, strict=True))


def _settings_of_the_file(
    election: Election, settings: Sequence[tuple[str, str]]
) -> tuple[Grouping | None, tuple[int, ...] | None, list[tuple[str, str]]]:
    """Take out of the settings what is not an option of a rule but a way to read the file."""
    group_by: Grouping | None = None
    rank_points = rank_points_of(election) if election.vote_type == "ordinal" else None
    others: list[tuple[str, str]] = []
    for key, text in settings:
        match key:
            case "group_by":
                group_by = _grouping(election, text)
            case "group_budget":
                others.append(("group_budgets", text))
            case "rank_points" if election.vote_type != "ordinal":
                raise SettingError("not_ranked", key=key, value=election.vote_type)
            case "rank_points":
                rank_points = parse_whole_numbers(key, text)
            case _:
                others.append((key, text))
    return group_by, rank_points, others


def _grouping(election: Election, text: str) -> Grouping:
    for known in get_args(Grouping):
        if text == known:
            if not _groups(election, known):
                raise SettingError("empty_column", key="group_by", value=text)
            grouping: Grouping = known
            return grouping
    expected = ", ".join(get_args(Grouping))
    raise SettingError("bad_choice", key="group_by", expected=expected, value=text)


def _groups(election: Election, group_by: Grouping | None) -> list[str]:
    if group_by is None:
        return []
    return sorted({getattr(project, group_by) for project in election.projects} - {""})


def _require_what_the_name_says(
    name: str, election: Election, values: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    if name == "greedy-exclusive" and not values.get("exclusive"):
        raise UnsupportedRuleError(name, "exclusions_missing")
    stated = election.meta.get("min_project_score_threshold", "")
    if name == "greedy-threshold" and not stated and not _MINIMUMS.intersection(given):
        raise UnsupportedRuleError(name, "threshold_missing")


_MINIMUMS = frozenset({"minimum_votes", "minimum_points", "minimum_share", "minimum_cost_share"})


def _cents(text: str) -> int | None:
    """An amount of META; None when it is absent or something else."""
    try:
        return parse_amount(text)
    except ValueError:
        return None


def _whole(meta: Mapping[str, str], key: str) -> int | None:
    """A whole number of META such as `50` or `50.0`; None when it is absent or something else."""
    try:
        return parse_whole(meta.get(key, ""), least=0)
    except ValueError:
        return None
