"""Codes by text message: sent to a number, typed back, forgotten."""

import datetime
import secrets
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.core.verdict import Refused, refuse
from participation.electors import text_messages
from participation.electors.choices import IdentityKind, Way
from participation.electors.digests import identity_digest, keyed_digest
from participation.electors.models import Elector, Electorate, TextCode
from participation.electors.names import mobile_number
from participation.electors.policies import needs_statement
from participation.electors.queries import elector_by_identity
from participation.electors.services.enrolment import Proof, arrive

LIFETIME = datetime.timedelta(minutes=10)
MOST_ATTEMPTS = 5
MOST_PER_NUMBER = 3
MOST_PER_HOUR = 2_000
_HOUR = datetime.timedelta(hours=1)


def send_text_code(*, electorate: Electorate, number: str, at: datetime.datetime) -> TextCode:
    """Send a code of six figures, valid ten minutes, to a mobile number typed by anybody.

    The answer is the same whether the number is known to the vote or not.

    Raises `Refused`: `way_not_accepted`, `number_impossible`, `too_many_texts`,
    `text_not_sent`.
    """
    if Way.SMS not in electorate.ways or not text_messages.is_configured():
        raise Refused(refuse("way_not_accepted", _("This vote sends no code by text message.")))
    written = mobile_number(number)
    if written is None:
        raise Refused(
            refuse(
                "number_impossible",
                _("Give a mobile number that receives text messages, for instance 06 12 34 56 78."),
            )
        )
    phone = identity_digest(electorate.pk, IdentityKind.PHONE, written)
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        # Held, so that what is sent at once is counted one after the other.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [phone])
        _within_limits(electorate, phone, at)
        sent = TextCode.objects.create(
            electorate=electorate,
            phone_digest=phone,
            code_digest=_code_digest(phone, code),
            sent_at=at,
            expires_at=at + LIFETIME,
        )
    text = gettext("%(code)s is your code to vote. It is valid 10 minutes. Give it to nobody.") % {
        "code": code
    }
    try:
        text_messages.send(number=written, text=text)
    except text_messages.NotSent as error:
        raise Refused(
            refuse("text_not_sent", _("The message could not be sent. Try again in a minute."))
        ) from error
    return sent


def _within_limits(electorate: Electorate, phone: str, at: datetime.datetime) -> None:
    recent = TextCode.objects.filter(sent_at__gt=at - _HOUR)
    if (
        recent.filter(phone_digest=phone).count() >= MOST_PER_NUMBER
        or recent.filter(electorate=electorate).count() >= MOST_PER_HOUR
    ):
        raise Refused(
            refuse(
                "too_many_texts", _("Too many codes were asked for. Wait an hour, then try again.")
            )
        )


def check_text_code(
    *, sent_id: int, electorate: Electorate, text: str, at: datetime.datetime, account: Any = None
) -> tuple[Proof, Elector | None]:
    """The proof that a code gives, and the elector known by it.

    None when nobody is known by that number and the vote asks who people are: they state it next.
    Each attempt is counted before it is judged: five at most, however many come at once.

    Raises `Refused`: `text_code_wrong`, `text_code_expired`, `already_known`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE electors_textcode SET attempts = attempts + 1
            WHERE id = %s AND electorate_id = %s AND NOT was_used AND attempts < %s
              AND expires_at > %s
            RETURNING phone_digest, code_digest
            """,
            [sent_id, electorate.pk, MOST_ATTEMPTS, at],
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused(
            refuse("text_code_expired", _("This code is not valid any more: ask for a new one."))
        )
    phone, expected = row
    typed = "".join(sign for sign in text if sign.isdigit())
    if not secrets.compare_digest(_code_digest(phone, typed), expected):
        raise Refused(refuse("text_code_wrong", _("This is not the code that was sent. Check it.")))
    with transaction.atomic():
        TextCode.objects.filter(pk=sent_id).update(was_used=True)
        proof = Proof(IdentityKind.PHONE, phone)
        return proof, admit_proof(electorate=electorate, way=Way.SMS, proof=proof, account=account)


def admit_proof(
    *, electorate: Electorate, way: Way, proof: Proof, account: Any = None
) -> Elector | None:
    """The elector known by a telephone or FranceConnect, or a new one if nothing more is asked."""
    known = elector_by_identity(electorate_id=electorate.pk, kind=proof.kind, digest=proof.digest)
    if known is None and needs_statement(electorate):
        return None
    return arrive(electorate=electorate, way=way, proofs=[proof], account=account)


def _code_digest(phone: str, code: str) -> str:
    return keyed_digest("text-code", phone, code)
