"""Votes: the polls of a budget, turnout."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from participation.budgets.models import Budget, Poll, VoterRecord


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many people are on the roll of a poll."""

    poll: Poll
    voters: int


def polls(*, budget: Budget) -> QuerySet[Poll]:
    """The sealed votes of a budget in the order of their envelopes, ready for the policies."""
    return (
        Poll.objects.filter(envelope__budget=budget)
        .select_related("envelope__territory", "envelope__budget__activity__process__perimeter")
        .prefetch_related("envelope__budget__activity__phases")
        .order_by("envelope__position", "envelope")
    )


def voters_by_poll(*, budget: Budget) -> dict[int, int]:
    """Number of people on the roll of each poll of a budget."""
    rows = (
        VoterRecord.objects.filter(poll__envelope__budget=budget)
        .order_by()
        .values("poll_id")
        .annotate(voters=Count("voter_id"))
    )
    return {row["poll_id"]: row["voters"] for row in rows}


def roll_of(*, poll: Poll) -> list[tuple[Any, int]]:
    """(day, number of people whose last ballot is of that day), in the order of days."""
    rows = (
        VoterRecord.objects.filter(poll=poll)
        .order_by("voted_on")
        .values("voted_on")
        .annotate(voters=Count("voter_id"))
    )
    return [(row["voted_on"], row["voters"]) for row in rows]
