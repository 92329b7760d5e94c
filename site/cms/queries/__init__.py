"""What pages ask of participation and of one another."""

from cms.queries.agenda import BoardColumn, agenda_board, agenda_next
from cms.queries.dates import (
    NextDate,
    OpenPhase,
    calendar,
    next_dates,
    open_now,
    participation_figures,
)
from cms.queries.maps import ShownMap, map_districts, map_figure, shown_map
from cms.queries.pages import (
    latest_news,
    legal_links,
    list_addresses,
    news_of,
    news_territories,
    public_pages,
)
from cms.queries.processes import (
    ActivityItem,
    ProcessCard,
    activities_of,
    activity_item,
    activity_of,
    process_card,
    process_cards,
    process_list,
    process_of,
    state_of,
)
from cms.queries.spine import CARD, front_door, landing, with_pictures

__all__ = [
    "CARD",
    "ActivityItem",
    "BoardColumn",
    "NextDate",
    "OpenPhase",
    "ProcessCard",
    "ShownMap",
    "activities_of",
    "activity_item",
    "activity_of",
    "agenda_board",
    "agenda_next",
    "calendar",
    "front_door",
    "landing",
    "latest_news",
    "legal_links",
    "list_addresses",
    "map_districts",
    "map_figure",
    "news_of",
    "news_territories",
    "next_dates",
    "open_now",
    "participation_figures",
    "process_card",
    "process_cards",
    "process_list",
    "process_of",
    "public_pages",
    "shown_map",
    "state_of",
    "with_pictures",
]
