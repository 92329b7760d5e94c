"""Mails of the vote. They decide nothing; each may run twice without harm."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext, override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.budgets.models import SignedHead
from participation.core.dates import date_format
from participation.core.tasks import message_id

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="budgets.mail_head", queue="mail", retry=_RETRY)
def mail_head(head_id: int) -> None:
    """Send a signed head to the members of the board and to its observers.

    Who keeps these mails can prove that no line before them was changed since.
    """
    head = SignedHead.objects.select_related("poll__board", "poll__envelope").get(pk=head_id)
    board = head.poll.board
    if board is None:
        return
    addresses = dict.fromkeys(
        [member.email for member in board.members.order_by("rank") if member.email]
        + board.observers
    )
    with override(settings.LANGUAGE_CODE):
        subject = gettext("Head of the journal of “%(envelope)s”, %(day)s") % {
            "envelope": head.poll.envelope.name,
            "day": date_format(head.day, "DATE_FORMAT"),
        }
        body = gettext(
            "Journal of the vote “%(envelope)s” on %(day)s:\n\n"
            "Lines: %(seq)d\nHead: %(head)s\nSignature (Ed25519): %(signature)s\n\n"
            "Keep this message: it proves what the journal was on that day. The key that checks "
            "the signature is at %(key)s\n"
        ) % {
            "envelope": head.poll.envelope.name,
            "day": date_format(head.day, "DATE_FORMAT"),
            "seq": head.seq,
            "head": head.head,
            "signature": head.signature,
            "key": f"{settings.SITE_URL}/.well-known/parvis-signing-key",
        }
    for place, address in enumerate(addresses):
        EmailMessage(
            subject=subject,
            body=body,
            to=[address],
            headers={
                "Message-ID": message_id(f"head-{place}", head.pk),
                "Auto-Submitted": "auto-generated",
            },
        ).send()
