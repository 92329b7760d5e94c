"""What one ballot may hold, in plain words."""

from django.utils.translation import gettext, ngettext

from participation.budgets.choices import BallotKind
from participation.budgets.models import Budget


def limits_sentence(budget: Budget) -> str:
    """What one ballot may hold."""
    match budget.ballot_kind:
        case BallotKind.KNAPSACK:
            return _within_the_money(budget.max_choices)
        case BallotKind.CHOOSE_ONE:
            return gettext("Choose one project.")
        case BallotKind.CUMULATIVE:
            return f"{_number_of_projects(budget)} {_points(budget)}"
        case BallotKind.ORDINAL:
            return " ".join(
                [_number_of_projects(budget), gettext("Put them in your order of preference.")]
            )
    return _number_of_projects(budget)


def _within_the_money(high: int | None) -> str:
    if high is None:
        return gettext("Choose as many projects as the money of the envelope allows.")
    return ngettext(
        "Choose %(high)s project at most, within the money of the envelope.",
        "Choose up to %(high)s projects, within the money of the envelope.",
        high,
    ) % {"high": high}


def _number_of_projects(budget: Budget) -> str:
    low, high = budget.min_choices, budget.max_choices
    if high is None:
        return ngettext(
            "Choose at least %(low)s project.", "Choose at least %(low)s projects.", low
        ) % {"low": low}
    if low == high:
        return ngettext(
            "Choose exactly %(high)s project.", "Choose exactly %(high)s projects.", high
        ) % {"high": high}
    return gettext("Choose from %(low)s to %(high)s projects.") % {"low": low, "high": high}


def _points(budget: Budget) -> str:
    total, each = budget.max_points or 0, budget.max_points_per_project
    if each is None:
        return ngettext(
            "Share %(total)s point between them.", "Share %(total)s points between them.", total
        ) % {"total": total}
    return ngettext(
        "Share %(total)s point between them, %(each)s at most for each.",
        "Share %(total)s points between them, %(each)s at most for each.",
        total,
    ) % {"total": total, "each": each}
