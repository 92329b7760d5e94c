"""Whether the paper of a vote agrees with its roll."""

from django.utils.translation import gettext_lazy as _

from participation.budgets.models import Budget, Poll
from participation.budgets.queries.paper import paper_balance, paper_balances
from participation.core.verdict import ALLOWED, Verdict, refuse


def paper_is_keyed(*, poll: Poll) -> Verdict:
    """Whether every lot of a poll is accepted. Code: `lots_not_accepted`."""
    pending = paper_balance(poll=poll).pending
    if pending:
        return refuse(
            "lots_not_accepted",
            _("Paper lots that are not accepted yet: %(count)s."),
            count=pending,
        )
    return ALLOWED


def paper_is_explained(*, budget: Budget) -> Verdict:
    """Whether the lots of every poll agree with its roll, or the minutes say why not.

    Code: `paper_not_explained`, for the first poll that does not.
    """
    for balance in paper_balances(budget=budget):
        if not balance.is_settled:
            return refuse(
                "paper_not_explained",
                _(
                    "“%(envelope)s”: %(marks)s people voted on paper and the lots hold "
                    "%(ballots)s ballots. Explain the difference first."
                ),
                envelope=balance.poll.envelope.name,
                marks=balance.marks,
                ballots=balance.ballots,
            )
    return ALLOWED
