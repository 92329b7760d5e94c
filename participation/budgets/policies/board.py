"""Casting, the board and its keys, closing, opening, destroying: who may, when, and why not."""

import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from participation.budgets.choices import Channel
from participation.budgets.models import (
    Board,
    Budget,
    Poll,
    Revision,
    SetAsideEnvelope,
    VoterRecord,
)
from participation.budgets.policies import may_count, may_run_vote
from participation.core.dates import date_format
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.electors.models import Elector
from participation.electors.networks import waiting_crowds
from participation.electors.policies import admission
from participation.electors.queries import electorate_in_force

_SEALED_FORMERLY = _(
    "This vote was sealed by an earlier version of the site, whose envelopes this one can't open."
)

_NOTHING_SET_ASIDE = _("No envelope of this vote was set aside.")

VOTED_ON_PAPER = _("You have voted on paper at a desk: that ballot counts.")


def may_vote_online(*, record: VoterRecord | None) -> Verdict:
    """Vote online after what one's own line of the roll says. Code: `voted_on_paper`."""
    if record is not None and record.channel == Channel.PAPER:
        return refuse("voted_on_paper", VOTED_ON_PAPER)
    return ALLOWED


def may_cast(
    *, poll: Poll, voter: Elector | None, at: datetime.datetime, account: Any = None
) -> Verdict:
    """Cast a ballot in the name of this elector; the database decides of the hour.

    Without an elector, it is the first ballot of `account`, which becomes one with it.
    Codes: `not_in_electorate`, `sealed_formerly`, those of `electors.policies.admission`.
    """
    activity = poll.envelope.budget.activity
    verdict = ALLOWED
    if voter is not None and voter.electorate_id != activity.pk:
        verdict &= refuse("not_in_electorate", _("You are not on the roll of this vote."))
    if poll.board_id is None:
        verdict &= refuse("sealed_formerly", _SEALED_FORMERLY)
    electorate = electorate_in_force(activity=activity)
    if voter is not None:
        account = voter.account
    return verdict & admission(electorate=electorate, elector=voter, account=account, at=at)


def may_make_board(*, budget: Budget, user: Any) -> Verdict:
    """Hold the ceremony of the keys, or hold it again before any vote is sealed.

    Codes: `not_allowed`, `board_in_use`.
    """
    verdict = may_run_vote(user=user)
    if Poll.objects.filter(board=budget.pk).exists():
        verdict &= refuse(
            "board_in_use", _("Votes of this budget are sealed with these keys: they stay.")
        )
    return verdict


def may_close(*, poll: Poll, user: Any, at: datetime.datetime) -> Verdict:
    """Close the vote for good, after its dates. Codes: those of `may_count`, `already_closed`."""
    verdict = may_count(poll=poll, user=user, at=at)
    if poll.closed_at is not None:
        verdict &= refuse("already_closed", _("The vote is already closed."))
    return verdict


def may_open(*, poll: Poll, user: Any, at: datetime.datetime) -> Verdict:
    """Open the box with two secrets of the board, once, after the close.

    Codes: those of `may_count`, `not_closed`, `sealed_formerly`, `keys_destroyed`,
    `networks_undecided` with `count`.
    """
    verdict = may_count(poll=poll, user=user, at=at)
    if poll.closed_at is None:
        verdict &= refuse("not_closed", _("Close the vote first: its last head is then signed."))
    if poll.board is None:
        return verdict & refuse("sealed_formerly", _SEALED_FORMERLY)
    if poll.board.destroyed_at is not None:
        verdict &= refuse("keys_destroyed", _("The keys of this board are destroyed."))
    crowds = waiting_crowds(electorate_id=poll.envelope.budget_id)
    if crowds:
        verdict &= refuse(
            "networks_undecided",
            ngettext_lazy(
                "%(count)s group of people from one network is to be decided on first, in "
                "“Voters”.",
                "%(count)s groups of people from one network are to be decided on first, in "
                "“Voters”.",
                crowds,
            ),
            count=crowds,
        )
    return verdict


def may_still_need_networks(*, poll: Poll) -> bool:
    """Whether another box of the same budget, not open yet, still needs the digests of networks."""
    others = Poll.objects.filter(envelope__budget=poll.envelope.budget_id, board__isnull=False)
    return others.filter(opened_at=None).exclude(pk=poll.pk).exists()


def may_destroy_keys(*, board: Board, user: Any, at: datetime.datetime) -> Verdict:
    """Destroy the sealed keys once results can no longer be challenged.

    Codes: `not_allowed`, `keys_destroyed`, `not_all_counted`, `results_not_published`,
    `challenge_period` with `day`.
    """
    verdict = may_run_vote(user=user)
    if board.destroyed_at is not None:
        return verdict & refuse("keys_destroyed", _("The keys of this board are destroyed."))
    if board.polls.filter(opened_at=None).exists():
        verdict &= refuse("not_all_counted", _("Some votes of this budget are not counted yet."))
    ends = challenge_ends(board=board)
    if ends is None:
        verdict &= refuse("results_not_published", _("The results are not published yet."))
    elif at < ends:
        verdict &= refuse(
            "challenge_period",
            _("The results can be challenged until %(day)s: the keys are kept until then."),
            day=date_format(localtime(ends), "DATE_FORMAT"),
        )
    return verdict


def may_revise(*, poll: Poll, user: Any, at: datetime.datetime) -> Verdict:
    """Open what was set aside and count again after a judgment, while envelopes and keys exist.

    Codes: `not_allowed`, `nothing_set_aside`, `already_revised`, `keys_destroyed`,
    `results_not_published`, `challenge_over` with `day`.
    """
    verdict = may_run_vote(user=user)
    if Revision.objects.filter(poll=poll).exists():
        return verdict & refuse(
            "already_revised", _("What was set aside in this vote is already opened and counted.")
        )
    if poll.board is None or poll.opened_at is None:
        return verdict & refuse("nothing_set_aside", _NOTHING_SET_ASIDE)
    if poll.board.destroyed_at is not None:
        return verdict & refuse(
            "keys_destroyed",
            _(
                "The keys of this board and the envelopes set aside are destroyed: nobody can "
                "open them any more."
            ),
        )
    if not SetAsideEnvelope.objects.filter(poll=poll).exists():
        verdict &= refuse("nothing_set_aside", _NOTHING_SET_ASIDE)
    ends = challenge_ends(board=poll.board)
    if ends is None:
        verdict &= refuse("results_not_published", _("The results are not published yet."))
    elif at >= ends:
        verdict &= refuse(
            "challenge_over",
            _("The results could be challenged until %(day)s: the result is final."),
            day=date_format(localtime(ends), "DATE_FORMAT"),
        )
    return verdict


def challenge_ends(*, board: Board) -> datetime.datetime | None:
    """When the results can no longer be challenged; None before they are published."""
    published = board.budget.results_published_at
    return None if published is None else published + datetime.timedelta(days=board.challenge_days)
