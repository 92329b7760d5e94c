"""A frozen rule in the words of the Pabulib format."""

from typing import Any

from participation.budgets.choices import Completion, CountingRule, OnMisfit


def rule_name(options: dict[str, Any]) -> str:
    """The nearest name of the format; `options.json` says the rule in full."""
    match options["rule"]:
        case CountingRule.EQUAL_SHARES if options.get("group_budgets"):
            return "unknown"
        case CountingRule.EQUAL_SHARES:
            grown = options.get("completion") in (Completion.ADD1, Completion.ADD1U)
            return "equalshares/add1" if grown else "equalshares"
        case CountingRule.PHRAGMEN:
            return "unknown"
    if _has_more_than_the_format_says(options):
        return "greedy-custom"
    if options.get("exclusive"):
        return "greedy-exclusive"
    if threshold_of(options):
        return "greedy-threshold"
    return "greedy" if options.get("on_misfit") == OnMisfit.SKIP else "greedy-no-skip"


def threshold_of(options: dict[str, Any]) -> str:
    """The least number of votes, when it is more than the one that every project needs."""
    if options.get("measure", "votes") == "votes" and options.get("minimum_votes", 1) > 1:
        return str(options["minimum_votes"])
    return ""


def _has_more_than_the_format_says(options: dict[str, Any]) -> bool:
    shares = ("minimum_share", "minimum_cost_share")
    stops_and_more = options.get("on_misfit") == OnMisfit.STOP and bool(threshold_of(options))
    return (
        bool(options.get("group_budgets") or options.get("minimum_winners"))
        or stops_and_more
        or any(options.get(name, [0, 1])[0] for name in shares)
    )
