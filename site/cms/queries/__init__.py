"""What pages ask of participation and of one another."""

from cms.queries.dates import (
    NextDate,
    OpenPhase,
    next_dates,
    open_now,
    participation_figures,
)
from cms.queries.pages import (
    home_lists,
    latest_news,
    legal_links,
    news_of,
    news_territories,
    public_pages,
)
from cms.queries.processes import (
    ActivityItem,
    ProcessCard,
    activities_of,
    activity_item,
    process_card,
    process_cards,
    process_list,
    state_of,
)
from cms.queries.spine import front_door, landing

__all__ = [
    "ActivityItem",
    "NextDate",
    "OpenPhase",
    "ProcessCard",
    "activities_of",
    "activity_item",
    "front_door",
    "home_lists",
    "landing",
    "latest_news",
    "legal_links",
    "news_of",
    "news_territories",
    "next_dates",
    "open_now",
    "participation_figures",
    "process_card",
    "process_cards",
    "process_list",
    "public_pages",
    "state_of",
]
