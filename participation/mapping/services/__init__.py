"""Verbs of participatory maps: keyword-only, atomic, audited; each raises `Refused`."""

from participation.mapping.services.cells import recount_cells_later
from participation.mapping.services.contributions import (
    change_contribution,
    find_by_key,
    forget_contributions,
    keep_draft,
    send_contribution,
    withdraw_contribution,
)
from participation.mapping.services.guests import (
    confirm_guest,
    find_guest,
    forget_unconfirmed,
    send_as_guest,
)
from participation.mapping.services.wishes import Reply, Wish, complete, point_on

__all__ = [
    "Reply",
    "Wish",
    "change_contribution",
    "complete",
    "confirm_guest",
    "find_by_key",
    "find_guest",
    "forget_contributions",
    "forget_unconfirmed",
    "keep_draft",
    "point_on",
    "recount_cells_later",
    "send_as_guest",
    "send_contribution",
    "withdraw_contribution",
]
