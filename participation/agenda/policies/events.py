"""What may happen to an event, from the state it is in."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import Attendance, EventState
from participation.agenda.models import Event
from participation.agenda.policies.rights import may_run_events
from participation.core.verdict import ALLOWED, Verdict, refuse

_GONE = (EventState.CANCELLED, EventState.HELD)


def may_change(*, event: Event, user: Any) -> Verdict:
    """Change what an event is. Codes: `not_allowed`, `event_over`."""
    verdict = may_run_events(user=user)
    if event.state in _GONE:
        verdict &= refuse("event_over", _("This event is over or cancelled: it no longer changes."))
    return verdict


def may_publish(*, event: Event, user: Any, at: datetime.datetime) -> Verdict:
    """Put a draft on the site. Codes: `not_allowed`, `not_draft`, `nowhere`, `already_past`."""
    verdict = may_run_events(user=user)
    if event.state != EventState.DRAFT:
        verdict &= refuse("not_draft", _("This event is already published."))
    return verdict & is_somewhere(event=event) & in_time(ends_at=event.ends_at, at=at)


def may_move(*, event: Event, user: Any) -> Verdict:
    """Give a published event another date or place. Codes: `not_allowed`, `not_scheduled`."""
    return may_run_events(user=user) & _scheduled(event)


def may_postpone(*, event: Event, user: Any) -> Verdict:
    """Put an event off without a new date yet. Codes: `not_allowed`, `not_scheduled`."""
    return may_run_events(user=user) & _scheduled(event)


def may_cancel(*, event: Event, user: Any) -> Verdict:
    """Call a published event off. Codes: `not_allowed`, `not_published`, `event_over`."""
    verdict = may_change(event=event, user=user)
    if event.state == EventState.DRAFT:
        verdict &= refuse("not_published", _("This event was never published."))
    return verdict


def may_reopen(*, event: Event, user: Any) -> Verdict:
    """Give a postponed event its new date. Codes: `not_allowed`, `not_postponed`."""
    verdict = may_run_events(user=user)
    if event.state != EventState.POSTPONED:
        verdict &= refuse("not_postponed", _("Only a postponed event gets a new date this way."))
    return verdict


def may_repeat(*, event: Event, user: Any) -> Verdict:
    """Make a series of an event. Codes: `not_allowed`, `event_over`, `already_repeats`."""
    verdict = may_change(event=event, user=user)
    if event.series_id is not None:
        verdict &= refuse("already_repeats", _("This event is already one date of a series."))
    return verdict


def may_hold(*, event: Event, user: Any, at: datetime.datetime) -> Verdict:
    """Say that an event took place. Codes: `not_allowed`, `not_scheduled`, `not_begun`."""
    verdict = may_run_events(user=user) & _scheduled(event)
    if at < event.starts_at:
        verdict &= refuse("not_begun", _("This event has not begun yet."))
    return verdict


def is_somewhere(*, event: Event) -> Verdict:
    """A published event has a place, or the address of its online room. Code: `nowhere`."""
    if event.attendance != Attendance.ONLINE and event.venue_id is None and not event.address:
        return refuse("nowhere", _("Say where it takes place."))
    if event.attendance == Attendance.ONLINE and not event.online_url:
        return refuse("nowhere", _("Give the address of the online room."))
    return ALLOWED


def in_time(*, ends_at: datetime.datetime, at: datetime.datetime) -> Verdict:
    """What is announced is to come. Code: `already_past`."""
    if ends_at <= at:
        return refuse("already_past", _("This date is already past."))
    return ALLOWED


def _scheduled(event: Event) -> Verdict:
    if event.state == EventState.SCHEDULED:
        return ALLOWED
    return refuse("not_scheduled", _("Only an event with a date on the site can do that."))
