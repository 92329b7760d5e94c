"""Projects with the same result, and what put one before the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class TieStory:
    """Projects that had the same score, and what put one before the other."""

    titles: tuple[str, ...]
    score: int
    sentence: str
    decisive: bool


def tie_stories(result: Mapping[str, Any], titles: Mapping[str, str]) -> list[TieStory]:
    """The ties of a tally that changed who won first, then the others."""
    stories = [
        TieStory(
            titles=tuple(titles.get(str(key), str(key)) for key in tie["candidates"]),
            score=int(tie["score"]),
            sentence=_decided_by(tie["decided_by"]),
            decisive=bool(tie["decisive"]),
        )
        for tie in result.get("ties", ())
    ]
    return sorted(stories, key=lambda story: not story.decisive)


def criteria_in_words(criteria: Sequence[str]) -> str:
    """The criteria of a tie, in their order."""
    return ", ".join(_criterion(criterion) for criterion in dict.fromkeys(criteria))


def _decided_by(criteria: Sequence[str]) -> str:
    return gettext("Settled by %(criteria)s.") % {"criteria": criteria_in_words(criteria)}


def _criterion(criterion: str) -> str:
    words = {
        "higher_votes": gettext("the most votes"),
        "higher_points": gettext("the most points"),
        "lower_cost": gettext("the lowest cost"),
        "higher_cost": gettext("the highest cost"),
        "lot": gettext("a lot drawn before the opening of the vote"),
    }
    return words.get(criterion, criterion)
