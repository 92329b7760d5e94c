"""Another date, another place: the former ones stay on the page, with the reason."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.agenda import policies
from participation.agenda.choices import EventState
from participation.agenda.models import Event, EventMove, Seating, Venue
from participation.agenda.services.events.shared import (
    locked,
    reasoned,
    save,
    span,
    tell_registered_later,
)
from participation.core import audit
from participation.core.verdict import ALLOWED, Verdict, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """When (instants, UTC) and where."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    venue: Venue | None = None
    address: str = ""
    point: Point | None = None


@transaction.atomic
def move_event(
    *, event: Event, to: Whereabouts, reason: str, actor: Any, at: datetime.datetime
) -> EventMove:
    """Give a published event another date or place; those registered are told.

    Codes: `not_allowed`, `not_scheduled`, `ends_before_start`, `too_long`, `already_past`,
    `reason_missing`, `nowhere`, `nothing_moves`, `room_taken`.
    """
    row = locked(event)
    verdict = policies.may_move(event=row, user=actor) & _possible(to, reason, at)
    verdict &= _different(row, to)
    verdict.or_refuse()
    move = _relocate(row, to, reason, actor, at)
    audit.record(
        action="parvis.event.move",
        instance=row,
        actor=actor,
        reason=move.reason,
        former=move.former_starts_at.isoformat(),
        now=row.starts_at.isoformat(),
    )
    return move


@transaction.atomic
def reopen_event(
    *, event: Event, to: Whereabouts, reason: str, actor: Any, at: datetime.datetime
) -> EventMove:
    """Give a postponed event its new date; those registered are told.

    Codes: `not_allowed`, `not_postponed`, and those of `move_event` but `nothing_moves`.
    """
    row = locked(event)
    verdict = policies.may_reopen(event=row, user=actor) & _possible(to, reason, at)
    verdict.or_refuse()
    row.state, row.closing_reason = EventState.SCHEDULED, ""
    move = _relocate(row, to, reason, actor, at)
    audit.record(
        action="parvis.event.reopen",
        instance=row,
        actor=actor,
        reason=move.reason,
        now=row.starts_at.isoformat(),
    )
    return move


def _relocate(
    row: Event, to: Whereabouts, reason: str, actor: Any, at: datetime.datetime
) -> EventMove:
    move = EventMove(
        event=row,
        former_starts_at=row.starts_at,
        former_ends_at=row.ends_at,
        former_place=row.place,
        reason=reason.strip(),
        moved_by=actor,
        moved_at=at,
    )
    # Of the clocks: between two moments of one zone, and not between two instants.
    shift = to.starts_at.astimezone(row.zone) - row.local_start
    row.starts_at, row.ends_at = to.starts_at, to.ends_at
    row.venue, row.address, row.point = to.venue, to.address.strip(), to.point
    policies.is_somewhere(event=row).or_refuse()
    row.sequence += 1
    row.updated_at = at
    save(row)
    move.save()
    _shift_closing(row, shift)
    tell_registered_later(event=row, what="moved")
    return move


def _shift_closing(row: Event, shift: datetime.timedelta) -> None:
    """Registration closes as long before the new start as before the former one: the eve at noon
    is still the eve at noon when clocks change in between."""
    seating = Seating.objects.select_for_update(no_key=True).filter(event=row).first()
    if seating is None or not shift:
        return
    closes = seating.closes_at.astimezone(row.zone) + shift
    seating.closes_at = max(closes, seating.opens_at + datetime.timedelta(minutes=1))
    seating.save(update_fields=["closes_at"])


def _possible(to: Whereabouts, reason: str, at: datetime.datetime) -> Verdict:
    verdict = span(starts_at=to.starts_at, ends_at=to.ends_at) & reasoned(reason)
    return verdict & policies.in_time(ends_at=to.ends_at, at=at)


def _different(row: Event, to: Whereabouts) -> Verdict:
    before = (row.starts_at, row.ends_at, row.venue_id, row.address)
    after = (to.starts_at, to.ends_at, to.venue.pk if to.venue else None, to.address.strip())
    if before != after:
        return ALLOWED
    return refuse("nothing_moves", _("The date and the place are the same as before."))
