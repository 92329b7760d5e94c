"""Who may do what with the agenda, and why not."""

from participation.agenda.policies.after import (
    may_approve_minutes,
    may_publish_minutes,
    may_record_outcome,
    may_say_satisfaction,
    may_write_minutes,
)
from participation.agenda.policies.door import may_note_arrivals
from participation.agenda.policies.events import (
    in_time,
    is_somewhere,
    may_cancel,
    may_change,
    may_hold,
    may_move,
    may_postpone,
    may_publish,
    may_reopen,
    may_repeat,
)
from participation.agenda.policies.items import (
    is_said,
    may_announce_item,
    may_change_item,
    may_drop_item,
    may_finish_item,
    may_move_item,
    may_propose_item,
    may_start_item,
    may_still_change,
    may_validate_item,
)
from participation.agenda.policies.live import (
    may_ask,
    may_enter_heard,
)
from participation.agenda.policies.proposals import (
    may_answer_proposal,
    may_correct_proposal,
    may_propose,
)
from participation.agenda.policies.registration import (
    fits_rules,
    may_accept_seat,
    may_change_registration,
    may_register,
    takes_place,
)
from participation.agenda.policies.rights import (
    may_endorse,
    may_enter_office,
    may_plan,
    may_read_needs,
    may_run_events,
    may_welcome,
)

__all__ = [
    "fits_rules",
    "in_time",
    "is_said",
    "is_somewhere",
    "may_accept_seat",
    "may_announce_item",
    "may_answer_proposal",
    "may_approve_minutes",
    "may_ask",
    "may_cancel",
    "may_change",
    "may_change_item",
    "may_change_registration",
    "may_correct_proposal",
    "may_drop_item",
    "may_endorse",
    "may_enter_heard",
    "may_enter_office",
    "may_finish_item",
    "may_hold",
    "may_move",
    "may_move_item",
    "may_note_arrivals",
    "may_plan",
    "may_postpone",
    "may_propose",
    "may_propose_item",
    "may_publish",
    "may_publish_minutes",
    "may_read_needs",
    "may_record_outcome",
    "may_register",
    "may_reopen",
    "may_repeat",
    "may_run_events",
    "may_say_satisfaction",
    "may_start_item",
    "may_still_change",
    "may_validate_item",
    "may_welcome",
    "may_write_minutes",
    "takes_place",
]
