"""How a person leaves the spine: their texts, then their traces."""

from functools import partial

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_noop

from participation.accounts.models import User
from participation.accounts.services import former_member, in_site_language
from participation.core import registry
from participation.core.choices import Visibility
from participation.core.models import (
    Attachment,
    Comment,
    Contribution,
    Follow,
    Notification,
    Report,
)

# Never published: nobody else has read them, so they always go.
_UNPUBLISHED = (Visibility.DRAFT, Visibility.PENDING, Visibility.REJECTED)


def erase_texts(*, user: User, published_too: bool) -> None:
    """Empty unpublished contributions and comments, and published ones when asked.

    Rows stay (ideas, studies and replies point at them) without their words, place and files.
    Supports that others gave them, and answers to them, stay.
    """
    written = Contribution.objects.filter(author=user)
    comments = Comment.objects.filter(author=user)
    if not published_too:
        written = written.filter(visibility__in=_UNPUBLISHED)
        comments = comments.filter(visibility__in=_UNPUBLISHED)
    keys = list(written.order_by("pk").values_list("pk", flat=True))
    _delete_files(keys)
    for instrument in registry.all_instruments():
        if instrument.forget is not None:
            instrument.forget(keys)
    title = in_site_language(gettext_noop("Contribution withdrawn by its author"))
    Contribution.objects.filter(pk__in=keys).update(
        title=title, body="", address="", point=None, territory=None
    )
    Contribution.objects.filter(pk__in=keys).exclude(
        visibility__in=(Visibility.DRAFT, Visibility.REJECTED)
    ).update(visibility=Visibility.WITHDRAWN)
    relabel_log(Contribution, keys, title)

    replies = list(comments.order_by("pk").values_list("pk", flat=True))
    Comment.objects.filter(pk__in=replies).update(body="", visibility=Visibility.WITHDRAWN)
    relabel_log(Comment, replies, in_site_language(gettext_noop("Comment withdrawn by its author")))


def _delete_files(contributions: list[int]) -> None:
    attachments = list(Attachment.objects.filter(contribution__in=contributions).order_by("pk"))
    files = [(each.file.storage, each.file.name) for each in attachments if each.file.name]
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in attachments]).delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))


def erase_traces(*, user: User) -> None:
    """Remove what only served this person: follows, notifications, settings."""
    Follow.objects.filter(user=user).delete()
    Notification.objects.filter(recipient=user).delete()
    Report.objects.filter(reporter=user).update(reporter_name="", reporter_email="")
    Report.objects.filter(reporter_email__iexact=user.email).update(
        reporter_name="", reporter_email=""
    )
    apps.get_model("wagtailusers", "UserProfile").objects.filter(user=user).delete()
    relabel_log(User, [user.pk], former_member())
    _forget_how_known(user)


def _forget_how_known(user: User) -> None:
    """How the office made sure of who somebody was is about them: the audit log forgets it."""
    lines = apps.get_model("wagtailcore", "ModelLogEntry").objects.filter(
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        action="parvis.account.factors",
    )
    for line in lines.order_by("pk"):
        line.data.pop("reason", None)
        line.save(update_fields=["data"])


def relabel_log(model: type[models.Model], keys: list[int], label: str) -> None:
    """The audit log keeps who did what, and forgets the words that named it."""
    log = apps.get_model("wagtailcore", "ModelLogEntry")
    log.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(key) for key in keys],
    ).update(label=label)
