"""What the urns of the desks add to the box."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from participation.budgets.models import Ballot, Poll, VoidBallot


@dataclass(frozen=True, slots=True)
class Urn:
    """Paper ballots of a poll, valid and void, and why some who were marked left none."""

    ballots: Sequence[Ballot] = ()
    void: Sequence[VoidBallot] = field(default=())
    explanation: str = ""


def urn_of(*, poll: Poll) -> Urn:
    """The paper ballots to count with the online ones; none where no desk was held."""
    return Urn()
