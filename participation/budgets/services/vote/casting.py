"""Cast a ballot: one transaction, one line of the roll, one sealed envelope in it."""

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from participation.budgets import policies
from participation.budgets.models import Poll, VoterRecord
from participation.budgets.services.vote.envelopes import deposit_code, seal
from participation.budgets.services.vote.rule import ballot_verdict
from participation.core.queries import database_now
from participation.core.services import notify
from participation.core.verdict import Refused, refuse
from participation.electors.models import Elector

MOST_CASTS = 100
"""How often one person may vote again: no honest hesitation needs more."""

# One statement decides who comes first. A key that is already in the line changes nothing.
_CAST = """
    INSERT INTO budgets_voterrecord AS roll
        (poll_id, voter_id, channel, sealed_ballot, deposit_code, cast_keys, cast_digest, casts,
         voted_on)
    VALUES (%(poll)s, %(voter)s, 'web', %(sealed)s, %(code)s, ARRAY[%(key)s]::varchar[],
            %(digest)s, 1, %(day)s)
    ON CONFLICT (poll_id, voter_id) DO UPDATE
        SET sealed_ballot = EXCLUDED.sealed_ballot,
            deposit_code = EXCLUDED.deposit_code,
            cast_keys = roll.cast_keys || EXCLUDED.cast_keys,
            cast_digest = EXCLUDED.cast_digest,
            casts = roll.casts + 1,
            voted_on = EXCLUDED.voted_on
        WHERE roll.channel = 'web'
          AND NOT roll.cast_keys @> EXCLUDED.cast_keys
          AND roll.casts < %(most)s
    RETURNING casts
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the voter keeps. `recast`: this ballot replaced an earlier one of the same person."""

    deposit_code: str
    recast: bool
    voted_on: datetime.date


@transaction.atomic
def cast_ballot(
    *, poll: Poll, voter: Elector, choices: Sequence[int], cast_key: uuid.UUID
) -> Receipt:
    """Cast or replace a ballot. `choices` are keys of projects; `cast_key` is the form's own.

    The clock is the database's. The same key with the same choices gives the same receipt again,
    however often and however close together it is sent; nothing else is stored.

    Raises `Refused`: codes of `policies.may_vote`; `too_few`, `too_many`, `over_budget`,
    `unknown_project`, `repeated_project`; `key_reused` for a key that came with other choices;
    `cast_superseded` for a key whose ballot was replaced since; `too_many_casts`.
    """
    at = _lock(poll)
    key, digest = _digests(poll, cast_key, choices)
    earlier = VoterRecord.objects.filter(poll=poll, voter=voter).first()
    if earlier is not None and key in earlier.cast_keys:
        return _same_receipt(earlier, key, digest)
    verdict = policies.may_vote(poll=poll, elector=voter, account=voter.account, at=at)
    (verdict & ballot_verdict(options=poll.options, choices=choices)).or_refuse()
    sealed = seal(
        public_key=bytes(poll.public_key),
        poll_id=poll.pk,
        choices=choices,
        length=poll.options["padded_length"],
    )
    code = deposit_code(sealed)
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    casts = _write(
        {
            "poll": poll.pk,
            "voter": voter.pk,
            "sealed": sealed,
            "code": code,
            "key": key,
            "digest": digest,
            "day": day,
            "most": MOST_CASTS,
        }
    )
    if casts is None:  # a twin request came first, or this person has voted too often
        return _same_receipt(VoterRecord.objects.get(poll=poll, voter=voter), key, digest)
    receipt = Receipt(code, recast=casts > 1, voted_on=day)
    if voter.account is not None:
        _confirm(poll, voter.account, receipt)
    return receipt


def _write(values: dict[str, Any]) -> int | None:
    """The number of casts of this voter, or None when the line was left as it was.

    The database looks at its clock again: the vote may end between the policy and the insert.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CAST, values)
            row = cursor.fetchone()
    except IntegrityError as error:
        if "the vote is not open" not in str(error):
            raise
        raise Refused(refuse("voting_closed", policies.VOTING_CLOSED)) from error
    return row[0] if row else None


def _lock(poll: Poll) -> datetime.datetime:
    """Hold the poll and its phases as they are until we commit; the database's time, read after.

    The count and a change of dates wait for us; casts do not wait for one another.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opened_at FROM budgets_poll WHERE envelope_id = %s FOR SHARE", [poll.pk]
        )
        (poll.opened_at,) = cursor.fetchone()
        cursor.execute(
            "SELECT id FROM core_phase WHERE activity_id = %s ORDER BY id FOR SHARE",
            [poll.envelope.budget_id],
        )
    return database_now()


def _digests(poll: Poll, cast_key: uuid.UUID, choices: Sequence[int]) -> tuple[str, str]:
    """Digests of the key alone and of the key with its choices: the key itself is not kept."""
    named = ",".join(str(choice) for choice in sorted(choices))
    key = hashlib.sha256(f"parvis-cast-key|{poll.pk}|{cast_key}".encode())
    whole = hashlib.sha256(f"parvis-cast|{poll.pk}|{cast_key}|{named}".encode())
    return key.hexdigest(), whole.hexdigest()


def _same_receipt(record: VoterRecord, key: str, digest: str) -> Receipt:
    if key not in record.cast_keys:
        raise Refused(
            refuse(
                "too_many_casts", _("You have changed your ballot too often to change it again.")
            )
        )
    if record.cast_keys[-1] != key:
        raise Refused(
            refuse(
                "cast_superseded",
                _("This ballot was replaced by a later one of yours: that one counts."),
            )
        )
    if record.cast_digest != digest:
        raise Refused(
            refuse(
                "key_reused",
                _(
                    "This form has already been used for another choice, which is kept. "
                    "Open the ballot again to change it."
                ),
            )
        )
    return Receipt(record.deposit_code, recast=record.casts > 1, voted_on=record.voted_on)


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
