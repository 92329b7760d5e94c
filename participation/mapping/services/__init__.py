"""Verbs of participatory maps: keyword-only, atomic, audited; each raises `Refused`."""

from participation.mapping.services.alerts import (
    Watch,
    ask_for_alert,
    circle,
    confirm_alert,
    find_alert,
    forget_alerts,
    forget_unconfirmed_alerts,
    send_digests,
    stop_alert,
    stop_alert_by_link,
)
from participation.mapping.services.contributions import (
    change_contribution,
    find_by_key,
    forget_contributions,
    keep_draft,
    send_contribution,
    withdraw_contribution,
)
from participation.mapping.services.effects import match_alerts_later, recount_cells_later
from participation.mapping.services.guests import (
    LINK_LIFE,
    confirm_guest,
    find_guest,
    forget_guests,
    forget_unconfirmed,
    send_as_guest,
)
from participation.mapping.services.news import tell_followers
from participation.mapping.services.wishes import Photo, Reply, Wish, complete, point_on

__all__ = [
    "LINK_LIFE",
    "Photo",
    "Reply",
    "Watch",
    "Wish",
    "ask_for_alert",
    "change_contribution",
    "circle",
    "complete",
    "confirm_alert",
    "confirm_guest",
    "find_alert",
    "find_by_key",
    "find_guest",
    "forget_alerts",
    "forget_contributions",
    "forget_guests",
    "forget_unconfirmed",
    "forget_unconfirmed_alerts",
    "keep_draft",
    "match_alerts_later",
    "point_on",
    "recount_cells_later",
    "send_as_guest",
    "send_contribution",
    "send_digests",
    "stop_alert",
    "stop_alert_by_link",
    "tell_followers",
    "withdraw_contribution",
]
