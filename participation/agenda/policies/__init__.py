"""Who may do what with the agenda, and why not."""

from participation.agenda.policies.rights import (
    may_endorse,
    may_enter_office,
    may_plan,
    may_run_events,
    may_welcome,
)

__all__ = [
    "may_endorse",
    "may_enter_office",
    "may_plan",
    "may_run_events",
    "may_welcome",
]
