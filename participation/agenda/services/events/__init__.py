"""The life of an event: written, published, moved, put off, called off, held, copied."""

from participation.agenda.services.events.closing import (
    cancel_event,
    hold_event,
    postpone_event,
)
from participation.agenda.services.events.moving import Whereabouts, move_event, reopen_event
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
    "change_event",
    "copy_event",
    "create_event",
    "hold_event",
    "move_event",
    "postpone_event",
    "publish_event",
    "reopen_event",
]
