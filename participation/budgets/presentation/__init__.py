"""How the facts of a budget are put into words and figures for a reader."""

from participation.budgets.presentation.acts import CallToAction, call_to_action
from participation.budgets.presentation.counting import (
    TieStory,
    limits_sentence,
    reason_sentence,
    rules_of_counting,
    tie_stories,
)
from participation.budgets.presentation.figures import TONES, day, euros, share, short_euros

__all__ = [
    "TONES",
    "CallToAction",
    "TieStory",
    "call_to_action",
    "day",
    "euros",
    "limits_sentence",
    "reason_sentence",
    "rules_of_counting",
    "share",
    "short_euros",
    "tie_stories",
]
