"""Destroy the sealed keys of a board once results can no longer be challenged."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.budgets.choices import JournalKind
from participation.budgets.models import Board, Poll, SetAsideEnvelope
from participation.budgets.policies.board import may_destroy_keys
from participation.budgets.services.vote.journal import append, sign_head
from participation.budgets.services.vote.minutes import write_destruction_record
from participation.core import audit
from participation.core.queries import database_now


@transaction.atomic
def destroy_keys(*, board: Board, actor: Any, at: datetime.datetime) -> Board:
    """Remove the seals and what was set aside: this server cannot open any copy that is left.

    Each vote's journal gets its last line and its minutes. Backups and the members' sheets are
    destroyed by hand: the minutes have a place for that. Raises `Refused` with the codes of
    `policies.board.may_destroy_keys`.
    """
    locked = (
        Board.objects.select_for_update(of=("self",), no_key=True)
        .select_related("budget__activity")
        .get(pk=board.pk)
    )
    may_destroy_keys(board=locked, user=actor, at=database_now()).or_refuse()
    locked.seals.all().delete()
    locked.destroyed_at = at
    locked.save(update_fields=["destroyed_at"])
    SetAsideEnvelope.objects.filter(poll__board=locked).delete()
    for poll in Poll.objects.filter(board=locked).order_by("pk"):
        append(poll=poll, kind=JournalKind.DESTROY)
        sign_head(poll=poll, day=timezone.localdate(at))
        write_destruction_record(poll=poll, board=locked, actor=actor, at=at)
    audit.record(
        action="parvis.board.destroy",
        instance=locked.budget.activity,
        actor=actor,
        fingerprint=locked.fingerprint,
    )
    board.destroyed_at = at
    return locked
