"""Reads of the spine that span tables."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maps.models import Territory
from participation.core import registry
from participation.core.choices import ModerationMode, Visibility
from participation.core.models import (
    Activity,
    Comment,
    Contribution,
    Follow,
    OfficialAnswer,
    Phase,
    Process,
)
from participation.core.querysets import ContributionQuerySet
from participation.core.written import Among, Given, Written


def database_now() -> datetime.datetime:
    """PostgreSQL's own clock, the same for every web process; aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def database_for_exports() -> str:
    """The replica when there is one: exports read it; acts and "have I voted" never do."""
    return "replica" if "replica" in settings.DATABASES else "default"


def listed_contributions() -> ContributionQuerySet:
    """Published contributions that anyone may come across now, in a search or an index."""
    return Contribution.objects.public().exclude(activity__in=registry.withheld_activities())


def current_phase(*, activity: Activity, at: datetime.datetime) -> Phase | None:
    """The phase of `activity` open at `at`; phases never overlap, so there is at most one."""
    return Phase.objects.at(at).filter(activity=activity).first()


def phases(*, activity: Activity, at: datetime.datetime) -> list[tuple[Phase, str]]:
    """Phases in the order of time, each with `past`, `current` or `future`."""
    in_order = sorted(activity.phases.all(), key=lambda phase: phase.opens_at)
    return [(phase, phase.state_at(at)) for phase in in_order]


def has_verified_email(user: Any) -> bool:
    """Whether this person proved that an address is theirs; no query when they were prefetched."""
    return any(address.verified for address in user.emailaddress_set.all())


def lives_in(*, home_id: int, perimeter: Territory) -> bool:
    """Whether the territory of that key is the perimeter or lies inside it (four levels at most).

    By its key: a boundary is too heavy to load for this.
    """
    if home_id == perimeter.pk:
        return True
    inside = Q()
    for depth in range(1, 5):
        inside |= Q(**{"__".join(["parent"] * depth): perimeter.pk})
    return Territory.objects.filter(inside, pk=home_id).exists()


def visibility_on_submission(process: Process) -> str:
    """What a new text becomes: read before publication, or published at once."""
    if process.moderation == ModerationMode.BEFORE:
        return Visibility.PENDING
    return Visibility.PUBLISHED


def following(*, user: Any, subject: Process | Activity | Contribution) -> bool:
    if not getattr(user, "is_authenticated", False):
        return False
    return Follow.objects.filter(user=user, **{subject_field(subject): subject}).exists()


def subject_field(subject: Any) -> str:
    """The column of `Follow`, `Report` or `ModerationDecision` that points at `subject`."""
    for model, name in (
        (Process, "process"),
        (Activity, "activity"),
        (Contribution, "contribution"),
        (Comment, "comment"),
    ):
        if isinstance(subject, model):
            return name
    raise TypeError(f"{type(subject).__name__} is not a subject of the spine.")


@dataclass(frozen=True, slots=True)
class Thread:
    """A first-level comment and its replies. `removed`: the text may no longer be read."""

    comment: Comment
    replies: tuple[Comment, ...] = ()
    removed: bool = False


def comment_thread(*, contribution: Contribution, viewer: Any = None) -> list[Thread]:
    """All the threads of a contribution that `viewer` may read; see `thread_page`."""
    threads, _more = thread_page(contribution=contribution, viewer=viewer, offset=0, limit=None)
    return threads


def _comments() -> QuerySet[Comment]:
    return (
        Comment.objects.select_related("author")
        .only("parent", "contribution", "body", "visibility", "created_at", "author__public_name")
        .order_by("created_at", "pk")
    )


# Without a viewer, their key is None and equals nobody's.
_READABLE = Q(visibility=Visibility.PUBLISHED) | Q(
    visibility=Visibility.PENDING, author_id=Given("viewer", BigIntegerField())
)
_FIRSTS = Written(
    lambda: _comments().filter(
        _READABLE | Exists(Comment.objects.filter(_READABLE, parent=OuterRef("pk")).order_by()),
        contribution=Given("contribution", BigIntegerField()),
        parent__isnull=True,
    ),
    cut=True,
)
_REPLIES = Written(
    lambda: _comments().filter(
        _READABLE, Among("parent_id", Given("firsts", ArrayField(BigIntegerField())))
    )
)


def thread_page(
    *, contribution: Contribution, viewer: Any, offset: int, limit: int | None
) -> tuple[list[Thread], bool]:
    """Threads oldest first, two levels, and whether more follow; two queries.

    `viewer` also reads their own comments that await moderation. A removed comment stays as
    an empty place while replies that may be read answer it.
    """
    key = getattr(viewer, "pk", None)
    page = _FIRSTS.read(
        viewer=key,
        contribution=contribution.pk,
        limit=None if limit is None else limit + 1,
        offset=offset,
    )
    more = limit is not None and len(page) > limit
    page = page[:limit]
    replies: dict[int | None, list[Comment]] = {}
    for reply in _REPLIES.read(viewer=key, firsts=[comment.pk for comment in page]):
        replies.setdefault(reply.parent_id, []).append(reply)
    return [
        Thread(
            comment,
            tuple(replies.get(comment.pk, ())),
            removed=not _may_be_read(comment, viewer),
        )
        for comment in page
    ], more


def _may_be_read(comment: Comment, viewer: Any) -> bool:
    if comment.visibility == Visibility.PENDING:
        return viewer is not None and viewer.pk is not None and comment.author_id == viewer.pk
    return comment.visibility == Visibility.PUBLISHED


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One public fact of a contribution's life. `kind` is stable, `label` is for people."""

    at: datetime.datetime
    kind: str
    label: Any
    detail: str = field(default="")


def history(
    *, contribution: Contribution, answers: Iterable[OfficialAnswer] | None = None
) -> list[HistoryEntry]:
    """What the public may know of a contribution's life, oldest first.

    `answers` are the official ones, when they have been read already.

    Moderation shows its ground, never the statement addressed to the author.
    """
    entries = []
    if contribution.submitted_at:
        entries.append(
            HistoryEntry(
                contribution.submitted_at, "submitted", pgettext_lazy("history", "Submitted")
            )
        )
    if contribution.published_at:
        entries.append(
            HistoryEntry(
                contribution.published_at, "published", pgettext_lazy("history", "Published")
            )
        )
    for decision in contribution.decisions.all():
        if decision.visibility_after in (Visibility.REJECTED, Visibility.HIDDEN):
            label = _("Withdrawn from publication by moderation")
        elif decision.visibility_before == Visibility.HIDDEN:
            label = _("Published again after moderation")
        else:
            continue
        detail = str(decision.get_ground_display()) if decision.ground else ""
        entries.append(HistoryEntry(decision.decided_at, "moderated", label, detail))
    entries.extend(
        HistoryEntry(
            answer.answered_at, "answered", _("Official answer"), answer.get_status_display()
        )
        for answer in (contribution.answers.all() if answers is None else answers)
    )
    return sorted(entries, key=lambda entry: entry.at)
