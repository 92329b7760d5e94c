"""Reads of the personal space: one person's rows, in a fixed number of queries per page."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Prefetch, QuerySet

from participation.accounts.models import DataExport, User
from participation.core import registry
from participation.core.choices import Visibility
from participation.core.models import (
    Activity,
    Comment,
    Contribution,
    Follow,
    ModerationDecision,
    Notification,
    Phase,
    Process,
)

_OPEN_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """What awaits a person: counts, newest notifications, activities open to the public now."""

    unread: int
    drafts: list[Contribution]
    pending: int
    latest: list[Notification]
    open_now: list[tuple[Phase, str]]


def waiting(*, user: User, at: datetime.datetime) -> Waiting:
    """For the dashboard, in five queries."""
    mine = Contribution.objects.filter(author=user)
    drafts = mine.filter(visibility=Visibility.DRAFT).select_related("activity__process")
    told = Notification.objects.filter(recipient=user)
    phases = (
        Phase.objects.at(at)
        .filter(
            activity__process__published_at__isnull=False,
            activity__process__cancelled_at__isnull=True,
            step__in=("collect", "decide"),
        )
        .select_related("activity__process")
        .order_by("period", "pk")[:_OPEN_SHOWN]
    )
    return Waiting(
        unread=told.filter(read_at__isnull=True).count(),
        drafts=list(drafts.order_by("-created_at", "-pk")[:3]),
        pending=mine.filter(visibility=Visibility.PENDING).count(),
        latest=list(told.order_by("-created_at", "-pk")[:3]),
        open_now=[(phase, landing(phase.activity)) for phase in phases],
    )


def landing(activity: Activity) -> str:
    """The public page of an activity; empty when its instrument is not installed."""
    instrument = registry.find(activity.kind)
    return instrument.landing(activity) if instrument else ""


def contributions(*, user: User) -> QuerySet[Contribution]:
    """All that a person submitted, drafts first, then latest first, with moderation's reasons."""
    decisions = ModerationDecision.objects.order_by("-decided_at", "-pk")
    return (
        Contribution.objects.filter(author=user)
        .select_related("activity__process", "territory")
        .prefetch_related(Prefetch("decisions", queryset=decisions, to_attr="latest_decisions"))
        .defer("search", "territory__geometry")
        .order_by("-created_at", "-pk")
    )


def comments(*, user: User) -> QuerySet[Comment]:
    return (
        Comment.objects.filter(author=user)
        .select_related("contribution__activity__process")
        .order_by("-created_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """One line of "what I follow". `kind` is what `core:unfollow` takes; `path` may be empty."""

    kind: str
    subject: Process | Activity | Contribution
    title: str
    context: str
    path: str
    since: datetime.datetime


def followed(follow: Follow) -> Followed:
    subject: Process | Activity | Contribution
    if follow.contribution is not None:
        subject = follow.contribution
        context = subject.activity.title
        path = registry.contribution_path(subject)
        kind = "contribution"
    elif follow.activity is not None:
        subject = follow.activity
        context = subject.process.title
        path = landing(subject)
        kind = "activity"
    else:
        assert follow.process is not None  # noqa: S101 -- the table's constraint says so
        subject = follow.process
        context, path, kind = "", "", "process"
    return Followed(kind, subject, subject.title, context, path, follow.created_at)


def follows(*, user: User) -> QuerySet[Follow]:
    return (
        Follow.objects.filter(user=user)
        .select_related("process", "activity__process", "contribution__activity__process")
        .order_by("-created_at", "-pk")
    )


def votes(*, user: User) -> list[dict[str, Any]]:
    """The lines of the rolls in a person's name, as each instrument tells them; never a ballot.

    Each record also gets `day`, the date of the vote.
    """
    return [
        {**record, "day": datetime.date.fromisoformat(record["voted_on"])}
        for instrument in registry.all_instruments()
        for record in instrument.personal_data(user)
        if record.get("type") == "vote"
    ]


def exports(*, user: User, at: datetime.datetime) -> list[DataExport]:
    """Archives asked for less than seven days ago, without their bytes."""
    asked = DataExport.objects.filter(user=user).defer("archive")
    return [export for export in asked if export.expires_at > at]


def has_more_rights(person: User, *, than: Any) -> bool:
    """Whether a person may do something in the back office that somebody else may not."""
    if than.is_superuser:
        return False
    if person.is_superuser or person.get_all_permissions() - than.get_all_permissions():
        return True
    return any(
        not any(right == known and place.startswith(root) for known, root in _placed(than, *where))
        for where in (("GroupPagePermission", "page"), ("GroupCollectionPermission", "collection"))
        for right, place in _placed(person, *where)
    )


def _placed(user: Any, model: str, place: str) -> list[tuple[int, str]]:
    """Rights over a branch of the tree of pages, or of files: (permission, path of its root)."""
    rows = apps.get_model("wagtailcore", model).objects.filter(group__user=user)
    return list(rows.order_by("pk").values_list("permission_id", f"{place}__path"))
