"""From a Pabulib file to the arguments of a counting rule."""

from collections.abc import Mapping, Sequence
from typing import Literal

from participation.methods.pabulib import Election, Vote
from participation.methods.tally.inputs import Candidate, Profile
from participation.methods.tally.options import GreedyOptions

Grouping = Literal["district", "neighborhood", "category"]

_MISFIT_OF_RULE: Mapping[str, Literal["skip", "stop"]] = {
    "greedy": "skip",
    "greedy-threshold": "skip",
    "greedy-no-skip": "stop",
}


class UnsupportedRuleError(ValueError):
    """The file names a rule, or leaves one unsaid, that cannot be counted from the file alone."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(f"rule {rule!r}: {why}")
        self.rule = rule


def candidates_of(election: Election, *, group_by: Grouping | None = None) -> tuple[Candidate, ...]:
    """The projects of a file, grouped by one of its columns if asked (empty cells: no group)."""
    return tuple(
        Candidate(
            project.id,
            project.cost_cents,
            (getattr(project, group_by) or None) if group_by else None,
        )
        for project in election.projects
    )


def profile_of(election: Election) -> Profile:
    """The ballots of a file. Ordinal ones get points by rank: see `rank_points`."""
    if election.vote_type != "ordinal":
        return Profile.from_ballots((vote.choices, vote.points) for vote in election.votes)
    longest = _length_of_ranking(election)
    return Profile.from_ballots(
        ((vote.choices, _points_by_rank(vote, longest)) for vote in election.votes), ranked=True
    )


def options_of(election: Election, *, lot: Mapping[str, int]) -> GreedyOptions:
    """The options that a file's own `rule`, `vote_type` and threshold stand for.

    A file says nothing of ties: they go to the most votes (when points are counted), then to the
    lowest cost, then to the lot. Raises `UnsupportedRuleError` for a rule other than the three
    plain greedy ones.
    """
    on_misfit = _MISFIT_OF_RULE.get(election.rule)
    if on_misfit is None:
        raise UnsupportedRuleError(election.rule, "not one of " + ", ".join(_MISFIT_OF_RULE))
    threshold = election.meta.get("min_project_score_threshold", "")
    if threshold and not (threshold.isascii() and threshold.isdigit()):
        raise UnsupportedRuleError(election.rule, f"threshold {threshold!r} is not a whole number")
    minimum = int(threshold or 0)
    if election.vote_type in ("cumulative", "scoring", "ordinal"):
        return GreedyOptions(
            lot=lot,
            measure="points",
            on_misfit=on_misfit,
            minimum_points=minimum,
            tie_chain=("higher_votes", "lower_cost", "lot"),
        )
    return GreedyOptions(lot=lot, on_misfit=on_misfit, minimum_votes=max(minimum, 1))


def rank_points(choices: Sequence[str], longest: int) -> tuple[int, ...]:
    """Points of a ranking: `longest` for the first choice, one less for each of the next.

    With three ranks allowed that is 3, 2, 1, as in Kraków.
    """
    return tuple(range(longest, longest - len(choices), -1))


def _points_by_rank(vote: Vote, longest: int) -> tuple[int, ...]:
    return rank_points(vote.choices, longest)


def _length_of_ranking(election: Election) -> int:
    stated = election.meta.get("max_length", "")
    if stated.isascii() and stated.isdigit():
        return int(stated)
    return max((len(vote.choices) for vote in election.votes), default=0)
