"""Who may do what with the agenda, and why not."""

from participation.agenda.policies.after import (
    may_approve_minutes,
    may_publish_minutes,
    may_record_outcome,
    may_say_satisfaction,
    may_write_minutes,
)
from participation.agenda.policies.live import may_ask, may_enter_heard
from participation.agenda.policies.rights import (
    may_endorse,
    may_enter_office,
    may_plan,
    may_run_events,
    may_welcome,
)

__all__ = [
    "may_approve_minutes",
    "may_ask",
    "may_endorse",
    "may_enter_heard",
    "may_enter_office",
    "may_plan",
    "may_publish_minutes",
    "may_record_outcome",
    "may_run_events",
    "may_say_satisfaction",
    "may_welcome",
    "may_write_minutes",
]
