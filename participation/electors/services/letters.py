"""Letters with codes: planned in batches, drawn when printed, redeemed by the voter."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from participation.core.audit import record
from participation.core.dates import date_format
from participation.core.verdict import Refused, Verdict, refuse
from participation.electors import codes, policies, queries
from participation.electors.choices import IdentityKind, Way
from participation.electors.digests import code_digest
from participation.electors.models import (
    Elector,
    Electorate,
    ElectorIdentity,
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
def replace_letter(
    *,
    elector: Elector,
    expires_at: datetime.datetime,
    drops_account: bool,
    actor: Any,
    at: datetime.datetime,
) -> LetterBatch:
    """A batch of one letter for somebody whose letter was lost or stolen; printing it cancels the
    former code and ends the visits that it opened.

    `drops_account`: somebody else used the letter while signed in, so that their account would go
    on voting in this person's name; it is untied, with its mailboxes. What was deposited stays in
    the box until this person votes again.

    Raises `Refused` as `plan_letters`.
    """
    (batch,) = plan_letters(
        electorate=elector.electorate,
        electors=[elector],
        expires_at=expires_at,
        actor=actor,
        at=at,
    )
    if drops_account:
        _drop_account(elector, actor)
    return batch


def _drop_account(elector: Elector, actor: Any) -> None:
    held = (
        Elector.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .get(pk=elector.pk)
    )
    if held.account is None:
        return
    ElectorIdentity.objects.filter(
        elector=held,
        kind=IdentityKind.EMAIL,
        digest__in=queries.mailbox_digests(electorate_id=held.electorate_id, account=held.account),
    ).delete()
    held.account = None
    held.ways = [way for way in held.ways if way != Way.ACCOUNT]
    held.save(update_fields=["account", "ways"])
    record(action="parvis.elector.account_drop", instance=held, actor=actor)


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
    batch.printed_at, batch.printings = held.printed_at, held.printings  # printed on each letter
    record(
        action="parvis.letters.print",
        instance=electorate,
        actor=actor,
        batch=held.rank,
        letters=len(drawn),
    )
    return drawn


@transaction.atomic
def cancel_letter(
    *,
    electorate: Electorate,
    number: str,
    reason: str,
    drops_account: bool,
    actor: Any,
    at: datetime.datetime,
) -> queries.PrintedLetter:
    """One letter that is lost or stolen, named by the number printed on it: its code no longer
    opens the vote, and the visits that it opened end. Another may be printed for the same elector.

    A ballot that was deposited stays in the box: nothing tells who deposited it. `drops_account`
    as in `replace_letter`.

    Raises `Refused`: `not_allowed`, `reason_missing`, `number_malformed`, `letter_unknown`,
    `letter_replaced`, `letter_cancelled`.
    """
    policies.may_run_electorates(user=actor).or_refuse()
    if not reason.strip():
        raise Refused(refuse("reason_missing", _("Say why: the log keeps it.")))
    read = codes.read_letter_number(number)
    if read is None:
        raise Refused(
            refuse(
                "number_malformed",
                _("The number of a letter is three numbers, as 3-17-1: it is at its foot."),
            )
        )
    # Held, so that nobody prints it again or cancels it meanwhile.
    list(LetterBatch.objects.select_for_update().filter(electorate=electorate, rank=read.batch))
    letter = queries.printed_letter(electorate_id=electorate.pk, number=read)
    if letter is None:
        raise Refused(
            refuse("letter_unknown", _("No letter of this vote was printed with this number."))
        )
    if not letter.is_current:
        raise Refused(
            refuse(
                "letter_replaced",
                _("A later letter has replaced this one: its code stopped working then."),
            )
        )
    cancelled = letter.code is not None and VotingCode.objects.filter(
        pk=letter.code.pk, cancelled_at__isnull=True
    ).update(cancelled_at=at)
    if not cancelled:
        raise Refused(
            refuse("letter_cancelled", _("The code of this letter is already cancelled."))
        )
    if drops_account:
        _drop_account(letter.elector, actor)
    record(
        action="parvis.letters.cancel",
        instance=electorate,
        actor=actor,
        letter=str(letter.number),
        reason=reason.strip(),
    )
    return letter


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
        raise Refused(_cancelled(found))
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


def _cancelled(code: VotingCode) -> Verdict:
    is_replaced = VotingCode.objects.filter(
        elector_id=code.elector_id, cancelled_at__isnull=True
    ).exists()
    return refuse(
        "code_cancelled",
        _("A later letter has replaced this code: use the newest one you received.")
        if is_replaced
        else _(
            "This code was cancelled: ask for another letter, or vote at a desk if there is one."
        ),
    )


def _only_one(electorate: Electorate, elector: Elector, account: Any) -> None:
    """Somebody signed in who already counts cannot count again with a letter."""
    if account is None:
        return
    other = Elector.objects.filter(electorate=electorate, account=account).exclude(pk=elector.pk)
    if other.exists():
        raise Refused(Verdict((policies.ALREADY_KNOWN,)))
