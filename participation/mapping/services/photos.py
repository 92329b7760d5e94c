"""Pictures joined to a contribution, in the same transaction as its words."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from participation.core.models import Attachment
from participation.core.services import add_attachment, discard_attachment
from participation.core.verdict import Refused, refuse
from participation.mapping.models import MapContribution
from participation.mapping.services.wishes import Photo, Reply, Wish


def join_photos(row: MapContribution, wish: Wish) -> Wish:
    """Take away the files that go, join those that came; the wish with what was joined.

    Raises `Refused`: those of `core.services.add_attachment`, with the file's name.
    """
    leaving = set(wish.removed)
    for attachment in row.contribution.attachments.filter(pk__in=leaving):
        discard_attachment(attachment=attachment)
    for photo in wish.photos:
        _join(row, photo, photo.alt)
    return replace(wish, replies=tuple(_joined(row, each, leaving) for each in wish.replies))


def _joined(row: MapContribution, reply: Reply, leaving: set[int]) -> Reply:
    match reply.photo:
        case Photo():
            former = row.question_answers.filter(question=reply.question).first()
            if former is not None and former.photo is not None:
                discard_attachment(attachment=former.photo)
            alt = reply.photo.alt or reply.question.label
            return replace(reply, photo=_join(row, reply.photo, alt))
        case Attachment() if reply.photo.pk in leaving:
            return replace(reply, photo=None)
    return reply


def _join(row: MapContribution, photo: Photo, alt: str) -> Attachment:
    try:
        return add_attachment(contribution=row.contribution, upload=photo.file, title=alt, alt=alt)
    except Refused as refusal:
        raise Refused(
            refuse(
                refusal.verdict.codes[0],
                _("“%(file)s”: %(reason)s"),
                file=photo.file.name,
                reason=str(refusal),
            )
        ) from refusal
