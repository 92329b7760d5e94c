"""Telling people: a row for the site, a job for the mail, both committed with their cause."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from procrastinate.types import JSONDict

from participation.accounts.models import User
from participation.core import tasks
from participation.core.models import Activity, Contribution, Notification, Process

_BATCH = 1000
_TELL = """
    INSERT INTO core_notification
        (recipient_id, kind, key, contribution_id, subject, body, path, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (recipient_id, kind, key) DO NOTHING RETURNING id
"""


@transaction.atomic(savepoint=False)
def notify(
    *,
    recipient: User,
    kind: str,
    key: str,
    subject: str,
    body: str,
    path: str,
    at: datetime.datetime,
    contribution: Contribution | None = None,
    essential: bool = False,
) -> Notification:
    """Tell one person one fact, once: `(recipient, kind, key)` names the fact.

    `body` is plain text in the recipient's language. The mail goes to those who want
    notifications by mail; an `essential` one (a receipt, a statement of reasons) to all.
    """
    notification = Notification(
        recipient=recipient,
        kind=kind,
        key=key,
        contribution=contribution,
        subject=" ".join(subject.split())[:200],
        body=body,
        path=path,
        created_at=at,
    )
    if not _told(notification):
        return Notification.objects.get(recipient=recipient, kind=kind, key=key)
    if recipient.is_active and (recipient.wants_mail or essential):
        tasks.deliver_notification.defer(notification_id=notification.pk)
    return notification


def _told(notification: Notification) -> bool:
    """Write a notification, unless its fact was told: one statement where Django takes four."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            [
                notification.recipient_id,
                notification.kind,
                notification.key,
                notification.contribution_id,
                notification.subject,
                notification.body,
                notification.path,
                notification.created_at,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    (notification.pk,) = row
    notification._state.adding = False
    return True


def _followers(subject: Process | Activity | Contribution) -> Any:
    match subject:
        case Process():
            follows = Q(follows__process=subject)
        case Activity():
            follows = Q(follows__activity=subject) | Q(follows__process=subject.process_id)
        case _:
            follows = Q(follows__contribution=subject)
    return User.objects.filter(follows, is_active=True).order_by("pk").distinct()


@transaction.atomic
def notify_followers(
    *,
    subject: Process | Activity | Contribution,
    kind: str,
    key: str,
    subject_line: str,
    body: str,
    path: str,
    at: datetime.datetime,
    exclude: Iterable[User] = (),
) -> int:
    """Tell everyone who follows `subject`, once each; the number of people newly told.

    Followers of a process are told about its activities too. Rows and jobs are written in
    batches: 10,000 followers are a few dozen statements.
    """
    told = Notification.objects.filter(kind=kind, key=key).values("recipient_id")
    people = list(
        _followers(subject)
        .exclude(pk__in=[person.pk for person in exclude])
        .exclude(pk__in=told)
        .only("pk", "wants_mail")
    )
    contribution = subject if isinstance(subject, Contribution) else None
    for start in range(0, len(people), _BATCH):
        batch = people[start : start + _BATCH]
        Notification.objects.bulk_create(
            [
                Notification(
                    recipient=person,
                    kind=kind,
                    key=key,
                    contribution=contribution,
                    subject=" ".join(subject_line.split())[:200],
                    body=body,
                    path=path,
                    created_at=at,
                )
                for person in batch
            ],
            ignore_conflicts=True,
        )
        by_mail = Notification.objects.filter(
            kind=kind,
            key=key,
            recipient__in=[person for person in batch if person.wants_mail],
        ).order_by("pk")
        pks = by_mail.values_list("pk", flat=True)
        jobs: list[JSONDict] = [{"notification_id": pk} for pk in pks]
        if jobs:
            tasks.deliver_notification.batch_defer(*jobs)
    return len(people)


def mark_notifications_read(*, user: User, at: datetime.datetime) -> int:
    """Mark all of a person's notifications as read; how many were not."""
    return Notification.objects.filter(recipient=user, read_at__isnull=True).update(read_at=at)
