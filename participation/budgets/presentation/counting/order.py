"""Why winners come in an order that is not that of their votes."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from participation.budgets.presentation.counting.groups import group_words


def order_of_selection(result: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Why a winner with fewer votes may come before another; empty when none does.

    `result` is that of the tally: winners in the order of selection. `options` say what its groups
    are.
    """
    scores = {outcome["candidate"]: outcome["score"] for outcome in result["outcomes"]}
    in_order = [scores[winner] for winner in result["winners"] if winner in scores]
    if all(before >= after for before, after in pairwise(in_order)):
        return ""
    return gettext("%(why)s A project may so come before another that has more votes.") % {
        "why": _why(result) % group_words(options)
    }


def _why(result: Mapping[str, Any]) -> str:
    phases = {step["phase"] for step in result["rounds"] if step["decision"] == "selected"}
    rule = str(result.get("rule", ""))
    if "group" in phases:
        return gettext(
            "The projects are in the order in which the rule selected them: first those of the "
            "share of %(each)s, one after the other, then what is put in common, if anything is."
        )
    if "guaranteed" in phases:
        return gettext(
            "The projects are in the order in which the rule selected them: first those "
            "guaranteed to %(each)s, then the others."
        )
    if rule.startswith(("equal_shares", "equalshares")):
        return gettext(
            "The projects are in the order in which the rule selected them: first those that had "
            "many supporters for their cost."
        )
    if rule == "phragmen":
        return gettext(
            "The projects are in the order in which the rule selected them: first those that "
            "their supporters could pay the soonest."
        )
    return gettext("The projects are in the order in which the rule selected them.")
