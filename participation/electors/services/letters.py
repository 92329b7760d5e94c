"""Letters with codes: planned in batches, drawn when printed, redeemed by the voter."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from participation.core.audit import record
from participation.core.verdict import Refused, Verdict, refuse
from participation.electors import codes, policies, queries
from participation.electors.choices import Way
from participation.electors.digests import code_digest
from participation.electors.models import (
    Elector,
    Electorate,
    LetterBatch,
    LetterRecipient,
    VotingCode,
)
from participation.electors.services.enrolment import attach

BATCH_SIZE = 1_000
MOST_ANONYMOUS = 20_000


def _may_send_letters(electorate: Electorate, actor: Any) -> Verdict:
    verdict = policies.may_run_electorates(user=actor)
    if Way.LETTER not in electorate.ways:
        verdict &= refuse(
            "way_not_accepted",
            _("This vote takes no code by letter: add this way in its settings first."),
        )
    return verdict


@transaction.atomic
def plan_letters(
    *,
    electorate: Electorate,
    expires_at: datetime.datetime,
    actor: Any,
    at: datetime.datetime,
    electors: Sequence[Elector] | None = None,
) -> list[LetterBatch]:
    """Batches for the people of the roll who have an address and no letter yet, by district then
    name; or for these `electors`, whatever they had before.

    Raises `Refused`: `not_allowed`, `way_not_accepted`, `expiry_past`, `nobody_to_write_to`.
    """
    _may_plan(electorate, actor, expires_at, at)
    if electors is None:
        keys = list(queries.without_letter(electorate=electorate).values_list("pk", flat=True))
    else:
        keys = [elector.pk for elector in electors]
    if not keys:
        raise Refused(
            refuse(
                "nobody_to_write_to",
                _("Everybody on the roll who has an address has a letter already."),
            )
        )
    return _batches(electorate, keys, expires_at, actor, at, is_anonymous=False)


@transaction.atomic
def plan_anonymous_letters(
    *,
    electorate: Electorate,
    count: int,
    expires_at: datetime.datetime,
    actor: Any,
    at: datetime.datetime,
) -> list[LetterBatch]:
    """`count` codes without a name, to be put in envelopes or handed out: each is one elector.

    Raises `Refused`: `not_allowed`, `way_not_accepted`, `expiry_past`, `count_impossible`.
    """
    _may_plan(electorate, actor, expires_at, at)
    if not 1 <= count <= MOST_ANONYMOUS:
        raise Refused(
            refuse(
                "count_impossible",
                _("Ask for 1 to %(most)s codes at once."),
                most=MOST_ANONYMOUS,
            )
        )
    electors = Elector.objects.bulk_create(
        [Elector(electorate=electorate, is_on_roll=True) for _number in range(count)],
        batch_size=2000,
    )
    keys = [elector.pk for elector in electors]
    return _batches(electorate, keys, expires_at, actor, at, is_anonymous=True)


def _may_plan(
    electorate: Electorate, actor: Any, expires_at: datetime.datetime, at: datetime.datetime
) -> None:
    verdict = _may_send_letters(electorate, actor)
    if expires_at <= at:
        verdict &= refuse("expiry_past", _("The codes must be valid until a day to come."))
    verdict.or_refuse()


def _batches(
    electorate: Electorate,
    keys: Sequence[int],
    expires_at: datetime.datetime,
    actor: Any,
    at: datetime.datetime,
    *,
    is_anonymous: bool,
) -> list[LetterBatch]:
    # Held, so that two officers who plan at once do not write to the same people twice.
    Electorate.objects.select_for_update(of=("self",), no_key=True).get(pk=electorate.pk)
    last = (
        LetterBatch.objects.filter(electorate=electorate).aggregate(last=Max("rank"))["last"] or 0
    )
    made: list[LetterBatch] = []
    for start in range(0, len(keys), BATCH_SIZE):
        part = keys[start : start + BATCH_SIZE]
        batch = LetterBatch.objects.create(
            electorate=electorate,
            rank=last + len(made) + 1,
            is_anonymous=is_anonymous,
            size=len(part),
            expires_at=expires_at,
            made_by=actor,
            made_at=at,
        )
        LetterRecipient.objects.bulk_create(
            [LetterRecipient(batch=batch, elector_id=key) for key in part]
        )
        made.append(batch)
    record(
        action="parvis.letters.plan",
        instance=electorate,
        actor=actor,
        letters=len(keys),
        batches=len(made),
    )
    return made


@transaction.atomic
def draw_codes(
    *, batch: LetterBatch, actor: Any, at: datetime.datetime
) -> list[tuple[Elector, str]]:
    """Fresh codes for the people of a batch, in its order; those that they had are cancelled.

    The codes are in the answer alone: what is kept cannot be read back.

    Raises `Refused`: `not_allowed`, `way_not_accepted`, `expiry_past`.
    """
    held = LetterBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    electorate = held.electorate
    _may_plan(electorate, actor, held.expires_at, at)
    recipients = (
        LetterRecipient.objects.filter(batch=held)
        .select_related("elector__territory")
        .defer("elector__territory__geometry")
        .order_by("pk")
    )
    electors = [recipient.elector for recipient in recipients]
    VotingCode.objects.filter(
        elector__in=[elector.pk for elector in electors], cancelled_at__isnull=True
    ).update(cancelled_at=at)
    drawn = [(elector, codes.new_code()) for elector in electors]
    VotingCode.objects.bulk_create(
        [
            VotingCode(
                electorate=electorate,
                elector=elector,
                batch=held,
                digest=code_digest(electorate.pk, code),
                expires_at=held.expires_at,
            )
            for elector, code in drawn
        ],
        batch_size=1000,
    )
    held.printed_at = at
    held.printings += 1
    held.save(update_fields=["printed_at", "printings"])
    record(
        action="parvis.letters.print",
        instance=electorate,
        actor=actor,
        batch=held.rank,
        letters=len(drawn),
    )
    return drawn


@transaction.atomic
def redeem(
    *, electorate: Electorate, text: str, at: datetime.datetime, account: Any = None
) -> Elector:
    """The elector to whom a typed code leads. With an account, both are tied together.

    Raises `Refused`: `way_not_accepted`, `code_malformed`, `code_unknown`, `code_cancelled`,
    `code_expired`, `already_known` (the account already counts as somebody else).
    """
    if Way.LETTER not in electorate.ways:
        raise Refused(refuse("way_not_accepted", _("This vote takes no code by letter.")))
    code = codes.read_code(text)
    if code is None:
        raise Refused(
            refuse(
                "code_malformed",
                _(
                    "This code is not written as on a letter: 16 letters and figures in four "
                    "groups. Check it sign by sign."
                ),
            )
        )
    found = (
        VotingCode.objects.select_for_update(of=("self",), no_key=True)
        .filter(electorate=electorate, digest=code_digest(electorate.pk, code))
        .first()
    )
    if found is None:
        raise Refused(
            refuse("code_unknown", _("This code does not belong to this vote. Check it."))
        )
    if found.cancelled_at is not None:
        raise Refused(
            refuse(
                "code_cancelled",
                _("A later letter has replaced this code: use the newest one you received."),
            )
        )
    if found.expires_at <= at:
        raise Refused(
            refuse(
                "code_expired",
                _("This code was valid until %(day)s."),
                day=date_format(localtime(found.expires_at), "DATETIME_FORMAT"),
            )
        )
    elector = Elector.objects.select_for_update(of=("self",), no_key=True).get(pk=found.elector_id)
    _only_one(electorate, elector, account)
    attach(elector=elector, way=Way.LETTER, proofs=(), account=account)
    if not found.was_used:
        found.was_used = True
        found.save(update_fields=["was_used"])
    return elector


def _only_one(electorate: Electorate, elector: Elector, account: Any) -> None:
    """Somebody signed in who already counts cannot count again with a letter."""
    if account is None:
        return
    other = Elector.objects.filter(electorate=electorate, account=account).exclude(pk=elector.pk)
    if other.exists():
        raise Refused(Verdict((policies.ALREADY_KNOWN,)))
