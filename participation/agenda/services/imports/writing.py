"""Judges a whole file, then writes its events as drafts, all or none."""

import datetime
import uuid
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import EventState
from participation.agenda.models import Event, Series, Venue
from participation.agenda.policies import may_run_events
from participation.agenda.services.imports import calendars, tables
from participation.agenda.services.imports.lines import (
    MOST_BYTES,
    MOST_EVENTS,
    EventPlan,
    Fault,
    FileRefused,
    Wish,
)
from participation.core import audit
from participation.core.verdict import Refused, refuse

_BATCH = 500
_WRITTEN = (
    "title",
    "body",
    "kind",
    "theme",
    "territory",
    "council_body",
    "starts_at",
    "ends_at",
    "timezone",
    "venue",
    "address",
    "point",
    "series",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do. `known`: already published here, left as they are.

    `unknown_places`: what names no room of ours, kept as an address.
    """

    new: int
    updated: int
    known: int
    refused: tuple[Fault, ...]
    mended: tuple[Fault, ...]
    unknown_places: tuple[Fault, ...]
    written: bool


@transaction.atomic
def import_events(
    *,
    content: bytes,
    plan: EventPlan,
    actor: Any,
    at: datetime.datetime,
    dry_run: bool = False,
    leave_refused: bool = False,
) -> ImportReport:
    """Make draft events from a .ics, CSV or XLSX file. Nothing is published.

    All lines are written, or none: one that can't be kept stops everything, unless
    `leave_refused`. A draft that came before from the same UID is brought up to date, what is
    published is left. Codes: `not_allowed`, `file_refused`, `nothing_to_import`, `rows_refused`.
    """
    may_run_events(user=actor).or_refuse()
    with connection.cursor() as cursor:  # the second import finds what the first has written
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('agenda-import'))")
    wishes, refused = _read(content, plan)
    known = {
        event.uid: event
        for event in Event.objects.filter(uid__in=[wish.uid for wish in wishes]).order_by("pk")
    }
    drafts = [w for w in wishes if w.uid in known and known[w.uid].state == EventState.DRAFT]
    new = [wish for wish in wishes if wish.uid not in known]
    _give_rooms([*new, *drafts])
    report = ImportReport(
        new=len(new),
        updated=len(drafts),
        known=len(wishes) - len(new) - len(drafts),
        refused=tuple(refused),
        mended=tuple(
            Fault(wish.number, wish.title, " ; ".join(dict.fromkeys(wish.notes)))
            for wish in wishes
            if wish.notes
        ),
        unknown_places=tuple(
            Fault(wish.number, wish.title, _unknown(wish.address))
            for wish in sorted([*new, *drafts], key=attrgetter("number"))
            if wish.address and wish.venue is None and not _has_room(known.get(wish.uid))
        ),
        written=not dry_run,
    )
    if dry_run:
        return report
    if refused and not leave_refused:
        refuse("rows_refused", _("Some lines can't be kept: nothing was imported.")).or_refuse()
    _write(new, drafts, known, plan, at)
    audit.record(
        action="parvis.agenda.import",
        instance=plan.theme,
        actor=actor,
        new=report.new,
        updated=report.updated,
        refused=len(refused),
    )
    return report


def _read(content: bytes, plan: EventPlan) -> tuple[list[Wish], list[Fault]]:
    if len(content) > MOST_BYTES:
        refuse("file_refused", _("This file is too big: 16 MB at most.")).or_refuse()
    reader = calendars if b"BEGIN:VCALENDAR" in content[:4096].upper() else tables
    kept: dict[uuid.UUID, Wish] = {}
    refused: list[Fault] = []
    try:
        for each in reader.read(content, plan):
            if isinstance(each, Fault):
                refused.append(each)
                continue
            refused += _keep(kept, each)
            if len(kept) > MOST_EVENTS:
                raise FileRefused(
                    gettext("Recurrences make it more than %(limit)d events: cut this file.")
                    % {"limit": MOST_EVENTS}
                )
    except FileRefused as fault:
        raise Refused(refuse("file_refused", str(fault))) from None
    if not kept and not refused:
        refuse("nothing_to_import", _("This file holds nothing to import.")).or_refuse()
    return list(kept.values()), refused


def _keep(kept: dict[uuid.UUID, Wish], wishes: list[Wish]) -> list[Fault]:
    """Add events; one that changes an occurrence takes its place, another same UID is refused."""
    faults = []
    for wish in wishes:
        twin = kept.get(wish.uid)
        if twin is None or (twin.rule is not None and wish.rule is None):
            if twin is not None:
                wish.rule = twin.rule
            kept[wish.uid] = wish
        elif wish.rule is not None and twin.rule is None:
            twin.rule = wish.rule  # the changed occurrence came before its recurrence
        else:
            reason = gettext("it has the UID of line %(line)d") % {"line": twin.number}
            faults.append(Fault(wish.number, wish.title, reason))
    return faults


def _give_rooms(wishes: list[Wish]) -> None:
    """The room that a place names, alone or with its address as our own calendars write it."""
    rooms: dict[str, Venue] = {}
    for room in Venue.objects.defer("point").order_by("pk"):
        rooms[_folded(room.name)] = rooms[_folded(f"{room.name}, {room.address}")] = room
    for wish in wishes:
        wish.venue = rooms.get(_folded(wish.address))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _has_room(event: Event | None) -> bool:
    return event is not None and event.venue_id is not None


def _unknown(place: str) -> str:
    return gettext("unknown place, kept as an address: %(place)s") % {"place": place}


def _write(
    new: list[Wish],
    drafts: list[Wish],
    known: dict[uuid.UUID, Event],
    plan: EventPlan,
    at: datetime.datetime,
) -> None:
    series: dict[str, Series] = {}
    for wish in drafts:
        former = known[wish.uid].series
        if wish.rule is not None and former is not None:
            series.setdefault(wish.rule.key, former)
    rows = [_event(Event(), wish, plan, series, at) for wish in new]
    for row, wish in zip(rows, new, strict=True):
        row.uid, row.created_at = wish.uid, at
        row.slug = f"{slugify(wish.title)[:50].strip('-') or 'rencontre'}-{wish.uid.hex[:12]}"
    Event.objects.bulk_create(rows, batch_size=_BATCH)
    changed = [_event(known[wish.uid], wish, plan, series, at) for wish in drafts]
    Event.objects.bulk_update(changed, _WRITTEN, batch_size=_BATCH)


def _event(
    row: Event, wish: Wish, plan: EventPlan, series: dict[str, Series], at: datetime.datetime
) -> Event:
    row.title, row.body, row.address = wish.title, wish.body, wish.address
    if wish.venue is not None:  # else the room that somebody chose for a draft stays
        row.venue = wish.venue
    row.council_body, row.point = wish.council_body, wish.point
    row.kind, row.theme, row.territory = (
        wish.kind or plan.kind,
        wish.theme or plan.theme,
        plan.territory,
    )
    row.starts_at, row.ends_at, row.timezone = wish.starts_at, wish.ends_at, wish.timezone
    row.updated_at = at
    if wish.rule is not None:
        if wish.rule.key not in series:
            series[wish.rule.key] = Series.objects.create(
                title=wish.title,
                rule=wish.rule.text,
                first_starts_at=wish.rule.first,
                timezone=wish.timezone,
                exceptions=list(wish.rule.exceptions),
                created_at=at,
            )
        row.series = series[wish.rule.key]
    return row
