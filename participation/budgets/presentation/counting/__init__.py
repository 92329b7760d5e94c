"""The counting rules and their outcome in plain words."""

from participation.budgets.presentation.counting.ballots import limits_sentence
from participation.budgets.presentation.counting.order import order_of_selection
from participation.budgets.presentation.counting.purchases import purchase_sentence
from participation.budgets.presentation.counting.reasons import reason_sentence
from participation.budgets.presentation.counting.rules import rules_of_counting
from participation.budgets.presentation.counting.ties import TieStory, tie_stories

__all__ = [
    "TieStory",
    "limits_sentence",
    "order_of_selection",
    "purchase_sentence",
    "reason_sentence",
    "rules_of_counting",
    "tie_stories",
]
