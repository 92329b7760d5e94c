"""Events that organisations and groups of residents propose, and what is answered to them."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from participation.accounts.models import User
from participation.agenda import policies
from participation.agenda.choices import ProposalState
from participation.agenda.models import EventProposal
from participation.agenda.services.events import EventPlan, create_event
from participation.core import audit
from participation.core.services import notify
from participation.core.verdict import ALLOWED, Verdict, refuse

MAX_WAITING = 10
"""Proposals of one person that wait for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPlan:
    """An event as those who propose it write it."""

    organisation: str
    title: str
    body: str
    wished_dates: str
    place: str = ""
    audience: str = ""


@transaction.atomic
def propose_event(
    *, plan: ProposalPlan, submission_key: uuid.UUID, actor: User, at: datetime.datetime
) -> EventProposal:
    """Send a proposal; the same `submission_key` again gives the same row.

    Codes: `sign_in`, `too_many_waiting`.
    """
    policies.may_propose(user=actor).or_refuse()
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    known = EventProposal.objects.filter(submission_key=submission_key, proposer=actor).first()
    if known is not None:
        return known
    waiting = EventProposal.objects.filter(proposer=actor, state=ProposalState.RECEIVED)
    if waiting.count() >= MAX_WAITING:
        refuse(
            "too_many_waiting",
            _("%(limit)d of your proposals wait for an answer already."),
            limit=MAX_WAITING,
        ).or_refuse()
    row = EventProposal(proposer=actor, submission_key=submission_key, sent_at=at)
    _apply(row, plan)
    row.save()
    audit.record(action="parvis.event.propose", instance=row, actor=actor)
    return row


@transaction.atomic
def correct_proposal(
    *, proposal: EventProposal, plan: ProposalPlan, actor: Any, at: datetime.datetime
) -> EventProposal:
    """Send it again, changed as was asked. Codes: `not_yours`, `not_asked`."""
    row = _locked(proposal)
    policies.may_correct_proposal(proposal=row, user=actor).or_refuse()
    _apply(row, plan)
    row.state, row.sent_at = ProposalState.RECEIVED, at
    row.save()
    audit.record(action="parvis.event.propose", instance=row, actor=actor, again=True)
    return row


@transaction.atomic
def accept_proposal(
    *, proposal: EventProposal, plan: EventPlan, answer: str, actor: Any, at: datetime.datetime
) -> EventProposal:
    """Make a draft event of it, and tell its proposer.

    Codes: `not_allowed`, `already_answered`, and those of `create_event`.
    """
    row = _locked(proposal)
    policies.may_answer_proposal(proposal=row, user=actor).or_refuse()
    row.event = create_event(plan=plan, actor=actor, at=at)
    _answer(row, ProposalState.ACCEPTED, answer, actor, at)
    _tell(
        row,
        lambda: gettext("Your event “%(title)s” is accepted") % {"title": row.title},
        lambda: gettext("The administration prepares it with you."),
        at,
    )
    return row


@transaction.atomic
def ask_for_changes(
    *, proposal: EventProposal, answer: str, actor: Any, at: datetime.datetime
) -> EventProposal:
    """Send it back with what to change. Codes: `not_allowed`, `already_answered`,
    `answer_missing`."""
    row = _locked(proposal)
    verdict = policies.may_answer_proposal(proposal=row, user=actor) & _worded(answer)
    verdict.or_refuse()
    _answer(row, ProposalState.CHANGES, answer, actor, at)
    _tell(
        row,
        lambda: gettext("Changes are asked for your event “%(title)s”") % {"title": row.title},
        lambda: gettext("You can change your proposal and send it again."),
        at,
    )
    return row


@transaction.atomic
def refuse_proposal(
    *, proposal: EventProposal, answer: str, actor: Any, at: datetime.datetime
) -> EventProposal:
    """Refuse it, with the reason. Codes: `not_allowed`, `already_answered`, `answer_missing`."""
    row = _locked(proposal)
    verdict = policies.may_answer_proposal(proposal=row, user=actor) & _worded(answer)
    verdict.or_refuse()
    _answer(row, ProposalState.REFUSED, answer, actor, at)
    _tell(
        row,
        lambda: gettext("Your event “%(title)s” is not accepted") % {"title": row.title},
        lambda: "",
        at,
    )
    return row


def _locked(proposal: EventProposal) -> EventProposal:
    return (
        EventProposal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("proposer")
        .get(pk=proposal.pk)
    )


def _apply(row: EventProposal, plan: ProposalPlan) -> None:
    for each in fields(plan):
        setattr(row, each.name, getattr(plan, each.name).strip())


def _worded(answer: str) -> Verdict:
    if answer.strip():
        return ALLOWED
    return refuse("answer_missing", _("Tell the proposers why."))


def _answer(
    row: EventProposal, state: ProposalState, answer: str, actor: Any, at: datetime.datetime
) -> None:
    row.state, row.answer, row.answered_at = state, answer.strip(), at
    row.save()
    audit.record(action="parvis.event.proposal", instance=row, actor=actor, state=str(state))


def _tell(
    row: EventProposal,
    subject: Callable[[], str],
    sentence: Callable[[], str],
    at: datetime.datetime,
) -> None:
    with override(row.proposer.language):
        words = [part for part in (sentence(), row.answer) if part]
        notify(
            recipient=row.proposer,
            kind="event-proposal",
            key=f"{row.pk}-{row.state}-{at.isoformat()}",
            subject=subject(),
            body="\n\n".join(words),
            path=reverse("agenda:proposal", args=[row.pk]),
            at=at,
            essential=True,
        )
