"""A result in pictures and sentences: money, turnout, rounds."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from participation.budgets.choices import Channel
from participation.budgets.models import Project
from participation.budgets.presentation.counting import purchase_sentence, reason_sentence
from participation.budgets.presentation.figures import euros, grouped, share

CHART_WIDTH = 1000
"""Units across the picture of the money; the page scales it."""

_TONES = 4
_FIRST_WINNERS = 10
_FEW_WINNERS = 15


def first_winners(winners: Sequence[Project]) -> tuple[Sequence[Project], Sequence[Project]]:
    """The winners to show at once, then those to fold: none when they are few."""
    if len(winners) <= _FEW_WINNERS:
        return winners, ()
    return winners[:_FIRST_WINNERS], winners[_FIRST_WINNERS:]


def money_chart(winners: Sequence[Project], amount_cents: int) -> dict[str, Any]:
    """The money as one bar: a piece for each winner in the order of selection, then what is left.

    Pieces have `x`, `width` (whole units of `CHART_WIDTH`), `tone` (1 to 4) and `label`.
    """
    pieces, before = [], 0
    for place, project in enumerate(winners):
        start = before * CHART_WIDTH // amount_cents
        before += project.cost_cents
        pieces.append(
            {
                "x": start,
                "width": max(before * CHART_WIDTH // amount_cents - start, 1),
                "tone": place % _TONES + 1,
                "label": f"{project.title} – {euros(project.cost_cents)}",
            }
        )
    sentence = gettext("%(share)s%% of the money goes to the winners: %(spent)s out of %(amount)s.")
    return {
        "pieces": pieces,
        "width": CHART_WIDTH,
        "sentence": sentence
        % {
            "share": share(before, amount_cents),
            "spent": euros(before),
            "amount": euros(amount_cents),
        },
    }


def turnout_rows(
    cells: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The lines of a table of voters: `label`, `value`, `text`, in the order of the cells.

    `names` gives the words of a name; the others say themselves, an empty one that nobody knows.
    """
    rows = []
    for cell in cells:
        labels = [names.get(name, name) or gettext("Not known") for name in cell["names"]]
        if cell["count"]:
            rows.append(
                {
                    "label": ", ".join(labels),
                    "value": cell["count"],
                    "text": grouped(cell["count"]),
                    "is_merged": len(labels) > 1,
                }
            )
    return rows


def channel_names() -> dict[str, str]:
    """The ways of voting in words."""
    return {str(value): str(label) for value, label in Channel.choices}


def round_stories(
    result: Mapping[str, Any], titles: Mapping[str, str], options: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The count round by round: `title`, `score`, `cost`, `is_selected`, the decision, who paid.

    `options` are those of the poll.
    """
    reasons = {
        (outcome["candidate"], reason["phase"], reason["group"]): reason
        for outcome in result["outcomes"]
        for reason in outcome["reasons"]
    }
    stories = []
    for step in result["rounds"]:
        reason = reasons.get((step["candidate"], step["phase"], step["group"]))
        stories.append(
            {
                "title": titles.get(step["candidate"], step["candidate"]),
                "score": grouped(step["score"]),
                "cost": euros(step["cost"]),
                "is_selected": step["decision"] == "selected",
                "sentence": reason_sentence(reason, titles, options=options) if reason else "",
                "purchase": purchase_sentence(step.get("details") or {}),
            }
        )
    return stories
