"""Questions from phones while an event is held, and what is heard in its room."""

import datetime

from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import EventState
from participation.agenda.models import Event
from participation.core.verdict import ALLOWED, Verdict, refuse

BEFORE = datetime.timedelta(minutes=30)
"""Questions are taken from that long before the start: people sit down, and think."""
AFTER = datetime.timedelta(hours=1)
"""…and that long after the announced end: meetings run late."""
TO_ENTER = datetime.timedelta(days=90)
"""What was heard is entered within that time."""


def may_ask(*, event: Event, at: datetime.datetime) -> Verdict:
    """Send a question from a phone. Codes: `questions_off`, `not_now`, `event_off`."""
    if not event.questions_open:
        return refuse("questions_off", _("No question is taken from phones at this event."))
    if event.state not in (EventState.SCHEDULED, EventState.HELD):
        return refuse("event_off", _("This event does not take place on that date."))
    if not event.starts_at - BEFORE <= at < event.ends_at + AFTER:
        return refuse("not_now", _("Questions are taken while the event is held."))
    return ALLOWED


def may_enter_heard(*, event: Event, at: datetime.datetime) -> Verdict:
    """Enter what was heard in the room. Codes: `no_process`, `not_begun`, `too_late`,
    `event_off`."""
    if event.state not in (EventState.SCHEDULED, EventState.HELD):
        return refuse("event_off", _("This event does not take place on that date."))
    if event.process is None:
        return refuse(
            "no_process", _("Tie this event to a process: contributions belong to a process.")
        )
    if at < event.starts_at:
        return refuse("not_begun", _("This event has not begun."))
    if at >= event.ends_at + TO_ENTER:
        return refuse("too_late", _("It is too late to enter what was heard: over 90 days."))
    return ALLOWED
