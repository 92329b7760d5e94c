"""The life of an event: written, published, moved, put off, called off, held, copied."""

from participation.agenda.services.events.closing import (
    cancel_event,
    hold_event,
    postpone_event,
)
from participation.agenda.services.events.moving import Whereabouts, move_event, reopen_event
from participation.agenda.services.events.series import (
    cancel_occurrences,
    change_occurrences,
    move_occurrences,
    publish_series,
    repeat_event,
)
from participation.agenda.services.events.writing import (
    EventPlan,
    change_event,
    copy_event,
    create_event,
    publish_event,
)

__all__ = [
    "EventPlan",
    "Whereabouts",
    "cancel_event",
    "cancel_occurrences",
    "change_event",
    "change_occurrences",
    "copy_event",
    "create_event",
    "hold_event",
    "move_event",
    "move_occurrences",
    "postpone_event",
    "publish_event",
    "publish_series",
    "reopen_event",
    "repeat_event",
]
