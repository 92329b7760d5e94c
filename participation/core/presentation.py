"""What a page that shows a contribution needs of the spine, in a constant number of queries."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef
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

THREADS_PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class ThreadItem:
    """A thread with the form to answer it, for those who may."""

    comment: Comment
    replies: tuple[Comment, ...]
    removed: bool
    reply_form: CommentForm | None


def standing(*, contribution: Contribution, user: Any) -> dict[str, Any]:
    """`supports_total` (their true number), and whether `user` supports and follows; one query."""
    if not getattr(user, "is_authenticated", False):
        total = Support.objects.filter(contribution=contribution).count()
        return {"supports_total": total, "supported": False, "followed": False}
    return dict(
        Contribution.objects.filter(pk=contribution.pk)
        .annotate(
            supports_total=Count("supports"),
            supported=Exists(Support.objects.filter(contribution=OuterRef("pk"), user=user)),
            followed=Exists(Follow.objects.filter(contribution=OuterRef("pk"), user=user)),
        )
        .values("supports_total", "supported", "followed")
        .get()
    )


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
    attachments = Attachment.objects.filter(contribution=contribution).order_by("position", "pk")
    answers = list(
        OfficialAnswer.objects.filter(contribution=contribution)
        .select_related("directorate")
        .order_by("-answered_at", "-pk")
    )
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
        "attachments": list(attachments),
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
