"""Counting rules of a participatory budget, each with every option explicit.

A rule is a function `(candidates, profile, budget, options) -> Result`. Amounts are integer cents,
points and votes are integers; no floating-point number is used anywhere, so that a recount by
another program gives the same winners to the last cent.
"""

from participation.methods.tally.comparison import Compared, compare
from participation.methods.tally.elections import (
    DEFAULT_SEED,
    Plan,
    UnsupportedRuleError,
    ballot_rule_of,
    candidates_of,
    oddities,
    options_of,
    plan_of,
    points_of_ranking,
    profile_of,
    rank_points_of,
)
from participation.methods.tally.equal_shares import EqualSharesOptions, equal_shares
from participation.methods.tally.greedy import greedy
from participation.methods.tally.inputs import Candidate, Profile, WeightedBallot, input_digest
from participation.methods.tally.lot import draw_order
from participation.methods.tally.options import GreedyOptions, OptionsError
from participation.methods.tally.phragmen import PhragmenOptions, sequential_phragmen
from participation.methods.tally.result import (
    METHOD_VERSION,
    Outcome,
    Reason,
    Result,
    Round,
    Tie,
)
from participation.methods.tally.rules import (
    RULES,
    Options,
    Rule,
    UnknownRuleError,
    count,
    rule_named,
)
from participation.methods.tally.settings import SettingError

__all__ = [
    "DEFAULT_SEED",
    "METHOD_VERSION",
    "RULES",
    "Candidate",
    "Compared",
    "EqualSharesOptions",
    "GreedyOptions",
    "Options",
    "OptionsError",
    "Outcome",
    "PhragmenOptions",
    "Plan",
    "Profile",
    "Reason",
    "Result",
    "Round",
    "Rule",
    "SettingError",
    "Tie",
    "UnknownRuleError",
    "UnsupportedRuleError",
    "WeightedBallot",
    "ballot_rule_of",
    "candidates_of",
    "compare",
    "count",
    "draw_order",
    "equal_shares",
    "greedy",
    "input_digest",
    "oddities",
    "options_of",
    "plan_of",
    "points_of_ranking",
    "profile_of",
    "rank_points_of",
    "rule_named",
    "sequential_phragmen",
]
