"""Verbs of the citizen agenda: keyword-only, atomic, audited; each raises `Refused`."""

from participation.agenda.services.heard import enter_heard
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
    "approve_minutes",
    "ask",
    "ask_satisfaction",
    "correct_minutes",
    "enter_heard",
    "finish_action",
    "publish_minutes",
    "record_outcome",
    "remove_outcome",
    "say_satisfaction",
    "sort_question",
    "write_minutes",
]
