"""What a page that shows a contribution needs of the spine, in a constant number of queries."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, OuterRef
from django.utils.functional import SimpleLazyObject

from participation.core import policies, queries, registry
from participation.core.forms import CommentForm
from participation.core.models import (
    Activity,
    Attachment,
    Comment,
    Contribution,
    Follow,
    OfficialAnswer,
    Process,
    Support,
)
from participation.core.written import Given, Written

THREADS_PER_PAGE = 30

_KEY = Given("contribution", BigIntegerField())
_ATTACHMENTS = Written(
    lambda: Attachment.objects.filter(contribution=_KEY).order_by("position", "pk")
)
_ANSWERS = Written(
    lambda: (
        OfficialAnswer.objects.filter(contribution=_KEY)
        .select_related("directorate")
        .order_by("-answered_at", "-pk")
    )
)
# Of a visitor, the key is None and equals nobody's.
_OF_USER = {"contribution": OuterRef("pk"), "user": Given("user", BigIntegerField())}
_STANDING = Written(
    lambda: (
        Contribution.objects.filter(pk=_KEY)
        .only("pk")
        .annotate(
            supports_total=Count("supports"),
            supported=Exists(Support.objects.filter(**_OF_USER).order_by()),
            followed=Exists(Follow.objects.filter(**_OF_USER).order_by()),
        )
        .order_by("pk")
    )
)


@dataclass(frozen=True, slots=True)
class ThreadItem:
    """A thread with the form to answer it, for those who may."""

    comment: Comment
    replies: tuple[Comment, ...]
    removed: bool
    reply_form: CommentForm | None


def standing(*, contribution: Contribution, user: Any) -> dict[str, Any]:
    """`supports_total` (their true number), and whether `user` supports and follows; one query."""
    found = _STANDING.first(contribution=contribution.pk, user=user and user.pk)
    names = ("supports_total", "supported", "followed")
    return {name: getattr(found, name) for name in names}


def comment_items(
    *, contribution: Contribution, user: Any, may_comment: bool, page: int = 1
) -> tuple[list[ThreadItem], bool]:
    """One page of threads, and whether there are more; two queries."""
    threads, more = queries.thread_page(
        contribution=contribution,
        viewer=user,
        offset=(page - 1) * THREADS_PER_PAGE,
        limit=THREADS_PER_PAGE,
    )
    items = []
    for thread in threads:
        form = None
        if may_comment and not thread.removed and thread.comment.visibility == "published":
            form = CommentForm(
                initial={"parent": thread.comment.pk}, auto_id=f"id_reply{thread.comment.pk}_%s"
            )
        items.append(ThreadItem(thread.comment, thread.replies, thread.removed, form))
    return items, more


def contribution_parts(
    *, contribution: Contribution, user: Any, at: datetime.datetime
) -> dict[str, Any]:
    """The context of `core/_comments.html`, `_support.html`, `_follow.html`, `_attachments.html`,
    `_answers.html` and `_history.html`.

    `contribution` should come with `activity__process` and `author` selected. Seven queries at
    most for a member, whatever the number of comments.
    """
    answers = _ANSWERS.read(contribution=contribution.pk)
    may_comment, may_support = policies.discussion(contribution=contribution, user=user, at=at)
    comments, more = comment_items(
        contribution=contribution, user=user, may_comment=bool(may_comment)
    )
    stands = standing(contribution=contribution, user=user)
    return {
        "contribution": contribution,
        "comments": comments,
        "more_comments": more,
        "may_comment": may_comment,
        "may_support": may_support,
        "comment_form": CommentForm(auto_id="id_comment_%s"),
        "supported": stands["supported"],
        "supports_total": stands["supports_total"],
        "followed": stands["followed"],
        "subject": contribution,
        "subject_kind": "contribution",
        "attachments": _ATTACHMENTS.read(contribution=contribution.pk),
        "answers": answers,
        # Few pages show it: it is read when one does.
        "history": SimpleLazyObject(
            lambda: queries.history(contribution=contribution, answers=answers)
        ),
        "back": registry.contribution_path(contribution) or "/",
        "announce": False,
    }


def follow_parts(*, subject: Process | Activity, user: Any, back: str) -> dict[str, Any]:
    """The context of `core/_follow.html` on the page `back` of a process or an activity."""
    return {
        "subject": subject,
        "subject_kind": queries.subject_field(subject),
        "followed": queries.following(user=user, subject=subject),
        "back": back,
    }
