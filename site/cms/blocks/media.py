"""Pictures, documents and videos."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from cms.blocks.text import SmallTextBlock
from cms.video import Video, recognise


class PictureBlock(blocks.StructBlock):
    """A picture with its description, or declared decorative."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)
    credit = blocks.CharBlock(
        label=_("Credit"),
        max_length=120,
        required=False,
        help_text=_("Author and licence of the picture."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture with its description and its credit.")
        template = "cms/blocks/picture.html"


class DocumentsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    documents = blocks.ListBlock(DocumentChooserBlock(), label=_("Documents"), min_num=1)

    class Meta:
        icon = "doc-full"
        label = _("Documents to download")
        description = _("Files with their format and size.")
        template = "cms/blocks/documents.html"


class VideoValue(blocks.StructValue):
    @property
    def video(self) -> Video | None:
        """The recognised video; None when its host is no longer on the list."""
        return recognise(self.get("url") or "")


class VideoBlock(blocks.StructBlock):
    """A video elsewhere. Nothing is asked of its host until the visitor agrees."""

    title = blocks.CharBlock(label=_("Title of the video"), max_length=150)
    url = blocks.URLBlock(
        label=_("Address of the video"),
        help_text=_("Its public page on YouTube, Vimeo, Dailymotion or a known PeerTube."),
    )
    transcript = SmallTextBlock(
        label=_("Transcript"),
        required=False,
        help_text=_("The words of the video, for those who can't hear or play it."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if recognise(cleaned["url"]) is None:
            raise StructBlockValidationError(
                block_errors={
                    "url": ValidationError(
                        _(
                            "This host is not on the list: give the https:// address of a video"
                            " on YouTube, Vimeo, Dailymotion or a known PeerTube."
                        )
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("Shown only once the visitor agrees to its host.")
        template = "cms/blocks/video.html"
        value_class = VideoValue
