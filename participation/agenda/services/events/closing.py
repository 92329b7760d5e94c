"""An event that is put off, called off, or over."""

import datetime
from typing import Any

from django.db import transaction

from participation.agenda import policies
from participation.agenda.choices import EventState
from participation.agenda.models import Event
from participation.agenda.services.events.shared import (
    locked,
    reasoned,
    save,
    tell_registered_later,
)
from participation.core import audit


@transaction.atomic
def postpone_event(*, event: Event, reason: str, actor: Any, at: datetime.datetime) -> Event:
    """Put an event off until a date to come; its room is free, those registered are told.

    Codes: `not_allowed`, `not_scheduled`, `reason_missing`.
    """
    row = locked(event)
    (policies.may_postpone(event=row, user=actor) & reasoned(reason)).or_refuse()
    _close(row, EventState.POSTPONED, reason, at)
    audit.record(action="parvis.event.postpone", instance=row, actor=actor, reason=reason.strip())
    tell_registered_later(event=row, what="postponed")
    return row


@transaction.atomic
def cancel_event(*, event: Event, reason: str, actor: Any, at: datetime.datetime) -> Event:
    """Call an event off; its page stays with the reason, those registered are told.

    Codes: `not_allowed`, `not_published`, `event_over`, `reason_missing`.
    """
    row = locked(event)
    (policies.may_cancel(event=row, user=actor) & reasoned(reason)).or_refuse()
    _close(row, EventState.CANCELLED, reason, at)
    audit.record(action="parvis.event.cancel", instance=row, actor=actor, reason=reason.strip())
    tell_registered_later(event=row, what="cancelled")
    return row


@transaction.atomic
def hold_event(*, event: Event, actor: Any, at: datetime.datetime) -> Event:
    """Say that an event took place. Codes: `not_allowed`, `not_scheduled`, `not_begun`."""
    row = locked(event)
    policies.may_hold(event=row, user=actor, at=at).or_refuse()
    row.state, row.held_at, row.updated_at = EventState.HELD, at, at
    save(row)
    audit.record(action="parvis.event.hold", instance=row, actor=actor)
    return row


def _close(row: Event, state: EventState, reason: str, at: datetime.datetime) -> None:
    row.state, row.closing_reason, row.updated_at = state, reason.strip(), at
    row.sequence += 1
    save(row)
