"""Comments: two levels, one row per form."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.accounts.models import User
from participation.core import audit, mails, policies, registry
from participation.core.choices import Visibility
from participation.core.models import Comment, Contribution
from participation.core.queries import visibility_on_submission
from participation.core.services.notifications import notify
from participation.core.services.supports import recount_later
from participation.core.verdict import ALLOWED, Verdict, refuse

MAX_LENGTH = 2000


def _body(text: str) -> Verdict:
    if not text:
        return refuse("body_missing", _("Write your comment."))
    if len(text) > MAX_LENGTH:
        return refuse(
            "body_too_long", _("A comment holds %(limit)d characters at most."), limit=MAX_LENGTH
        )
    return ALLOWED


def _parent(contribution: Contribution, parent: Comment | None) -> Verdict:
    if parent is None:
        return ALLOWED
    if parent.contribution_id != contribution.pk or parent.visibility != Visibility.PUBLISHED:
        return refuse("parent_missing", _("The comment that you answer is no longer there."))
    if parent.parent_id is not None:
        return refuse("reply_too_deep", _("A reply cannot be answered: answer the comment."))
    return ALLOWED


@transaction.atomic
def add_comment(
    *,
    contribution: Contribution,
    author: User,
    body: str,
    parent: Comment | None,
    submission_key: uuid.UUID,
    at: datetime.datetime,
) -> Comment:
    """Add a comment or a reply; the same `submission_key` finds the first comment again.

    It awaits moderation or is public at once, as the process says. Refusals: those of
    `may_comment`, then `body_missing`, `body_too_long`, `parent_missing`, `reply_too_deep`,
    `key_taken`.
    """
    known = _existing(submission_key, author)
    if known is not None:
        return known
    text = body.replace("\r\n", "\n").strip()
    verdict = policies.may_comment(contribution=contribution, user=author, at=at)
    (verdict & _body(text) & _parent(contribution, parent)).or_refuse()
    Comment.objects.bulk_create(
        [
            Comment(
                contribution=contribution,
                parent=parent,
                author=author,
                body=text,
                visibility=visibility_on_submission(contribution.activity.process),
                submission_key=submission_key,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    comment = Comment.objects.select_related("contribution__activity__process").get(
        submission_key=submission_key
    )
    if comment.author_id != author.pk:
        refuse("key_taken", _("This form was already sent by somebody else.")).or_refuse()
    audit.record(action="parvis.comment.add", instance=comment, actor=author)
    recount_later(contribution.pk)
    if comment.visibility == Visibility.PUBLISHED:
        tell_of_comment(comment=comment, at=at)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, actor: Any) -> None:
    """Its author takes a comment back: the replies to it stay, under an empty place.

    Nothing happens when it was withdrawn already. Refusals: those of `may_withdraw_comment`.
    """
    row = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment.pk)
    if row.author_id == actor.pk and row.visibility == Visibility.WITHDRAWN:
        return
    policies.may_withdraw_comment(comment=row, user=actor).or_refuse()
    row.visibility = comment.visibility = Visibility.WITHDRAWN
    row.save(update_fields=["visibility"])
    audit.record(action="parvis.comment.withdraw", instance=row, actor=actor)
    recount_later(row.contribution_id)


def _existing(submission_key: uuid.UUID, author: User) -> Comment | None:
    comment = Comment.objects.filter(submission_key=submission_key).first()
    if comment is not None and comment.author_id != author.pk:
        refuse("key_taken", _("This form was already sent by somebody else.")).or_refuse()
    return comment


def comment_path(comment: Comment) -> str:
    """The address of a comment in the page of its contribution."""
    path = registry.contribution_path(comment.contribution)
    return f"{path}#commentaire-{comment.pk}" if path else ""


def tell_of_comment(*, comment: Comment, at: datetime.datetime) -> None:
    """Tell the author of the contribution and, for a reply, the author of the comment.

    Only people who may read the thread are told, and nobody of their own words.
    """
    recipients: dict[int, tuple[User, str]] = {}
    if comment.contribution.author is not None:
        author = comment.contribution.author
        recipients[author.pk] = (author, "comment_received")
    if comment.parent is not None:
        recipients[comment.parent.author_id] = (comment.parent.author, "reply_received")
    recipients.pop(comment.author_id, None)
    for recipient, template in recipients.values():
        if not policies.may_read(contribution=comment.contribution, user=recipient):
            continue
        subject, body = mails.render(template, language=recipient.language, comment=comment)
        notify(
            recipient=recipient,
            kind="comment",
            key=f"comment-{comment.pk}",
            subject=subject,
            body=body,
            path=comment_path(comment),
            at=at,
            contribution=comment.contribution,
        )
