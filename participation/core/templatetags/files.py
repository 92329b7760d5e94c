"""Files joined to contributions, for templates."""

from collections.abc import Iterable

from django import template

from participation.core.models import Attachment

register = template.Library()


@register.filter
def of_kind(attachments: Iterable[Attachment], kind: str) -> list[Attachment]:
    """The attachments of one kind: `image` or `document`."""
    return [attachment for attachment in attachments if attachment.kind == kind]


@register.filter
def file_format(attachment: Attachment) -> str:
    """`PDF`, `ODT`…, from the stored name, which we chose."""
    return str(attachment.file.name).rsplit(".", 1)[-1].upper()
