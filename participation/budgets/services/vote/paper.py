"""Mark the roll for a voter at a desk, and cancel a mark. One roll for the web and all desks."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.budgets import policies
from participation.budgets.choices import Channel, JournalKind
from participation.budgets.models import Poll, VoterRecord
from participation.budgets.services.vote.envelopes import envelope_hash
from participation.budgets.services.vote.journal import append
from participation.core import audit
from participation.core.queries import database_now
from participation.core.verdict import Refused, refuse
from participation.electors.choices import PaperPolicy
from participation.electors.models import Elector


@transaction.atomic
def mark_paper(
    *, poll: Poll, voter: Elector, desk_label: str, actor: Any, at: datetime.datetime
) -> VoterRecord:
    """Mark that this elector takes a paper ballot; two desks at once: the second is refused.

    An online ballot of theirs is cancelled when the electorate says that paper prevails. Who may
    hold the desk is asked by the caller. The clock is the database's; `at` says nothing but the
    moment that the caller acts at.

    Raises `Refused`: `not_in_electorate`, `voting_not_open`, `voting_closed`, `already_marked`
    (with `desk`), `already_voted_online`.
    """
    now = _hold(poll)
    if voter.electorate_id != poll.envelope.budget_id:
        raise Refused(
            refuse("not_in_electorate", _("This person is not on the roll of this vote."))
        )
    policies.voting_open(poll=poll, at=now).or_refuse()
    line = VoterRecord.objects.filter(poll=poll, voter=voter).first()
    if line is not None and line.channel == Channel.PAPER:
        raise Refused(
            refuse(
                "already_marked",
                _("This person is already marked, at the desk “%(desk)s”."),
                desk=line.desk,
            )
        )
    if line is not None:
        if voter.electorate.paper_policy == PaperPolicy.FIRST_COUNTS:
            raise Refused(
                refuse(
                    "already_voted_online",
                    _("This person has voted online: that ballot counts, no paper is given."),
                )
            )
        append(
            poll=poll,
            kind=JournalKind.CANCEL,
            payload=envelope_hash(bytes(line.sealed_ballot or b"")),
        )
    VoterRecord.objects.update_or_create(
        poll=poll,
        voter=voter,
        defaults={
            "channel": Channel.PAPER,
            "desk": desk_label,
            "sealed_ballot": None,
            "deposit_code": "",
            "cast_keys": [],
            "cast_digest": "",
            "voted_on": now.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
        },
    )
    append(poll=poll, kind=JournalKind.PAPER)
    audit.record(
        action="parvis.roll.mark",
        instance=poll.envelope,
        actor=actor,
        elector=voter.pk,
        desk=desk_label,
    )
    return VoterRecord.objects.get(poll=poll, voter=voter)


@transaction.atomic
def cancel_paper_mark(
    *,
    poll: Poll,
    voter: Elector,
    desk_label: str,
    reason: str,
    actor: Any,
    at: datetime.datetime,
) -> None:
    """Take a mark back, with its reason: the elector may then vote, at any desk or online.

    An online ballot that the mark cancelled stays cancelled. Raises `Refused`: `reason_missing`,
    `voting_not_open`, `voting_closed`, `not_marked`.
    """
    now = _hold(poll)
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("Say why this mark is cancelled.")))
    policies.voting_open(poll=poll, at=now).or_refuse()
    line = VoterRecord.objects.filter(poll=poll, voter=voter, channel=Channel.PAPER).first()
    if line is None:
        raise Refused(refuse("not_marked", _("This person is not marked at a desk.")))
    VoterRecord.objects.filter(poll=poll, voter=voter).delete()
    append(poll=poll, kind=JournalKind.UNMARK)
    audit.record(
        action="parvis.roll.unmark",
        instance=poll.envelope,
        actor=actor,
        elector=voter.pk,
        desk=desk_label,
        reason=reason.strip(),
    )


def _hold(poll: Poll) -> datetime.datetime:
    """Hold the poll until we commit, so that casts and desks come one by one; the time after."""
    held = (
        Poll.objects.select_for_update(of=("self",), no_key=True)
        .only("closed_at", "opened_at")
        .get(pk=poll.pk)
    )
    poll.closed_at, poll.opened_at = held.closed_at, held.opened_at
    return database_now()
