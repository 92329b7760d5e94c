"""What follows an event: minutes, decisions, satisfaction."""

import datetime

from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import EventState, MinutesState
from participation.agenda.models import Event, Minutes
from participation.core.verdict import ALLOWED, Verdict, refuse

TO_SAY = datetime.timedelta(days=30)
"""How long people may say what they thought."""


def may_write_minutes(*, event: Event, minutes: Minutes | None, at: datetime.datetime) -> Verdict:
    """Write or rewrite the draft. Codes: `draft`, `not_begun`, `event_off`, `already_published`."""
    verdict = _has_begun(event, at)
    if minutes is not None and minutes.state == MinutesState.PUBLISHED:
        verdict &= refuse(
            "already_published", _("Published minutes no longer change: add a correction.")
        )
    return verdict


def may_approve_minutes(*, minutes: Minutes) -> Verdict:
    """Approve what was written. Codes: `not_a_draft`, `empty`."""
    if minutes.state != MinutesState.DRAFT:
        return refuse("not_a_draft", _("These minutes are already approved."))
    if not minutes.body.strip():
        return refuse("empty", _("Write the minutes first."))
    return ALLOWED


def may_publish_minutes(*, minutes: Minutes) -> Verdict:
    """Publish approved minutes, of an event held. Codes: `not_approved`, `not_held`."""
    verdict = ALLOWED
    if minutes.state != MinutesState.APPROVED:
        verdict &= refuse("not_approved", _("Minutes are published once approved."))
    if minutes.event.state != EventState.HELD:
        verdict &= refuse("not_held", _("Say first that the event was held."))
    return verdict


def may_record_outcome(*, event: Event, at: datetime.datetime) -> Verdict:
    """Record a decision or an action. Codes: `draft`, `not_begun`, `event_off`."""
    return _has_begun(event, at)


def may_say_satisfaction(*, event: Event, at: datetime.datetime) -> Verdict:
    """Say what one thought. Codes: `not_held`, `too_late`."""
    if event.state != EventState.HELD:
        return refuse("not_held", _("This event has not been held."))
    if at >= event.ends_at + TO_SAY:
        return refuse("too_late", _("The form closed one month after the event."))
    return ALLOWED


def _has_begun(event: Event, at: datetime.datetime) -> Verdict:
    if event.state == EventState.DRAFT:
        return refuse("draft", _("This event is a draft: nothing was announced."))
    if event.state not in (EventState.SCHEDULED, EventState.HELD):
        return refuse("event_off", _("This event does not take place on that date."))
    if at < event.starts_at:
        return refuse("not_begun", _("This event has not begun."))
    return ALLOWED
