"""Joining pictures and documents to a contribution."""

from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.core import audit, files
from participation.core.choices import AttachmentKind
from participation.core.models import Attachment, Contribution
from participation.core.verdict import refuse

MAX_FILES = 6


@transaction.atomic
def add_attachment(
    *, contribution: Contribution, upload: UploadedFile, title: str, alt: str = ""
) -> Attachment:
    """Keep a picture (re-encoded, without EXIF) or a document (PDF, ODT, DOCX).

    The caller has checked that its author may edit. Refusals: `file_too_big`, `file_type`,
    `file_unreadable`, `too_many_files`.
    """
    safe = files.inspect(upload.open("rb"), upload.size or 0)
    row = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=contribution.pk)
    position = row.attachments.count()
    if position >= MAX_FILES:
        refuse(
            "too_many_files", _("%(limit)d files at most can be joined."), limit=MAX_FILES
        ).or_refuse()
    attachment = Attachment(
        contribution=row,
        kind=AttachmentKind.IMAGE if safe.width else AttachmentKind.DOCUMENT,
        title=(title.strip() or PurePath(upload.name or "").stem or str(_("File")))[:150],
        alt=alt.strip()[:250],
        size=len(safe.content),
        width=safe.width,
        height=safe.height,
        position=position,
    )
    attachment.file.save(f"file.{safe.suffix}", ContentFile(safe.content), save=False)
    attachment.save()
    return attachment


@transaction.atomic
def describe_attachment(*, attachment: Attachment, alt: str, actor: Any) -> None:
    """Say what a picture shows, for people who cannot see it: its author only."""
    if not _is_author(attachment, actor):
        refuse("not_author", _("Only its author may describe this picture.")).or_refuse()
    attachment.alt = alt.strip()[:250]
    attachment.save(update_fields=["alt"])
    audit.record(
        action="parvis.contribution.file_described", instance=attachment.contribution, actor=actor
    )


@transaction.atomic
def remove_attachment(*, attachment: Attachment, actor: Any) -> None:
    """Remove a file: by the author of the contribution, or by a moderator."""
    if not _is_author(attachment, actor) and not actor.has_perm("core.moderate_contribution"):
        refuse("not_author", _("Only its author may remove this file.")).or_refuse()
    discard_attachment(attachment=attachment, actor=actor)


def _is_author(attachment: Attachment, actor: Any) -> bool:
    author = attachment.contribution.author_id
    return author is not None and author == actor.pk


@transaction.atomic
def discard_attachment(*, attachment: Attachment, actor: Any = None) -> None:
    """Remove a file whose remover's right the caller has checked; `actor` is unknown for somebody
    without an account."""
    storage, name = attachment.file.storage, str(attachment.file.name)
    audit.record(
        action="parvis.contribution.file_removed", instance=attachment.contribution, actor=actor
    )
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))
