"""Cast a ballot: one transaction, one line of the roll with its envelope, one of the journal."""

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from participation.budgets import policies
from participation.budgets.choices import BallotKind
from participation.budgets.models import Poll
from participation.budgets.policies.board import VOTED_ON_PAPER, may_cast
from participation.budgets.queries.casting import Line, line_of
from participation.budgets.services.vote.envelopes import (
    ballot_code,
    deposit_code,
    read_envelope,
    seal,
)
from participation.budgets.services.vote.rule import ballot_verdict
from participation.core.dates import date_format
from participation.core.services import notify
from participation.core.verdict import Refused, refuse
from participation.electors.models import Elector
from participation.electors.queries import elector_of_account, electorate_in_force
from participation.electors.services import enrol_newcomer
from participation.methods.digest import canonical_json

MOST_CASTS = 100
"""How often one person may vote again: no honest hesitation needs more."""

_ATTEMPTS = 5

# The poll's lock lasts until the commit. If the commit waited for the disk, all voters would wait
# for it one after the other: so each waits after it, together (`_make_durable`), for its receipt.
_CAST = """
    SELECT outcome, casts, voted_on, set_config(
        'synchronous_commit', coalesce(%s, current_setting('synchronous_commit')), true
    )
    FROM budgets_cast(%s, %s, %s, %s, %s, %s, %s, %s)
"""
# A commit of its own, which is on the disk only when all that was committed before is there too.
_FLUSH = "SELECT pg_logical_emit_message(true, 'parvis', '')"

_REFUSALS = {
    "voting_closed": policies.VOTING_CLOSED,
    "voting_not_open": policies.VOTING_NOT_OPEN,
    "voted_on_paper": VOTED_ON_PAPER,
    "too_many_casts": _("You have changed your ballot too often to change it again."),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the voter keeps. `recast`: this ballot replaced an earlier one of the same person.

    `ballot_code` is known here only for a ballot sealed on the server, and never stored.
    """

    deposit_code: str
    ballot_code: str | None
    recast: bool
    voted_on: datetime.date


@dataclass(frozen=True, slots=True)
class _Cast:
    """One cast ready to be written. `content` is what the form's key came with.

    `is_whole_transaction`: it commits by itself, and is not part of what a caller commits.
    """

    sealed: bytes
    ballot_code: str | None
    key: str
    content: str
    is_whole_transaction: bool


class _Again(Exception):
    """Another request of the same person came in between: look again."""


def cast_ballot(
    *,
    poll: Poll,
    voter: Elector | None,
    cast_key: uuid.UUID,
    account: Any = None,
    line: Line | None = None,
    choices: Sequence[int] | None = None,
    points: Sequence[int] | None = None,
    envelope: str | None = None,
    word: str = "",
) -> Receipt:
    """Cast or replace a ballot: `choices` (and `points`) to seal here, or a sealed `envelope`.

    `choices` are keys of projects, `points` go with them one by one; their order counts for a
    ranked ballot alone. `envelope` is base64url of what the browser sealed, which nobody reads
    before the close. `cast_key` is the form's own. The clock is the database's.

    Without a `voter`, `account` is enrolled in the electorate in the transaction of its first
    ballot: it becomes an elector and votes, or neither. `line` is the voter's line in the roll
    when it was read just before.

    The same key with the same content gives the same receipt again, however often and however
    close together it is sent; nothing else is stored.

    Raises `Refused`: codes of `policies.board.may_cast` and of `ballot_verdict`;
    `envelope_malformed`; `voting_not_open`, `voting_closed`; `voted_on_paper`; `key_reused` for a
    key that came with another content; `cast_superseded` for a key whose ballot was replaced
    since; `too_many_casts`.
    """
    if (choices is None) == (envelope is None):
        raise ValueError("a cast has either choices or an envelope")
    chosen = None if choices is None else _in_order(poll, choices, points)
    content = (envelope or "").rstrip("=") if chosen is None else canonical_json([*chosen, word])
    key, whole = _digests(poll, cast_key, content)
    for _attempt in range(_ATTEMPTS):
        line = line or line_of(poll=poll, voter=voter)
        if key in line.keys:
            code = None
            if chosen is not None:
                code = ballot_code(poll_id=poll.pk, cast_key=cast_key, word=word)
            _make_durable()
            return _same_receipt(line, key, whole, code)
        verdict = may_cast(poll=poll, voter=voter, account=account, at=line.at)
        if chosen is not None:
            verdict &= ballot_verdict(options=poll.options, choices=chosen[0], points=chosen[1])
        verdict.or_refuse()
        cast = _Cast(
            *_sealed(poll, chosen, envelope, cast_key, word),
            key=key,
            content=whole,
            is_whole_transaction=not connection.in_atomic_block,
        )
        try:
            receipt = _write(poll, voter, account, cast, line)
            _make_durable()
            return receipt
        except _Again:
            line = None
            if voter is None:
                voter = elector_of_account(activity=poll.envelope.budget.activity, account=account)
    raise RuntimeError("a voter's line changed at every attempt")


def _write(poll: Poll, voter: Elector | None, account: Any, cast: _Cast, line: Line) -> Receipt:
    """Write all that the cast is, or nothing; the poll is held for one statement and a commit."""
    receipt = Receipt(
        deposit_code(cast.sealed),
        cast.ballot_code,
        recast=line.casts > 0,
        voted_on=line.at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
    )
    if voter is not None and voter.account is None:
        return _put_in_box(poll, voter, cast, receipt)  # one statement is one transaction
    with transaction.atomic():
        if voter is None:
            voter = _enrolled(poll, account)
        _confirm(poll, voter.account, receipt)
        return _put_in_box(poll, voter, cast, receipt)


def _enrolled(poll: Poll, account: Any) -> Elector:
    """Raises `_Again` when the account, or another of the same mailbox, came in between."""
    electorate = electorate_in_force(activity=poll.envelope.budget.activity)
    try:
        return enrol_newcomer(electorate=electorate, account=account)
    except IntegrityError as error:
        raise _Again from error


def _put_in_box(poll: Poll, voter: Elector, cast: _Cast, receipt: Receipt) -> Receipt:
    """The roll's line and the journal's, in one statement. Last: it takes the poll's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CAST,
            [
                "off" if cast.is_whole_transaction else None,
                poll.pk,
                voter.pk,
                cast.sealed,
                receipt.deposit_code,
                cast.key,
                cast.content,
                settings.TIME_ZONE,
                MOST_CASTS,
            ],
        )
        outcome, _casts, voted_on, _waits = cursor.fetchone()
    if outcome in _REFUSALS:
        raise Refused(refuse(outcome, _REFUSALS[outcome]))
    if outcome == "known":
        raise _Again
    written = replace(receipt, recast=outcome == "recast", voted_on=voted_on)
    if voter.account is not None and written != receipt:
        raise _Again  # the mail, which is undone with the rest, says something else
    return written


def _make_durable() -> None:
    """Wait until all that is committed is on the disk, and on a standby that is waited for.

    No receipt goes out before, not even one read again: its ballot may have been committed just
    now by another request. Within a caller's transaction, the caller's commit does it.
    """
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(_FLUSH)


def _in_order(
    poll: Poll, choices: Sequence[int], points: Sequence[int] | None
) -> tuple[list[int], list[int] | None]:
    """Choices and points as they are sealed: by key, unless the order is the voter's preference."""
    if poll.options["ballot_kind"] == BallotKind.ORDINAL:
        return list(choices), None if points is None else list(points)
    if points is None or len(points) != len(choices):
        return sorted(choices), None if points is None else list(points)
    pairs = sorted(zip(choices, points, strict=True))
    return [choice for choice, _point in pairs], [point for _choice, point in pairs]


def _sealed(
    poll: Poll,
    chosen: tuple[list[int], list[int] | None] | None,
    envelope: str | None,
    cast_key: uuid.UUID,
    word: str,
) -> tuple[bytes, str | None]:
    length = poll.options["padded_length"]
    if chosen is None:
        sealed = read_envelope(envelope or "", length=length)
        if sealed is None:
            raise Refused(
                refuse(
                    "envelope_malformed",
                    _("Your browser did not seal the ballot as it should: please try again."),
                )
            )
        return sealed, None
    code = ballot_code(poll_id=poll.pk, cast_key=cast_key, word=word)
    sealed = seal(
        public_key=bytes(poll.public_key),
        poll_id=poll.pk,
        choices=chosen[0],
        points=chosen[1],
        code=code,
        length=length,
    )
    return sealed, code


def _digests(poll: Poll, cast_key: uuid.UUID, content: str) -> tuple[str, str]:
    """Digests of the key alone and of the key with its content: the key itself is not kept."""
    key = hashlib.sha256(f"parvis-cast-key|{poll.pk}|{cast_key}".encode())
    whole = hashlib.sha256(f"parvis-cast|{poll.pk}|{cast_key}|{content}".encode())
    return key.hexdigest(), whole.hexdigest()


def _same_receipt(line: Line, key: str, whole: str, code: str | None) -> Receipt:
    if line.keys[-1] != key:
        raise Refused(
            refuse(
                "cast_superseded",
                _("This ballot was replaced by a later one of yours: that one counts."),
            )
        )
    if line.content != whole:
        raise Refused(
            refuse(
                "key_reused",
                _(
                    "This form has already been used for another choice, which is kept. "
                    "Open the ballot again to change it."
                ),
            )
        )
    return Receipt(line.deposit_code, code, recast=line.casts > 1, voted_on=line.voted_on)


def _confirm(poll: Poll, account: Any, receipt: Receipt) -> None:
    """A mail with the deposit code and never the choices; its time is the day, no finer."""
    budget = poll.envelope.budget
    midnight = datetime.datetime.combine(
        receipt.voted_on, datetime.time(), ZoneInfo(settings.TIME_ZONE)
    )
    with override(account.language):
        if receipt.recast:
            subject = gettext("Your new ballot replaces the one before")
            body = gettext(
                "Your ballot for “%(envelope)s” (%(budget)s) was replaced on %(day)s. Only the "
                "last one counts. Your deposit code is now %(code)s."
            )
        else:
            subject = gettext("Your ballot is deposited")
            body = gettext(
                "Your ballot for “%(envelope)s” (%(budget)s) was deposited on %(day)s. "
                "Your deposit code is %(code)s."
            )
        body = body % {
            "envelope": poll.envelope.name,
            "budget": budget.activity.title,
            "day": date_format(receipt.voted_on, "DATE_FORMAT"),
            "code": receipt.deposit_code,
        }
        note = gettext(
            "This message does not say what you chose, and nobody can read it before the box is "
            "opened. You may change your ballot until the close. If you did not vote, answer this "
            "message at once."
        )
        notify(
            recipient=account,
            kind="ballot-deposited",
            key=f"{poll.pk}:{receipt.deposit_code}",
            subject=subject,
            body=f"{body}\n\n{note}",
            path=reverse("budgets:vote", args=[budget.activity.slug]),
            at=midnight,
            essential=True,
        )
