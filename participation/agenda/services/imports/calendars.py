"""Reads .ics files, one VEVENT at a time: a broken one harms nothing but itself."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import icalendar
from dateutil.rrule import rrulestr
from django.utils.translation import gettext

from participation.agenda.services.imports.lines import (
    ADDRESS,
    BODY,
    MOST_EVENTS,
    MOST_OCCURRENCES,
    TITLE,
    USUAL_LENGTH,
    EventPlan,
    Fault,
    FileRefused,
    LineRefused,
    Rule,
    Wish,
    check_length,
    cut,
    decoded,
    instant_of,
    known_as,
    point_at,
    zone_kept,
    zone_named,
)

_DAY = datetime.timedelta(days=1)


@dataclass(slots=True)
class _Block:
    """The lines of one component, and where it begins in the file."""

    number: int
    lines: list[str] = field(default_factory=list)
    is_closed: bool = False

    @property
    def text(self) -> str:
        return "\r\n".join(self.lines) + "\r\n"

    @property
    def label(self) -> str:
        """Its title as written, for a block that can't be read."""
        for line in self.lines:
            if line.upper().startswith("SUMMARY"):
                return line.partition(":")[2][:80]
        return ""


def read(content: bytes, plan: EventPlan) -> Iterator[list[Wish] | Fault]:
    """The events of each VEVENT (several for a recurrence), or why there are none.

    Raises `FileRefused`: more than `MOST_EVENTS`, which is told before anything is read.
    """
    count = content.upper().count(b"BEGIN:VEVENT")
    if count > MOST_EVENTS:
        raise FileRefused(
            gettext("This file holds %(count)d events; at most %(limit)d at a time: cut it.")
            % {"count": count, "limit": MOST_EVENTS}
        )
    text, was_not_utf8 = decoded(content)
    events, zones = _blocks(text)
    reader = _Reader(plan, {name: zone for name, zone in map(_own_zone, zones) if name})
    for block in events:
        try:
            wishes = reader.wishes(block)
        except LineRefused as fault:
            yield Fault(block.number, block.label, str(fault))
            continue
        if was_not_utf8 and not block.text.isascii():
            wishes[0].notes.append(gettext("accents read as those of Windows"))
        yield wishes


def _blocks(text: str) -> tuple[list[_Block], list[_Block]]:
    """The VEVENT and the VTIMEZONE of a file; what is nested in a VEVENT (alarms) is left out."""
    found: dict[str, list[_Block]] = {"VEVENT": [], "VTIMEZONE": []}
    block: _Block | None = None
    kind, nested = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip().upper()
        if said in ("BEGIN:VEVENT", "BEGIN:VTIMEZONE"):
            # One that begins inside another: the first was never closed.
            kind, nested = said.partition(":")[2], 0
            block = _Block(number, [line.strip()])
            found[kind].append(block)
        elif block is not None and said == f"END:{kind}":
            block.lines.append(line.strip())
            block.is_closed = True
            block = None
        elif block is not None:
            if kind == "VEVENT" and said.startswith("BEGIN:"):
                nested += 1
            if not nested and line:
                block.lines.append(line)
            if kind == "VEVENT" and said.startswith("END:"):
                nested = max(0, nested - 1)
    return found["VEVENT"], found["VTIMEZONE"]


def _own_zone(block: _Block) -> tuple[str, datetime.tzinfo | None]:
    """A zone that the file itself defines; no name when it can't be read."""
    try:
        component: Any = icalendar.Timezone.from_ical(block.text)
        return str(component["TZID"]), component.to_tz(lookup_tzid=False)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return "", None


class _Reader:
    def __init__(self, plan: EventPlan, zones: dict[str, datetime.tzinfo | None]) -> None:
        self.plan, self.zones = plan, zones
        self.ours = zone_named(plan.timezone)

    def wishes(self, block: _Block) -> list[Wish]:
        event = self.parsed(block)
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            raise LineRefused(gettext("it is cancelled in its calendar"))
        notes: list[str] = []
        title = cut(_text(event, "SUMMARY"), TITLE, gettext("title"), notes)
        if not title:
            raise LineRefused(gettext("it has no title"))
        start, zone = self.moment(event, "DTSTART", notes)
        starts_at = self.instant(start, zone, notes)
        ends_at = self.end(event, start, starts_at, notes)
        check_length(starts_at, ends_at)
        uid = _text(event, "UID")
        if not uid:
            uid = f"{title}|{starts_at.isoformat()}"
            notes.append(gettext("it has no UID: its title and start tell it"))
        wish = Wish(
            number=block.number,
            uid=known_as(uid),
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            timezone=zone_kept(zone, self.plan, notes),
            body=cut(_text(event, "DESCRIPTION"), BODY, gettext("text"), notes),
            address=cut(_text(event, "LOCATION"), ADDRESS, gettext("address"), notes),
            notes=notes,
        )
        if "GEO" in event:
            wish.point = point_at(event["GEO"].latitude, event["GEO"].longitude)
        if "RECURRENCE-ID" in event:
            replaced, own = self.moment(event, "RECURRENCE-ID", notes)
            wish.uid = _occurrence(uid, self.instant(replaced, own, notes))
            return [wish]
        if "RRULE" not in event:
            return [wish]
        return self.occurrences(event, wish, uid, start, zone)

    def parsed(self, block: _Block) -> Any:
        if not block.is_closed:
            raise LineRefused(gettext("it is not whole: its END:VEVENT is missing"))
        try:
            event = icalendar.Event.from_ical(block.text)
        except (ValueError, IndexError, KeyError, TypeError) as fault:
            raise LineRefused(
                gettext("a line of it is broken: %(fault)s") % {"fault": str(fault)[:120]}
            ) from None
        if event.errors:
            name, problem = event.errors[0]
            raise LineRefused(
                gettext("a line of it is broken: %(fault)s")
                % {"fault": f"{name or ''} {str(problem)[:120]}".strip()}
            )
        return event

    def moment(
        self, event: Any, name: str, notes: list[str]
    ) -> tuple[datetime.date, datetime.tzinfo | None]:
        """A day, or a time of the clocks of its zone; without a zone, of ours."""
        written = event.get(name)
        if written is None or isinstance(written, list):
            raise LineRefused(gettext("it needs one start"))
        value = written.dt
        if not isinstance(value, datetime.date):
            raise LineRefused(gettext("its start is no date"))
        if not isinstance(value, datetime.datetime):
            return value, self.ours
        tzid = str(written.params.get("TZID", ""))
        if not tzid:
            if value.tzinfo is not None:
                return value.replace(tzinfo=None), datetime.UTC
            if name == "DTSTART":
                notes.append(
                    gettext("hours without a zone, taken as those of %(zone)s")
                    % {"zone": self.plan.timezone}
                )
            return value, self.ours
        zone = zone_named(tzid) or self.zones.get(tzid)
        if zone is None:
            raise LineRefused(gettext("its time zone “%(zone)s” is unknown") % {"zone": tzid[:60]})
        return value.replace(tzinfo=None), zone

    def instant(
        self, moment: datetime.date, zone: datetime.tzinfo | None, notes: list[str]
    ) -> datetime.datetime:
        if not isinstance(moment, datetime.datetime):
            moment = datetime.datetime.combine(moment, datetime.time.min)
        return instant_of(moment, zone or datetime.UTC, notes)

    def end(
        self, event: Any, start: datetime.date, starts_at: datetime.datetime, notes: list[str]
    ) -> datetime.datetime:
        if "DTEND" in event:
            return self.instant(*self.moment(event, "DTEND", notes), notes)
        if "DURATION" in event:
            return starts_at + event["DURATION"].dt
        if not isinstance(start, datetime.datetime):
            return self.instant(start + _DAY, self.ours, notes)
        notes.append(gettext("it has no end: two hours were given to it"))
        return starts_at + USUAL_LENGTH

    def occurrences(
        self,
        event: Any,
        first: Wish,
        uid: str,
        start: datetime.date,
        zone: datetime.tzinfo | None,
    ) -> list[Wish]:
        """Every occurrence as an event of its own, at the same time of the clocks."""
        rule = event["RRULE"]
        if isinstance(rule, list):
            raise LineRefused(gettext("it has several recurrences"))
        if not rule.get("UNTIL") and not rule.get("COUNT"):
            raise LineRefused(gettext("its recurrence has no end: give it a date or a number"))
        text = rule.to_ical().decode()
        if len(text) > 250:
            raise LineRefused(gettext("its recurrence is too long"))
        left_out = self.left_out(event)
        naive = start if isinstance(start, datetime.datetime) else datetime.datetime.combine(
            start, datetime.time.min
        )  # fmt: skip
        try:
            found = list(
                islice(rrulestr(_bounded(rule, text, zone), dtstart=naive), MOST_OCCURRENCES + 1)
            )
        except (ValueError, TypeError, AttributeError) as fault:
            raise LineRefused(
                gettext("a line of it is broken: %(fault)s") % {"fault": str(fault)[:120]}
            ) from None
        if len(found) > MOST_OCCURRENCES:
            raise LineRefused(
                gettext("its recurrence makes more than %(limit)d events")
                % {"limit": MOST_OCCURRENCES}
            )
        series = Rule(uid, text, first.starts_at, tuple(sorted({d.date() for d in left_out})))
        length = first.ends_at - first.starts_at
        made: list[Wish] = []
        for day in found:
            if day in left_out:
                continue
            at = self.instant(day, zone, first.notes)
            made.append(
                Wish(
                    number=first.number,
                    uid=_occurrence(uid, at),
                    title=first.title,
                    starts_at=at,
                    ends_at=at + length,
                    timezone=first.timezone,
                    body=first.body,
                    address=first.address,
                    point=first.point,
                    rule=series,
                    notes=first.notes if not made else [],
                )
            )
        if not made:
            raise LineRefused(gettext("its recurrence leaves no date"))
        return made

    def left_out(self, event: Any) -> set[datetime.datetime]:
        """The dates of EXDATE, by the clocks of their zone."""
        written = event.get("EXDATE") or []
        found = set()
        for each in written if isinstance(written, list) else [written]:
            for value in (part.dt for part in each.dts):
                if not isinstance(value, datetime.datetime):
                    value = datetime.datetime.combine(value, datetime.time.min)
                found.add(value.replace(tzinfo=None))
        return found


def _bounded(rule: Any, text: str, zone: datetime.tzinfo | None) -> str:
    """The rule with its UNTIL by the clocks of the event, as its dates are counted."""
    until = rule.get("UNTIL")
    if not until:
        return text
    last = until[0]
    if isinstance(last, datetime.datetime) and last.tzinfo is not None:
        last = last.astimezone(zone or datetime.UTC).replace(tzinfo=None)
    elif not isinstance(last, datetime.datetime):
        last = datetime.datetime.combine(last, datetime.time.max.replace(microsecond=0))
    parts = [part for part in text.split(";") if not part.upper().startswith("UNTIL=")]
    return ";".join([*parts, f"UNTIL={last:%Y%m%dT%H%M%S}"])


def _occurrence(uid: str, at: datetime.datetime) -> Any:
    return known_as(f"{uid}|{at:%Y%m%dT%H%M%SZ}")


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0]
    return str(value).strip() if value is not None else ""
