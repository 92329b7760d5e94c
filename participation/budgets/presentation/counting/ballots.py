"""What one ballot may hold, in plain words."""

from django.utils.translation import gettext, ngettext

from participation.budgets.choices import BallotKind
from participation.budgets.models import Budget


def limits_sentence(budget: Budget) -> str:
    """What one ballot may hold."""
    low, high = budget.min_choices, budget.max_choices
    if budget.ballot_kind == BallotKind.KNAPSACK:
        if high is None:
            return gettext("Choose as many projects as the money of the envelope allows.")
        return ngettext(
            "Choose %(high)s project at most, within the money of the envelope.",
            "Choose up to %(high)s projects, within the money of the envelope.",
            high,
        ) % {"high": high}
    if high is None:
        return ngettext(
            "Choose at least %(low)s project.", "Choose at least %(low)s projects.", low
        ) % {"low": low}
    if low == high:
        return ngettext(
            "Choose exactly %(high)s project.", "Choose exactly %(high)s projects.", high
        ) % {"high": high}
    return gettext("Choose from %(low)s to %(high)s projects.") % {"low": low, "high": high}
