"""Who may do what at the desks and with paper ballots, and why not."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import LotState
from participation.budgets.models import PaperLot, Poll, PollingDesk
from participation.budgets.policies import VOTING_NOT_OVER, _holds, _periods, may_run_vote
from participation.budgets.policies.balance import paper_is_keyed
from participation.budgets.queries.paper import paper_balance, pass_of
from participation.core.choices import Step
from participation.core.verdict import ALLOWED, Verdict, refuse

_MERGED = _("The box is open: nothing changes in the paper ballots any more.")


def may_hold_desk(*, user: Any) -> Verdict:
    """See the roll through a desk, mark who votes on paper."""
    return _holds(user, "budgets.hold_desk")


def may_key_paper(*, user: Any) -> Verdict:
    """Key paper ballots after the close."""
    return _holds(user, "budgets.key_paper")


def may_see_paper(*, user: Any) -> Verdict:
    """See the paper screens: to run the vote, or to key ballots."""
    if may_run_vote(user=user) or may_key_paper(user=user):
        return ALLOWED
    return may_run_vote(user=user)


def may_see_desks(*, user: Any) -> Verdict:
    """See the list of desks: one's own, or all of them to run the vote."""
    return ALLOWED if may_hold_desk(user=user) else may_run_vote(user=user)


def may_use_desk(*, desk: PollingDesk, user: Any) -> Verdict:
    """Work at this desk: its own agents only, whoever else holds one.

    Codes: `not_allowed`, `not_your_desk`.
    """
    verdict = may_hold_desk(user=user)
    if verdict and not desk.agents.filter(pk=user.pk).exists():
        verdict &= refuse("not_your_desk", _("You are not one of the agents of this desk."))
    return verdict


def _voting_over(poll: Poll, at: datetime.datetime) -> Verdict:
    phases = _periods(poll.envelope.budget.activity, Step.DECIDE)
    if not phases or any(phase.state_at(at) != "past" for phase in phases):
        return refuse("voting_not_over", VOTING_NOT_OVER)
    return ALLOWED


def _box_not_open(poll: Poll) -> Verdict:
    if poll.opened_at is not None:
        return refuse("already_counted", _MERGED)
    return ALLOWED


def may_make_lots(*, poll: Poll, user: Any, at: datetime.datetime) -> Verdict:
    """Open the urn and make lots: after the close, before the box is opened.

    Codes: `not_allowed`, `voting_not_over`, `already_counted`.
    """
    return may_run_vote(user=user) & _voting_over(poll, at) & _box_not_open(poll)


def may_take_pass(*, lot: PaperLot, user: Any) -> Verdict:
    """Begin to key a lot, or go on.

    Codes: `not_allowed`, `already_counted`, `lot_not_keyed`, `pass_done`, `no_pass_left`.
    """
    verdict = may_key_paper(user=user) & _box_not_open(lot.poll)
    if lot.state != LotState.KEYING:
        return verdict & refuse("lot_not_keyed", _("This lot is not to be keyed any more."))
    number = pass_of(lot=lot, user=user)
    if number is None and lot.first_keyer_id and lot.second_keyer_id:
        verdict &= refuse("no_pass_left", _("Two other agents already key this lot."))
    if (number == 1 and lot.first_is_done) or (number == 2 and lot.second_is_done):
        verdict &= refuse(
            "pass_done", _("You have finished your pass: another agent keys the other one.")
        )
    return verdict


def may_key_in(*, lot: PaperLot, user: Any) -> Verdict:
    """Key, correct or take back ballots of one's own pass. Codes: `not_your_pass` and the above."""
    verdict = may_take_pass(lot=lot, user=user)
    if verdict and pass_of(lot=lot, user=user) is None:
        verdict &= refuse("not_your_pass", _("You have not taken a pass of this lot."))
    return verdict


def may_settle(*, lot: PaperLot, user: Any) -> Verdict:
    """See where the two passes of a lot differ, and settle it: a third person only.

    Codes: `not_allowed`, `already_counted`, `lot_agrees`, `own_lot`.
    """
    verdict = may_see_paper(user=user) & _box_not_open(lot.poll)
    if lot.state != LotState.DIFFERING:
        verdict &= refuse("lot_agrees", _("There is nothing to arbitrate in this lot."))
    if pass_of(lot=lot, user=user) is not None:
        verdict &= refuse(
            "own_lot", _("You have keyed this lot: a third person must arbitrate it.")
        )
    return verdict


def may_explain(*, poll: Poll, user: Any, at: datetime.datetime) -> Verdict:
    """Explain a difference between the roll and the lots.

    Codes: `not_allowed`, `voting_not_over`, `nothing_to_explain`.
    """
    verdict = may_run_vote(user=user) & _voting_over(poll, at)
    if paper_balance(poll=poll).difference == 0:
        verdict &= refuse("nothing_to_explain", _("The lots agree with the roll."))
    return verdict


def may_audit_paper(*, poll: Poll, user: Any) -> Verdict:
    """Draw ballots and compare them with their paper.

    Codes: `not_allowed`, `lots_not_accepted`, `no_paper`.
    """
    verdict = may_run_vote(user=user)
    if paper_balance(poll=poll).ballots == 0:
        verdict &= refuse("no_paper", _("This vote has no paper ballot."))
    return verdict & paper_is_keyed(poll=poll)
