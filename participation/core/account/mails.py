"""The last mail to somebody who leaves."""

from django.core.mail import EmailMessage

from participation.core import mails


def farewell(*, address: str, name: str, language: str) -> None:
    """Confirm to an address that its account is gone. Sent at once and stored nowhere."""
    subject, body = mails.render("account_deleted", language=language)
    EmailMessage(
        subject=subject,
        body=mails.letter(body, name=name, language=language),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
