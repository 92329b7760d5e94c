"""The words of mails: `templates/emails/<name>.txt`, subject on the first line.

Every text is rendered in its reader's language, as plain text.
"""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from participation.accounts.naming import site_name
from participation.core.models import Notification, Report


def render(name: str, *, language: str, **context: Any) -> tuple[str, str]:
    """`(subject, body)` of the mail `name` in `language`.

    The template's first line is the subject; the rest, after a blank line, is the body.
    """
    with translation.override(language):
        text = render_to_string(f"emails/{name}.txt", context)
    subject, _, body = text.strip().partition("\n")
    return " ".join(subject.split()), body.strip()


def absolute(path: str) -> str:
    """A full address of this site for a path."""
    return f"{settings.SITE_URL.rstrip('/')}{path}" if path else ""


def letter(body: str, *, name: str, language: str, path: str = "", member: bool = False) -> str:
    """The whole text of a mail: greeting, message, link, signature."""
    with translation.override(language):
        text = render_to_string(
            "emails/letter.txt",
            {
                "body": body,
                "name": name,
                "link": absolute(path),
                "site": site_name(),
                "site_url": settings.SITE_URL,
                "member": member,
            },
        )
    return text.strip() + "\n"


def notification_text(notification: Notification) -> str:
    return letter(
        notification.body,
        name=notification.recipient.public_name,
        language=notification.recipient.language,
        path=notification.path,
        member=True,
    )


def report_received(report: Report, *, language: str) -> tuple[str, str]:
    return render("report_received", language=language, report=report)


def report_assessed(report: Report, *, statement: str, language: str) -> tuple[str, str]:
    return render("report_assessed", language=language, report=report, statement=statement)
