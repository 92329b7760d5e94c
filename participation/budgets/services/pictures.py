"""Pictures that officers publish: decoded and written again, like those of residents."""

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from participation.core import files
from participation.core.verdict import Refused, refuse


def clean_picture(upload: UploadedFile) -> ContentFile:
    """The picture, safe, under a name that only tells its type.

    Raises `Refused`: `file_too_big`, `file_type`, `file_unreadable`.
    """
    safe = files.inspect(upload, upload.size or 0)
    if safe.width is None:
        raise Refused(refuse("file_type", _("Only pictures (JPEG, PNG, WebP) are taken here.")))
    return ContentFile(safe.content, name=f"picture.{safe.suffix}")
