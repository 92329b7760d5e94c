"""The blocks that pages are written with. There is no raw HTML block."""

from cms.blocks.agenda import AgendaBlock, AgendaBoardBlock, MeetingBlock
from cms.blocks.body import BODY_BLOCKS, BodyBlock
from cms.blocks.maps import MapBlock, MapFigureBlock, MapListBlock
from cms.blocks.media import DocumentsBlock, PictureBlock, VideoBlock
from cms.blocks.participation import NextDatesBlock, ProcessSummaryBlock
from cms.blocks.text import (
    CallToActionBlock,
    FaqBlock,
    FigureBlock,
    FiguresBlock,
    LinkBlock,
    PeopleBlock,
    QuoteBlock,
    SafeRichTextBlock,
    TextBlock,
    TimelineBlock,
)

__all__ = [
    "BODY_BLOCKS",
    "AgendaBlock",
    "AgendaBoardBlock",
    "BodyBlock",
    "CallToActionBlock",
    "DocumentsBlock",
    "FaqBlock",
    "FigureBlock",
    "FiguresBlock",
    "LinkBlock",
    "MapBlock",
    "MapFigureBlock",
    "MapListBlock",
    "MeetingBlock",
    "NextDatesBlock",
    "PeopleBlock",
    "PictureBlock",
    "ProcessSummaryBlock",
    "QuoteBlock",
    "SafeRichTextBlock",
    "TextBlock",
    "TimelineBlock",
    "VideoBlock",
]
