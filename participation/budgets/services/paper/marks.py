"""Desks, and the people who vote on paper at them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import Channel
from participation.budgets.models import Budget, Poll, PollingDesk, VoterRecord
from participation.budgets.policies import may_run_vote
from participation.budgets.policies import paper as policies
from participation.budgets.services.vote import cancel_paper_mark, mark_paper
from participation.core import audit
from participation.core.dates import date_format
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.electors.choices import PaperPolicy, Way
from participation.electors.models import Elector
from participation.electors.policies import admission
from participation.electors.services import mark_way


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """What an officer says of a desk."""

    name: str
    place: str
    agents: Sequence[Any]


@transaction.atomic
def save_desk(
    *, budget: Budget, plan: DeskPlan, actor: Any, desk: PollingDesk | None = None
) -> PollingDesk:
    """Create a desk or change it. Its name no longer changes once somebody was marked there: the
    roll bears it.

    Raises `Refused`: codes of `policies.may_run_vote`, `desk_name_taken`, `desk_name_on_roll`.
    """
    verdict = may_run_vote(user=actor)
    named = PollingDesk.objects.filter(budget=budget, name=plan.name)
    if desk is not None:
        named = named.exclude(pk=desk.pk)
    if named.exists():
        verdict &= refuse("desk_name_taken", _("This budget already has a desk of this name."))
    if desk is not None and desk.name != plan.name and _is_on_the_roll(desk):
        verdict &= refuse(
            "desk_name_on_roll",
            _("People have voted at this desk: its name is on the roll and stays."),
        )
    verdict.or_refuse()
    saved = desk or PollingDesk(budget=budget)
    saved.name, saved.place = plan.name, plan.place
    saved.save()
    saved.agents.set(plan.agents)
    audit.record(
        action="parvis.desk.save",
        instance=budget.activity,
        actor=actor,
        desk=saved.name,
        agents=sorted(agent.pk for agent in plan.agents),
    )
    return saved


def _is_on_the_roll(desk: PollingDesk) -> bool:
    return VoterRecord.objects.filter(
        poll__envelope__budget=desk.budget, channel=Channel.PAPER, desk=desk.name
    ).exists()


@transaction.atomic
def hand_ballots(
    *,
    desk: PollingDesk,
    voter: Elector,
    polls: Sequence[Poll],
    actor: Any,
    at: datetime.datetime,
) -> None:
    """Mark a person as voting on paper in these votes, all or none: a ballot of each is handed.

    Two desks at once: the second is told at which desk the person was marked, and when.

    Raises `Refused`: codes of `policies.may_use_desk`, of `electors.policies.admission` and of
    `mark_paper`, `no_vote_chosen`, `other_electorate`, `voted_on_paper`, `voted_online`.
    """
    verdict = policies.may_use_desk(desk=desk, user=actor)
    if not polls:
        verdict &= refuse("no_vote_chosen", _("Choose at least one vote."))
    if voter.electorate_id != desk.budget_id or any(
        poll.envelope.budget_id != desk.budget_id for poll in polls
    ):
        verdict &= refuse("other_electorate", _("This person belongs to another roll."))
    verdict.or_refuse()
    mark_way(elector=voter, way=Way.DESK)
    admission(electorate=voter.electorate, elector=voter, account=None, at=at).or_refuse()
    # Always in the same order: two desks never wait for each other.
    for poll in sorted(polls, key=lambda each: each.pk):
        Poll.objects.select_for_update(no_key=True).get(pk=poll.pk)
        _not_yet(poll, voter).or_refuse()
        mark_paper(poll=poll, voter=voter, desk_label=desk.name, actor=actor, at=at)


def _not_yet(poll: Poll, voter: Elector) -> Verdict:
    """Whether the paper policy lets this person take a ballot, by what the roll says now."""
    record = VoterRecord.objects.filter(poll=poll, voter=voter).first()
    if record is None:
        return ALLOWED
    words = {
        "envelope": poll.envelope.name,
        "day": date_format(record.voted_on, "DATE_FORMAT"),
        "desk": record.desk,
    }
    if record.channel == Channel.PAPER:
        return refuse(
            "voted_on_paper",
            _(
                "“%(envelope)s”: this person already took a paper ballot on %(day)s, at the desk "
                "“%(desk)s”. Give no other one."
            ),
            **words,
        )
    if voter.electorate.paper_policy == PaperPolicy.FIRST_COUNTS:
        return refuse(
            "voted_online",
            _(
                "“%(envelope)s”: this person already voted online on %(day)s, and the regulation "
                "says that this vote stays. Give no paper ballot."
            ),
            **words,
        )
    return ALLOWED


@transaction.atomic
def take_back_ballot(
    *,
    desk: PollingDesk,
    poll: Poll,
    voter: Elector,
    reason: str,
    actor: Any,
    at: datetime.datetime,
) -> None:
    """Cancel the mark of a person who gives the paper ballot back without having dropped it.

    Raises `Refused`: codes of `policies.may_use_desk` and of `cancel_paper_mark`,
    `other_electorate`, `reason_missing`.
    """
    verdict = policies.may_use_desk(desk=desk, user=actor)
    if voter.electorate_id != desk.budget_id or poll.envelope.budget_id != desk.budget_id:
        verdict &= refuse("other_electorate", _("This person belongs to another roll."))
    if not reason.strip():
        verdict &= refuse("reason_missing", _("Say why: the reason is kept."))
    verdict.or_refuse()
    cancel_paper_mark(
        poll=poll,
        voter=voter,
        desk_label=desk.name,
        reason=reason.strip(),
        actor=actor,
        at=at,
    )
