"""What the media library asks about a picture."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):
    """Wagtail's own, which does not say what the description is for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            self.fields["description"].help_text = _(
                "What one sees, for people who don't see it. It is offered as the description"
                " when the picture is placed in the content of a page."
            )
