"""Counting rules of a participatory budget, each with every option explicit.

A rule is a function `(candidates, profile, budget, options) -> Result`. Amounts are integer cents,
points and votes are integers; no floating-point number is used anywhere, so that a recount by
another program gives the same winners to the last cent.
"""

from participation.methods.tally.elections import (
    UnsupportedRuleError,
    candidates_of,
    options_of,
    profile_of,
    rank_points,
)
from participation.methods.tally.greedy import greedy
from participation.methods.tally.inputs import Candidate, Profile, WeightedBallot, input_digest
from participation.methods.tally.lot import draw_order
from participation.methods.tally.options import GreedyOptions
from participation.methods.tally.result import (
    METHOD_VERSION,
    Outcome,
    Reason,
    Result,
    Round,
    Tie,
)

__all__ = [
    "METHOD_VERSION",
    "Candidate",
    "GreedyOptions",
    "Outcome",
    "Profile",
    "Reason",
    "Result",
    "Round",
    "Tie",
    "UnsupportedRuleError",
    "WeightedBallot",
    "candidates_of",
    "draw_order",
    "greedy",
    "input_digest",
    "options_of",
    "profile_of",
    "rank_points",
]
