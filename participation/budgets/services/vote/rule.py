"""Is this ballot valid under the frozen rule of its poll, and if not, in which words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.core.verdict import Refusal, Verdict
from participation.methods.validity import BallotRule, check_ballot

_KINDS = {"choose_one": "choose-1"}


def ballot_rule(*, options: dict[str, Any]) -> BallotRule:
    """What the frozen options say of a ballot, made once for many ballots."""
    return BallotRule(
        kind=_KINDS.get(options["ballot_kind"], options["ballot_kind"]),
        costs={str(project["id"]): int(project["cost_cents"]) for project in options["projects"]},
        min_choices=options["min_choices"],
        max_choices=options["max_choices"],
        budget_cents=options["budget_cents"],
        max_points=options.get("max_points_per_project"),
        max_points_in_all=options.get("max_points"),
    )


def ballot_verdict(
    *,
    options: dict[str, Any],
    choices: Sequence[int],
    points: Sequence[int] | None = None,
    rule: BallotRule | None = None,
) -> Verdict:
    """Whether it is a ballot; `rule` is that of the options, when it is already made.

    Codes: `repeated_project`, `unknown_project`, `too_few`, `too_many`, `over_budget`,
    `wrong_points`.
    """
    rule = rule or ballot_rule(options=options)
    named = [str(choice) for choice in choices]
    return Verdict(
        tuple(
            _refusal(code, options, named, rule.costs)
            for code in check_ballot(named, rule, points=points)
        )
    )


def _refusal(
    code: str, options: dict[str, Any], named: Sequence[str], costs: Mapping[str, int]
) -> Refusal:
    match code:
        case "repeated_choice":
            return Refusal("repeated_project", _("A project can be chosen only once."))
        case "unknown_project":
            return Refusal("unknown_project", _("A project of your choice is not on this ballot."))
        case "too_few_choices":
            return Refusal(
                "too_few",
                _("Choose at least %(minimum)s projects: you have chosen %(count)s."),
                {"minimum": options["min_choices"], "count": len(named)},
            )
        case "too_many_choices":
            return Refusal(
                "too_many",
                _("Choose at most %(maximum)s projects: you have chosen %(count)s."),
                {"maximum": options["max_choices"], "count": len(named)},
            )
        case "over_budget":
            spent = sum(costs.get(choice, 0) for choice in named)
            # Rounded up: an excess of one cent is not an excess of 0 euros.
            return Refusal(
                "over_budget",
                _("Your choice goes beyond the envelope by %(excess)s euros."),
                {"excess": -(-(spent - options["budget_cents"]) // 100)},
            )
    return Refusal(
        "wrong_points",
        _("Share at most %(points)s points between your projects, as the rule says."),
        {"points": options.get("max_points") or 0},
    )
