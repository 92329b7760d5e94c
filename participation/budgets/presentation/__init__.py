"""How the facts of a budget are put into words and figures for a reader."""

from participation.budgets.presentation.acts import CallToAction, call_to_action
from participation.budgets.presentation.ballot import (
    BallotLimits,
    ballot_texts,
    marking_sentence,
    so_far,
)
from participation.budgets.presentation.counting import (
    TieStory,
    limits_sentence,
    order_of_selection,
    reason_sentence,
    rules_of_counting,
    tie_stories,
)
from participation.budgets.presentation.figures import (
    DELIVERY_PATH,
    TONES,
    euros,
    grouped,
    key_figures,
    share,
    short_euros,
    step_number,
    tone_of,
)
from participation.budgets.presentation.publication import (
    FILE_WORDS,
    CheckWords,
    check_words,
    verification_texts,
)
from participation.budgets.presentation.results import (
    channel_names,
    first_winners,
    money_chart,
    round_stories,
    turnout_rows,
)

__all__ = [
    "DELIVERY_PATH",
    "FILE_WORDS",
    "TONES",
    "BallotLimits",
    "CallToAction",
    "CheckWords",
    "TieStory",
    "ballot_texts",
    "call_to_action",
    "channel_names",
    "check_words",
    "euros",
    "first_winners",
    "grouped",
    "key_figures",
    "limits_sentence",
    "marking_sentence",
    "money_chart",
    "order_of_selection",
    "reason_sentence",
    "round_stories",
    "rules_of_counting",
    "share",
    "short_euros",
    "so_far",
    "step_number",
    "tie_stories",
    "tone_of",
    "turnout_rows",
    "verification_texts",
]
