"""Close the vote: its last line, its signed head, its time stamp."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from participation.budgets import tasks
from participation.budgets.choices import JournalKind
from participation.budgets.models import Poll, SignedHead
from participation.budgets.policies.board import may_close
from participation.budgets.services.vote.journal import append, sign_head
from participation.core import audit
from participation.core.queries import database_now


@transaction.atomic
def close_poll(*, poll: Poll, actor: Any, at: datetime.datetime) -> SignedHead:
    """Close a vote whose dates are over: no ballot enters any more, whatever the dates become.

    The head of its journal is signed now, mailed, and stamped soon after when an authority is
    configured. Raises `Refused` with the codes of `policies.board.may_close`.
    """
    locked = (
        Poll.objects.select_for_update(of=("self",), no_key=True)
        .select_related("board", "envelope__budget__activity__process")
        .get(pk=poll.pk)
    )
    now = database_now()
    may_close(poll=locked, user=actor, at=now).or_refuse()
    append(poll=locked, kind=JournalKind.CLOSE)
    locked.closed_at = now
    locked.save(update_fields=["closed_at"])
    head = sign_head(poll=locked, day=timezone.localdate(now))
    tasks.mail_head.defer(head_id=head.pk)
    if settings.TSA_URL:
        app.configure_task("budgets.stamp_closes", queue="mail").defer()
    audit.record(
        action="parvis.poll.close",
        instance=locked.envelope,
        actor=actor,
        head=locked.journal_head,
        lines=locked.journal_seq,
    )
    poll.closed_at = now
    poll.journal_seq, poll.journal_head = locked.journal_seq, locked.journal_head
    return head
