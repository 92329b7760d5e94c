"""The body of a page: every block, grouped by what one wants to say."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.agenda import AgendaBlock, AgendaBoardBlock, MeetingBlock
from cms.blocks.maps import MapBlock, MapFigureBlock, MapListBlock
from cms.blocks.media import DocumentsBlock, PictureBlock, VideoBlock
from cms.blocks.participation import NextDatesBlock, ProcessSummaryBlock
from cms.blocks.text import (
    CallToActionBlock,
    FaqBlock,
    FiguresBlock,
    PeopleBlock,
    QuoteBlock,
    TextBlock,
    TimelineBlock,
)

_TELL, _SHOW, _ACT = _("Tell"), _("Show"), _("Take part")

BODY_BLOCKS = [
    ("text", TextBlock(group=_TELL)),
    ("quote", QuoteBlock(group=_TELL)),
    ("faq", FaqBlock(group=_TELL)),
    ("people", PeopleBlock(group=_TELL)),
    ("image", PictureBlock(group=_SHOW)),
    ("video", VideoBlock(group=_SHOW)),
    ("figures", FiguresBlock(group=_SHOW)),
    ("timeline", TimelineBlock(group=_SHOW)),
    ("documents", DocumentsBlock(group=_SHOW)),
    ("meeting", MeetingBlock(group=_SHOW)),
    ("map_figure", MapFigureBlock(group=_SHOW)),
    ("call_to_action", CallToActionBlock(group=_ACT)),
    ("next_dates", NextDatesBlock(group=_ACT)),
    ("agenda", AgendaBlock(group=_ACT)),
    ("agenda_board", AgendaBoardBlock(group=_ACT)),
    ("process", ProcessSummaryBlock(group=_ACT)),
    ("map", MapBlock(group=_ACT)),
    ("map_contributions", MapListBlock(group=_ACT)),
]


class BodyBlock(blocks.StreamBlock):
    """The stream of a page."""

    def __init__(self, local_blocks: list | None = None, **options: object) -> None:
        super().__init__(local_blocks or BODY_BLOCKS, **options)

    class Meta:
        icon = "doc-full"
