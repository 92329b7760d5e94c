"""Accounts that nobody uses: warned twice, then emptied (RGPD article 5, paragraph 1, e).

The site promises it on its page about personal data. The warnings are notifications, so that they
are told once and by mail whatever the person chose: without them nothing is ever deleted.
"""

import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from participation.accounts.models import User
from participation.core import audit, mails, services
from participation.core.account.services import empty_member
from participation.core.models import Comment, Contribution, Notification, Support

KEPT = relativedelta(years=2)
FIRST_WARNING = datetime.timedelta(days=60)  # before the end of `KEPT`
SECOND_WARNING = datetime.timedelta(days=15)
_KIND = "account_unused"


def close_unused(*, at: datetime.datetime) -> dict[str, int]:
    """Warn the members who are about to lose their account, and empty those warned long enough.

    Each account is treated in a transaction of its own. Counts of `warned` and `closed`.
    """
    counts = {"warned": 0, "closed": 0}
    unused = _unused(since=at - KEPT + FIRST_WARNING).values_list("pk", flat=True)
    for key in list(unused.order_by("pk")):
        done = _treat(key, at)
        if done:
            counts[done] += 1
    return counts


def _unused(*, since: datetime.datetime) -> QuerySet[User]:
    """Members who neither signed in nor wrote anything since that moment.

    Staff's accounts are closed by whoever runs the site.
    """
    by = {"author": OuterRef("pk"), "created_at__gt": since}
    return (
        User.objects.filter(erased_at=None, is_staff=False, is_superuser=False)
        .annotate(seen_at=Coalesce("last_login", "date_joined"))
        .filter(seen_at__lte=since)
        .exclude(Exists(Contribution.objects.filter(**by)))
        .exclude(Exists(Comment.objects.filter(**by)))
        .exclude(Exists(Support.objects.filter(user=OuterRef("pk"), created_at__gt=since)))
    )


@transaction.atomic
def _treat(key: int, at: datetime.datetime) -> str:
    row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=key)
    seen = row.last_login or row.date_joined
    if row.erased_at is not None or seen > at - KEPT + FIRST_WARNING:
        return ""  # they came back, or left, meanwhile
    due = seen + KEPT
    told = list(
        Notification.objects.filter(recipient=row, kind=_KIND, created_at__gt=seen)
        .order_by("created_at", "pk")
        .values_list("created_at", flat=True)
    )
    if not told:
        _warn(row, number=1, due=max(due, at + FIRST_WARNING), seen=seen, at=at)
        return "warned"
    if len(told) == 1:
        if at < max(due, told[0] + FIRST_WARNING) - SECOND_WARNING:
            return ""
        _warn(row, number=2, due=max(due, at + SECOND_WARNING), seen=seen, at=at)
        return "warned"
    if at < max(due, told[-1] + SECOND_WARNING):
        return ""
    empty_member(user=row, withdraw=False, at=at)
    audit.record(action="parvis.account.expire", instance=row, actor=None)
    return "closed"


def _warn(
    user: User,
    *,
    number: int,
    due: datetime.datetime,
    seen: datetime.datetime,
    at: datetime.datetime,
) -> None:
    subject, body = mails.render(
        "account_unused",
        language=user.language,
        seen_on=timezone.localdate(seen),
        due_on=timezone.localdate(due),
        last=number == 2,
    )
    services.notify(
        recipient=user,
        kind=_KIND,
        key=f"{seen:%Y-%m-%d}/{number}",
        subject=subject,
        body=body,
        path=reverse("space:dashboard"),
        at=at,
        essential=True,
    )
