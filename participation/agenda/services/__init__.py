"""Verbs of the citizen agenda: keyword-only, atomic, audited; each raises `Refused`."""

from participation.agenda.services.desk import add_by_staff, cancel_by_staff, give_kept_seat
from participation.agenda.services.door import (
    check_in,
    count_heads,
    remove_walk_in,
    undo_check_in,
    walk_in,
)
from participation.agenda.services.heard import enter_heard
from participation.agenda.services.items import (
    Dates,
    ItemContent,
    announce_item,
    change_item,
    create_item,
    drop_item,
    finish_item,
    last_hand,
    move_item,
    propose_item,
    start_item,
    validate_item,
)
from participation.agenda.services.leaving import forget_old_registrations, leave
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
from participation.agenda.services.registration import (
    LINK_LIFE,
    accept_offer,
    cancel_registration,
    change_seats,
    confirm_registration,
    end_offers,
    forget_unconfirmed_registrations,
    register,
    register_guest,
)
from participation.agenda.services.reminders import send_reminders
from participation.agenda.services.satisfaction import ask_satisfaction, say_satisfaction
from participation.agenda.services.seating import Party

__all__ = [
    "LINK_LIFE",
    "Dates",
    "ItemContent",
    "Party",
    "accept_offer",
    "add_by_staff",
    "announce_item",
    "approve_minutes",
    "ask",
    "ask_satisfaction",
    "cancel_by_staff",
    "cancel_registration",
    "change_item",
    "change_seats",
    "check_in",
    "confirm_registration",
    "correct_minutes",
    "count_heads",
    "create_item",
    "drop_item",
    "end_offers",
    "enter_heard",
    "finish_action",
    "finish_item",
    "forget_old_registrations",
    "forget_unconfirmed_registrations",
    "give_kept_seat",
    "last_hand",
    "leave",
    "move_item",
    "propose_item",
    "publish_minutes",
    "record_outcome",
    "register",
    "register_guest",
    "remove_outcome",
    "remove_walk_in",
    "say_satisfaction",
    "send_reminders",
    "sort_question",
    "start_item",
    "undo_check_in",
    "validate_item",
    "walk_in",
    "write_minutes",
]
