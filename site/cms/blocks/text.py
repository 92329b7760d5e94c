"""Words: text, quotes, questions, calls to action, people and dates told by hand."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import RichText

from cms.rich_text import FEATURES, SMALL_FEATURES, sanitise


class SafeRichTextBlock(blocks.RichTextBlock):
    """Rich text that is cleaned when it is read and when it is stored."""

    def to_python(self, value: Any) -> RichText:
        return RichText(sanitise(value or ""))

    def normalize(self, value: Any) -> RichText:
        return self.to_python(value.source if isinstance(value, RichText) else value)

    def get_prep_value(self, value: Any) -> str:
        return sanitise(value.source if value else "")


class TextBlock(SafeRichTextBlock):
    """Running text with headings, lists and links."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"features": FEATURES, **options})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs with headings, lists and links.")
        template = "cms/blocks/text.html"


class SmallTextBlock(SafeRichTextBlock):
    """Short text without headings, inside another block."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"features": SMALL_FEATURES, **options})


def is_safe_address(url: str) -> bool:
    """A web address or a path on this site; never `javascript:`, `data:` or `//elsewhere`."""
    return url.startswith(("https://", "http://")) or (
        url.startswith("/") and not url.startswith(("//", "/\\"))
    )


class LinkValue(blocks.StructValue):
    """A link with its address worked out."""

    @property
    def href(self) -> str:
        """Where the link leads; empty when its page is gone or not published."""
        page = self.get("page")
        if page:
            return page.localized.url or "" if page.live else ""
        url = self.get("url") or ""
        return url if is_safe_address(url) else ""


class LinkBlock(blocks.StructBlock):
    """A link to one of our pages or elsewhere, with its words."""

    label = blocks.CharBlock(
        label=_("Words of the link"),
        max_length=80,
        help_text=_("Say what happens: “Submit an idea” rather than “Click here”."),
    )
    page = blocks.PageChooserBlock(label=_("Page of this site"), required=False)
    url = blocks.CharBlock(
        label=_("Or address"),
        required=False,
        max_length=500,
        help_text=_("An address that starts with https:// or, on this site, with /."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        url = (cleaned.get("url") or "").strip()
        if bool(cleaned.get("page")) == bool(url):
            raise StructBlockValidationError(
                block_errors={
                    "page": ValidationError(
                        _("Choose a page, or write an address: one of the two.")
                    )
                }
            )
        if url and not is_safe_address(url):
            raise StructBlockValidationError(
                block_errors={
                    "url": ValidationError(
                        _("The address starts with https://, http:// or a single /.")
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quotation"), rows=3, max_length=600)
    author = blocks.CharBlock(label=_("Who said it"), max_length=120, required=False)
    role = blocks.CharBlock(label=_("In what capacity"), max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        description = _("Someone's words, with their name.")
        template = "cms/blocks/quote.html"


class FigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(
        label=_("Figure"), max_length=20, help_text=_("For instance: 8 million €")
    )
    label = blocks.CharBlock(label=_("What it counts"), max_length=80)


class FiguresBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    figures = blocks.ListBlock(FigureBlock(), label=_("Figures"), min_num=1, max_num=6)

    class Meta:
        icon = "order"
        label = _("Key figures")
        description = _("One to six figures, each with what it counts.")
        template = "cms/blocks/figures.html"


class CallToActionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), rows=2, max_length=400, required=False)
    link = LinkBlock(label=_("Button"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        description = _("A heading and one button that invites to act.")
        template = "cms/blocks/call_to_action.html"


class PersonBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Name"), max_length=120)
    role = blocks.CharBlock(label=_("Function"), max_length=160, required=False)
    photo = ImageBlock(label=_("Photograph"), required=False)
    email = blocks.EmailBlock(label=_("E-mail address"), required=False)


class PeopleBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    people = blocks.ListBlock(PersonBlock(), label=_("People"), min_num=1)

    class Meta:
        icon = "group"
        label = _("People")
        description = _("Faces, names and functions.")
        template = "cms/blocks/people.html"


class MilestoneBlock(blocks.StructBlock):
    date = blocks.CharBlock(
        label=_("Date"), max_length=60, help_text=_("As it should read: “March 2026”.")
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), rows=2, max_length=600, required=False)


class TimelineBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    milestones = blocks.ListBlock(MilestoneBlock(), label=_("Milestones"), min_num=1)

    class Meta:
        icon = "history"
        label = _("Timeline")
        description = _("Milestones in order, with their dates.")
        template = "cms/blocks/timeline.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = SmallTextBlock(label=_("Answer"))


class FaqBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Questions that unfold on their answers.")
        template = "cms/blocks/faq.html"
