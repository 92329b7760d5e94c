"""What an event is: its draft, its changes, its publication, its copies."""

import datetime
from dataclasses import dataclass, fields
from typing import Any

from django.contrib.gis.geos import LineString, Point
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda import policies
from participation.agenda.choices import Attendance, EventKind, EventState, TimeZone
from participation.agenda.models import (
    AgendaItem,
    BudgetLine,
    Event,
    LogisticsTask,
    ProgrammeEntry,
    Seating,
    Series,
    Speaker,
    Stop,
    Theme,
    Venue,
)
from participation.agenda.services.events.shared import free_slug, locked, save, span
from participation.core import audit
from participation.core.models import Directorate, Process
from participation.core.verdict import ALLOWED, Verdict, refuse

_WHEREABOUTS = ("starts_at", "ends_at", "timezone", "venue", "address", "attendance")
"""What people plan their evening by: on a published event, `move_event` changes it."""
_SEEN_BY_CALENDARS = ("title", "summary", "kind", "point", "online_url", "theme")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlan:
    """An event as its officer writes it. `starts_at` and `ends_at` are instants (UTC)."""

    kind: EventKind
    title: str
    theme: Theme
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    timezone: TimeZone = TimeZone.PARIS
    summary: str = ""
    body: str = ""
    item: AgendaItem | None = None
    process: Process | None = None
    series: Series | None = None
    territory: Territory | None = None
    directorate: Directorate | None = None
    council_body: str = ""
    attendance: Attendance = Attendance.IN_PERSON
    venue: Venue | None = None
    address: str = ""
    point: Point | None = None
    route: LineString | None = None
    online_url: str = ""
    wheelchair: bool = False
    sign_language: bool = False
    captions: bool = False
    child_care: bool = False
    questions_open: bool = False


@transaction.atomic
def create_event(*, plan: EventPlan, actor: Any, at: datetime.datetime) -> Event:
    """Write a draft. Codes: `not_allowed`, `title_missing`, `ends_before_start`, `too_long`."""
    (policies.may_run_events(user=actor) & _complete(plan)).or_refuse()
    row = Event(created_at=at, updated_at=at)
    _apply(row, plan)
    row.slug = free_slug(title=row.title, day=row.local_start.date())
    save(row)
    audit.record(action="parvis.event.create", instance=row, actor=actor, title=row.title)
    return row


@transaction.atomic
def change_event(*, event: Event, plan: EventPlan, actor: Any, at: datetime.datetime) -> Event:
    """Change an event; its address stays. A published one keeps its date and place: see
    `move_event`.

    Codes: those of `create_event`, `event_over`, `nowhere`, `move_it`.
    """
    row = locked(event)
    verdict = policies.may_change(event=row, user=actor) & _complete(plan)
    published = row.state != EventState.DRAFT
    if published and any(getattr(row, name) != getattr(plan, name) for name in _WHEREABOUTS):
        verdict &= refuse(
            "move_it",
            _("This event is on the site: use “Move”, which keeps its former date and says why."),
        )
    verdict.or_refuse()
    seen = any(getattr(row, name) != getattr(plan, name) for name in _SEEN_BY_CALENDARS)
    _apply(row, plan)
    if published:
        policies.is_somewhere(event=row).or_refuse()
        row.sequence += seen
    row.updated_at = at
    save(row)
    audit.record(action="parvis.event.change", instance=row, actor=actor)
    return row


@transaction.atomic
def publish_event(*, event: Event, actor: Any, at: datetime.datetime) -> Event:
    """Put a draft on the site; its room is then kept for it.

    Codes: `not_allowed`, `not_draft`, `nowhere`, `already_past`, `room_taken`.
    """
    row = locked(event)
    policies.may_publish(event=row, user=actor, at=at).or_refuse()
    row.state, row.published_at, row.updated_at = EventState.SCHEDULED, at, at
    save(row)
    audit.record(action="parvis.event.publish", instance=row, actor=actor)
    return row


@transaction.atomic
def copy_event(
    *, event: Event, starts_at: datetime.datetime, actor: Any, at: datetime.datetime
) -> Event:
    """A new draft at another date with the same programme, speakers, stops, things to make
    ready, planned costs, seats and questions. Nobody is registered to it.

    Code: `not_allowed`.
    """
    source = locked(event)
    plan = EventPlan(
        **{field.name: getattr(source, field.name) for field in fields(EventPlan)}
        | {
            "starts_at": starts_at,
            "ends_at": starts_at + (source.ends_at - source.starts_at),
            "series": None,
        }
    )
    row = create_event(plan=plan, actor=actor, at=at)
    _copy_parts(source, row)
    audit.record(action="parvis.event.copy", instance=row, actor=actor, source=source.pk)
    return row


def _copy_parts(source: Event, row: Event) -> None:
    # By the clocks of the place: what opens at ten opens at ten on the other side of summer.
    shift = row.local_start.replace(tzinfo=None) - source.local_start.replace(tzinfo=None)
    days = row.local_start.date() - source.local_start.date()
    parts: list[tuple[Any, dict[str, Any]]] = [
        *((each, {}) for each in Speaker.objects.filter(event=source)),
        *((each, {}) for each in ProgrammeEntry.objects.filter(event=source)),
        *((each, {"contribution": None}) for each in Stop.objects.filter(event=source)),
        *((each, {"spent": None}) for each in BudgetLine.objects.filter(event=source)),
        *((each, {}) for each in source.questions.order_by("position", "pk")),
        *(
            (each, {"done_at": None, "due_on": each.due_on + days if each.due_on else None})
            for each in LogisticsTask.objects.filter(event=source)
        ),
    ]
    for part, changed in parts:
        part.pk, part._state.adding, part.event = None, True, row
        for name, value in changed.items():
            setattr(part, name, value)
        part.save()
    seating = Seating.objects.filter(event=source).first()
    if seating is not None:
        seating.event, seating._state.adding, seating.taken = row, True, 0
        for name in ("opens_at", "closes_at"):
            former = getattr(seating, name).astimezone(row.zone)
            setattr(seating, name, former + shift)  # aware: a move of its clocks, not of hours
        seating.save(force_insert=True)


def _apply(row: Event, plan: EventPlan) -> None:
    for field in fields(plan):
        value = getattr(plan, field.name)
        setattr(row, field.name, value.strip() if isinstance(value, str) else value)


def _complete(plan: EventPlan) -> Verdict:
    verdict = span(starts_at=plan.starts_at, ends_at=plan.ends_at)
    if plan.title.strip():
        return verdict & ALLOWED
    return verdict & refuse("title_missing", _("Give the event a title."))
