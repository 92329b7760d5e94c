"""What the urns of the desks add to the box."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from participation.budgets.choices import Channel
from participation.budgets.models import Ballot, Poll, VoidBallot
from participation.budgets.policies.balance import paper_is_keyed
from participation.budgets.queries.paper import accepted_paper_ballots, paper_balance


@dataclass(frozen=True, slots=True)
class Urn:
    """Paper ballots of a poll, valid and void, and why some who were marked left none."""

    ballots: Sequence[Ballot] = ()
    void: Sequence[VoidBallot] = field(default=())
    explanation: str = ""


def urn_of(*, poll: Poll) -> Urn:
    """The paper ballots to count with the online ones: those of accepted lots, all of them.

    Raises `Refused`: `lots_not_accepted` while a lot still is to be keyed or arbitrated.
    """
    paper_is_keyed(poll=poll).or_refuse()
    paper = accepted_paper_ballots(poll=poll)
    explanation = paper_balance(poll=poll).explanation
    return Urn(
        ballots=[
            Ballot(
                poll=poll,
                code=each.code,
                choices=list(each.choices),
                points=None if each.points is None else list(each.points),
                channel=Channel.PAPER,
            )
            for each in paper
            if not each.void_reason
        ],
        void=[
            VoidBallot(poll=poll, code=each.code, reason=each.void_reason, channel=Channel.PAPER)
            for each in paper
            if each.void_reason
        ],
        explanation=explanation.note if explanation else "",
    )
