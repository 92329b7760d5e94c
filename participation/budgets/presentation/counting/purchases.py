"""How those who chose a project paid it, told from the details of a round."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext, ngettext

from participation.budgets.presentation.counting.reasons import Money
from participation.budgets.presentation.figures import euros


def purchase_sentence(details: Mapping[str, Any], money: Money = euros) -> str:
    """Who paid how much, rounded to the cent; empty for a rule in which nobody pays."""
    if "payment" in details:
        return _bought_together(details, money)
    if "load" in details:
        return gettext("By then each voter had saved %(amount)s since the beginning.") % {
            "amount": money(round(Fraction(details["load"])))
        }
    return ""


def _bought_together(details: Mapping[str, Any], money: Money) -> str:
    payers, full = details["payers"], details["full_payers"]
    amount = money(round(Fraction(details["payment"])))
    if full == payers:
        sentence = ngettext(
            "%(payers)s person paid it, %(amount)s.",
            "%(payers)s people paid it together, %(amount)s each.",
            payers,
        )
    else:
        sentence = ngettext(
            "%(payers)s person paid it with all that was left, less than %(amount)s.",
            "%(payers)s people paid it together: %(full)s of them %(amount)s each, the others all "
            "that they had left.",
            payers,
        )
    return sentence % {"payers": payers, "full": full, "amount": amount}
