"""Events that come back: a series of them is made, published, changed, moved or called off."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.agenda import policies
from participation.agenda.choices import EventState, Scope
from participation.agenda.local_time import instant
from participation.agenda.models import Event, Series
from participation.agenda.queries.events import occurrences
from participation.agenda.recurrence import Repetition
from participation.agenda.services.events.closing import cancel_event
from participation.agenda.services.events.moving import Whereabouts, move_event
from participation.agenda.services.events.shared import locked
from participation.agenda.services.events.writing import (
    EventPlan,
    change_event,
    copy_event,
    publish_event,
)
from participation.core import audit
from participation.core.dates import date_format
from participation.core.verdict import ALLOWED, Refused, Verdict, refuse

_PLACE = ("timezone", "venue", "address", "attendance")


@transaction.atomic
def repeat_event(
    *,
    event: Event,
    repetition: Repetition,
    left_out: Iterable[datetime.date] = (),
    actor: Any,
    at: datetime.datetime,
) -> Series:
    """Make a series of an event: it becomes the first date, each other one is a draft like it.

    `left_out` are local days of the recurrence where nothing takes place. Codes: `not_allowed`,
    `already_repeats`, those of `Repetition.verdict`, `one_date` when all others are left out,
    `time_skipped` and `time_twice` when the clocks of a date skip or repeat its hour.
    """
    row = locked(event)
    verdict = policies.may_repeat(event=row, user=actor)
    if verdict:
        verdict = repetition.verdict(first=row.local_start)
    verdict.or_refuse()
    days = set(left_out) - {row.local_start.date()}
    starts = repetition.dates(first=row.local_start)[1:]
    instants = _instants(row, [start for start in starts if start.date() not in days])
    series = Series.objects.create(
        title=row.title,
        rule=repetition.rule(first=row.local_start, zone=row.zone),
        first_starts_at=row.starts_at,
        timezone=row.timezone,
        exceptions=sorted({start.date() for start in starts} & days),
        created_at=at,
    )
    made = [copy_event(event=row, starts_at=start, actor=actor, at=at) for start in instants]
    for each in made:
        # A copy lasts as long as the first by the clocks, whatever they did in between.
        each.ends_at = _end(row, each.local_start.replace(tzinfo=None))
        each.series = series
        each.save(update_fields=["ends_at", "series"])
    row.series = series
    row.save(update_fields=["series"])
    audit.record(
        action="parvis.event.repeat",
        instance=row,
        actor=actor,
        rule=series.rule,
        dates=len(made) + 1,
    )
    return series


@transaction.atomic
def publish_series(*, event: Event, actor: Any, at: datetime.datetime) -> int:
    """Publish all drafts of the event's series, or none; how many.

    Codes: those of `publish_event`, each told with its date; `nothing_to_publish`.
    """
    rows = occurrences(locked(event), scope=Scope.ALL, at=at)
    drafts = [row for row in rows if row.state == EventState.DRAFT]
    if not drafts:
        refuse("nothing_to_publish", _("All the dates are published.")).or_refuse()
    _each(drafts, lambda row: publish_event(event=row, actor=actor, at=at))
    return len(drafts)


@transaction.atomic
def change_occurrences(
    *, event: Event, scope: Scope, plan: EventPlan, actor: Any, at: datetime.datetime
) -> int:
    """Change an event, and others of its series in the same way; how many were changed.

    Others keep their day: a draft takes the hours and the place, a published one keeps its own,
    which `move_occurrences` changes. Codes: those of `change_event`, each with its date.
    """
    row = locked(event)
    others = [other for other in occurrences(row, scope=scope, at=at) if other.pk != row.pk]
    is_draft = row.state == EventState.DRAFT
    shift = _local(row, plan.starts_at) - _local(row, row.starts_at)
    length = plan.ends_at - plan.starts_at
    change_event(event=row, plan=plan, actor=actor, at=at)

    def change(other: Event) -> None:
        own: dict[str, Any] = {"series": other.series}
        if is_draft and other.state == EventState.DRAFT:
            start = instant(local=_local(other, other.starts_at) + shift, zone=other.zone)
            own |= {"starts_at": start, "ends_at": start + length}
        else:
            own |= {name: getattr(other, name) for name in ("starts_at", "ends_at", *_PLACE)}
        change_event(event=other, plan=replace(plan, **own), actor=actor, at=at)

    _each(others, change)
    return 1 + len(others)


@transaction.atomic
def move_occurrences(
    *, event: Event, scope: Scope, to: Whereabouts, reason: str, actor: Any, at: datetime.datetime
) -> int:
    """Move an event, and others of its series by as many days and hours, to the same place.

    Those registered to each are told. Codes: those of `move_event`, each told with its date.
    """
    row = locked(event)
    shift = _local(row, to.starts_at) - _local(row, row.starts_at)
    length = to.ends_at - to.starts_at

    def move(other: Event) -> None:
        there = to
        if other.pk != row.pk:
            start = instant(local=_local(other, other.starts_at) + shift, zone=other.zone)
            there = replace(to, starts_at=start, ends_at=start + length)
        if other.state == EventState.DRAFT and other.pk != row.pk:
            change_event(event=other, plan=_plan(other, there), actor=actor, at=at)
        else:
            move_event(event=other, to=there, reason=reason, actor=actor, at=at)

    rows = occurrences(row, scope=scope, at=at)
    # The last first when they go later: a room is never asked for two dates at once.
    _each(rows[::-1] if shift > datetime.timedelta(0) else rows, move)
    return len(rows)


@transaction.atomic
def cancel_occurrences(
    *, event: Event, scope: Scope, reason: str, actor: Any, at: datetime.datetime
) -> int:
    """Call off an event and others of its series; drafts, which nobody saw, are removed. How many.

    Codes: those of `cancel_event`, each told with its date.
    """
    rows = occurrences(locked(event), scope=scope, at=at)

    def cancel(row: Event) -> None:
        if row.state == EventState.DRAFT and row.pk != event.pk:
            audit.record(action="parvis.event.remove", instance=row, actor=actor, title=row.title)
            row.delete()
        else:
            cancel_event(event=row, reason=reason, actor=actor, at=at)

    _each(rows, cancel)
    return len(rows)


def _each(rows: Sequence[Event], act: Any) -> None:
    """Do it to all or to none: every date that refuses says why."""
    verdict = ALLOWED
    for row in rows:
        try:
            act(row)
        except Refused as refused:
            day = date_format(row.local_start, "DATE_FORMAT")
            for refusal in refused.verdict.refusals:
                verdict = _added(verdict, refusal, day if len(rows) > 1 else "")
    verdict.or_refuse()


def _added(verdict: Verdict, refusal: Any, day: str) -> Verdict:
    """One more reason, with its date: two dates may have the same one."""
    if not day:
        return verdict & Verdict((refusal,))
    told = refuse(refusal.code, _("%(day)s: %(reason)s"), day=day, reason=str(refusal))
    return Verdict(verdict.refusals + told.refusals)


def _instants(row: Event, starts: list[datetime.datetime]) -> list[datetime.datetime]:
    if not starts:
        refuse("one_date", _("All other dates are left out: nothing comes back.")).or_refuse()
    found, verdict = [], ALLOWED
    for start in starts:
        try:
            found.append(instant(local=start, zone=row.zone))
            _end(row, start)
        except Refused as refused:
            day = date_format(start, "DATE_FORMAT")
            for refusal in refused.verdict.refusals:
                verdict = _added(verdict, refusal, day)
    verdict.or_refuse()
    return found


def _end(row: Event, start: datetime.datetime) -> datetime.datetime:
    """When an occurrence ends that starts at `start` (local): by the clocks, as the first does."""
    length = _local(row, row.ends_at) - _local(row, row.starts_at)
    return instant(local=start + length, zone=row.zone)


def _local(row: Event, moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(row.zone).replace(tzinfo=None)


def _plan(row: Event, there: Whereabouts) -> EventPlan:
    """An event as it is, then and there."""
    same = {field.name: getattr(row, field.name) for field in fields(EventPlan)}
    return EventPlan(
        **same | {field.name: getattr(there, field.name) for field in fields(Whereabouts)}
    )
