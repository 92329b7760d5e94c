"""Effects after commit. They decide nothing; each may run twice without harm."""

from collections.abc import Sequence
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.core import mails
from participation.core.models import Comment, Contribution, Notification, Report, Support

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


def message_id(kind: str, pk: int) -> str:
    """The stable Message-ID of one message: a mail sent twice is one mail for its reader."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{kind}-{pk}@{host}>"


def send(
    *,
    to: str,
    subject: str,
    body: str,
    identity: str,
    headers: dict[str, str] | None = None,
    attachments: Sequence[tuple[str, bytes, str]] = (),
) -> None:
    """Send one plain mail now; `identity` is its Message-ID, `headers` come on top of ours.

    `attachments` are `(file name, content, media type)`.
    """
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[to],
        headers={
            "Message-ID": identity,
            "Date": formatdate(),
            "Auto-Submitted": "auto-generated",
            **(headers or {}),
        },
        attachments=list(attachments),
    ).send()


@app.task(name="core.deliver_notification", queue="mail", retry=_RETRY)
def deliver_notification(notification_id: int) -> None:
    """Mail one notification, once: a worker killed in between resends the same Message-ID."""
    with transaction.atomic():
        notification = (
            Notification.objects.select_for_update(of=("self",), no_key=True)
            .select_related("recipient")
            .filter(pk=notification_id, mailed_at__isnull=True)
            .first()
        )
        if notification is None or not notification.recipient.is_active:
            return
        if notification.recipient.erased_at is not None:
            return
        send(
            to=notification.recipient.email,
            subject=notification.subject,
            body=mails.notification_text(notification),
            identity=message_id("notification", notification.pk),
        )
        notification.mailed_at = timezone.now()
        notification.save(update_fields=["mailed_at"])


@app.task(name="core.acknowledge_report", queue="mail", retry=_RETRY)
def acknowledge_report(report_id: int) -> None:
    """Tell a reporter without account that the notice arrived (DSA article 16, paragraph 4)."""
    report = Report.objects.select_related("contribution", "comment").get(pk=report_id)
    subject, body = mails.report_received(report, language=settings.LANGUAGE_CODE)
    send(
        to=report.reporter_email,
        subject=subject,
        body=mails.letter(body, name=report.reporter_name, language=settings.LANGUAGE_CODE),
        identity=message_id("report-received", report.pk),
    )


@app.task(name="core.tell_report_outcome", queue="mail", retry=_RETRY)
def tell_report_outcome(report_id: int, statement: str) -> None:
    """Tell a reporter without account what was decided (DSA article 16, paragraph 5)."""
    report = Report.objects.select_related("contribution", "comment").get(pk=report_id)
    subject, body = mails.report_assessed(
        report, statement=statement, language=settings.LANGUAGE_CODE
    )
    send(
        to=report.reporter_email,
        subject=subject,
        body=mails.letter(body, name=report.reporter_name, language=settings.LANGUAGE_CODE),
        identity=message_id("report-assessed", report.pk),
    )


@app.task(name="core.recount", queue="counts", retry=_RETRY)
def recount(contribution_id: int) -> None:
    """Recompute the counters of one contribution from its rows; never an increment."""
    with transaction.atomic():
        contribution = (
            Contribution.objects.select_for_update(no_key=True).filter(pk=contribution_id).first()
        )
        if contribution is None:
            return
        contribution.supports_count = Support.objects.filter(contribution=contribution).count()
        contribution.comments_count = (
            Comment.objects.public().filter(contribution=contribution).count()
        )
        contribution.save(update_fields=["supports_count", "comments_count"])
