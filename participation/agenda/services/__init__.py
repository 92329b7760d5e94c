"""Verbs of the citizen agenda: keyword-only, atomic, audited; each raises `Refused`."""

from participation.agenda.services.heard import enter_heard
from participation.agenda.services.items import (
    PROPOSE,
    Dates,
    ItemContent,
    announce_item,
    change_item,
    create_item,
    drop_item,
    finish_item,
    move_item,
    propose_item,
    start_item,
    validate_item,
)
from participation.agenda.services.live import ask, sort_question
from participation.agenda.services.minutes import (
    approve_minutes,
    correct_minutes,
    finish_action,
    publish_minutes,
    record_outcome,
    remove_outcome,
    write_minutes,
)
from participation.agenda.services.satisfaction import ask_satisfaction, say_satisfaction

__all__ = [
    "LINK_LIFE",
    "PROPOSE",
    "Dates",
    "ItemContent",
    "announce_item",
    "approve_minutes",
    "ask",
    "ask_satisfaction",
    "change_item",
    "correct_minutes",
    "create_item",
    "drop_item",
    "enter_heard",
    "finish_action",
    "finish_item",
    "move_item",
    "propose_item",
    "publish_minutes",
    "record_outcome",
    "remove_outcome",
    "say_satisfaction",
    "sort_question",
    "start_item",
    "validate_item",
    "write_minutes",
]
