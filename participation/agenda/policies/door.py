"""The door of an event: when people are checked in."""

import datetime

from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import EventState
from participation.agenda.models import Event
from participation.agenda.queries.door import AFTER, BEFORE
from participation.core.verdict import ALLOWED, Verdict, refuse


def may_note_arrivals(*, event: Event, at: datetime.datetime) -> Verdict:
    """Check people in, undo it, count heads. Codes: `event_off`, `too_early`, `too_late`."""
    if event.state not in (EventState.SCHEDULED, EventState.HELD):
        return refuse("event_off", _("This event does not take place on that date."))
    if at < event.starts_at - BEFORE:
        return refuse("too_early", _("People are checked in from six hours before the start."))
    if at >= event.ends_at + AFTER:
        return refuse("too_late", _("The door is closed since the day after this event."))
    return ALLOWED
