"""The journal: append a line, sign its head, send the head to who watches."""

import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from participation.budgets import tasks
from participation.budgets.models import Poll, SignedHead
from participation.budgets.services.vote.signing import sign
from participation.budgets.services.vote.timestamps import ask_timestamp
from participation.methods.digest import canonical_json


def append(*, poll: Poll, kind: str, payload: str = "") -> None:
    """Add a line in the caller's transaction, which holds the poll until it commits.

    `poll` gets its new `journal_seq` and `journal_head`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_journalentry (poll_id, kind, payload) VALUES (%s, %s, %s)"
            " RETURNING seq, hash",
            [poll.pk, kind, payload],
        )
        poll.journal_seq, poll.journal_head = cursor.fetchone()


def head_text(*, poll_id: int, day: datetime.date, seq: int, head: str) -> str:
    """What is signed of a head: canonical JSON."""
    return canonical_json(
        {"day": day.isoformat(), "head": head, "poll": poll_id, "seq": seq, "v": "parvis-head-v1"}
    )


@transaction.atomic
def sign_head(*, poll: Poll, day: datetime.date) -> SignedHead:
    """Sign the head of a journal as it is now; the same head of the same day is signed once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_seq, journal_head FROM budgets_poll WHERE envelope_id = %s", [poll.pk]
        )
        seq, head = cursor.fetchone()
    text = head_text(poll_id=poll.pk, day=day, seq=seq, head=head)
    return SignedHead.objects.get_or_create(
        poll=poll, day=day, seq=seq, defaults={"head": head, "signature": sign(text)}
    )[0]


def sign_heads(*, day: datetime.date) -> list[SignedHead]:
    """Sign the heads of all the votes under way, mail them, and stamp what still lacks a stamp.

    A vote is under way from its sealing until its count is signed. Run twice in a day it signs
    only what moved.
    """
    heads = []
    under_way = Poll.objects.filter(journal_seq__gt=0, board__isnull=False).exclude(
        pk__in=SignedHead.objects.filter(
            seq=F("poll__journal_seq"), poll__opened_at__isnull=False
        ).values("poll")
    )
    for poll in under_way.select_related("board").order_by("pk"):
        known = poll.heads.filter(day=day, seq=poll.journal_seq).exists()
        head = sign_head(poll=poll, day=day)
        heads.append(head)
        if not known:
            tasks.mail_head.defer(head_id=head.pk)
    stamp_closes()
    return heads


def stamp_closes() -> int:
    """Ask for the time stamps of the closes that have none yet; how many came."""
    if not settings.TSA_URL:
        return 0
    waiting = SignedHead.objects.filter(
        timestamp_token=None,
        poll__closed_at__isnull=False,
        poll__journal__kind="close",
        poll__journal__seq=F("seq"),
    )
    return sum(stamp_head(head=head) for head in waiting.order_by("pk"))


def stamp_head(*, head: SignedHead) -> bool:
    """Stamp one head; False when the authority does not answer well: the daily task tries again."""
    token = ask_timestamp(
        head_text(poll_id=head.poll_id, day=head.day, seq=head.seq, head=head.head)
    )
    if token is None:
        return False
    return bool(
        SignedHead.objects.filter(pk=head.pk, timestamp_token=None).update(timestamp_token=token)
    )
