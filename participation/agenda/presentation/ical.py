"""Lines of the agenda as feeds tell them: their address, their certainty, their words."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from participation.agenda.choices import (
    Attendance,
    Certainty,
    EventKind,
    EventState,
    ItemKind,
)
from participation.agenda.models import Event
from participation.agenda.presentation import rfc5545
from participation.core import registry
from participation.core.choices import Step
from participation.core.mails import absolute
from participation.core.models import Activity

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
_STAND_IN, _NUMBER = "xxparvisxx", 987654321

_STATUS = {
    Certainty.ANNOUNCED.value: TENTATIVE,
    Certainty.MOVED.value: TENTATIVE,
    Certainty.IN_PROGRESS.value: CONFIRMED,
    Certainty.DONE.value: CONFIRMED,
    Certainty.DROPPED.value: CANCELLED,
}


def status_of(source: str, certainty: str) -> str:
    """The STATUS of a calendar entry (RFC 5545 § 3.8.1.11).

    An announced item is not yet sure; a dated event, phase or restitution is. A postponed event
    (`moved`) has no date any more: calendars must not send anybody there.
    """
    if source == "item":
        return _STATUS[certainty]
    return CANCELLED if certainty in (Certainty.DROPPED, Certainty.MOVED) else CONFIRMED


class Addresses:
    """Full addresses of lines of the agenda, worked out once per pattern: feeds are long."""

    def __init__(self, activities: Iterable[Activity]) -> None:
        self.home = absolute(reverse("agenda:home"))
        self.event = absolute(reverse("agenda:event", args=[_STAND_IN]))
        self.item = absolute(reverse("agenda:item", args=[_NUMBER]))
        self.phases: dict[str, str] = {}
        self.processes: dict[int, str] = {}
        for activity in activities:
            instrument = registry.find(activity.kind)
            if instrument is not None:
                address = absolute(instrument.landing(activity))
                self.phases[activity.slug] = address
                self.processes.setdefault(activity.process_id, address)

    def of(self, row: Any) -> str:
        match row.source:
            case "event":
                return self.event.replace(_STAND_IN, row.path_part)
            case "item":
                return self.item.replace(str(_NUMBER), str(row.source_id))
            case "phase":
                return self.phases.get(row.path_part, self.home)
        return self.processes.get(row.process_id, self.home)


def kind_label(source: str, kind: str) -> str:
    """What a line is, in words."""
    choices: Any = {"item": ItemKind, "event": EventKind, "phase": Step}.get(source, ItemKind)
    return str(choices(kind).label)


def calendar_lines(
    rows: Iterable[Any], *, addresses: Addresses, reasons: dict[str, str]
) -> Iterator[rfc5545.Line]:
    """The entries of a calendar. Words are those of the language active now, not when read."""
    labels = _labels()
    title_of = _titles()
    host = _host()
    return (_line(row, addresses, reasons, labels, title_of, host) for row in rows)


def _line(
    row: Any,
    addresses: Addresses,
    reasons: dict[str, str],
    labels: dict[tuple[str, str], str],
    title_of: Callable[[str, str, str], str],
    host: str,
) -> rfc5545.Line:
    whole = row.precision != "time"
    return rfc5545.Line(
        uid=unique_id(row.source, row.uid, host),
        sequence=row.sequence,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        whole_days=whole,
        timezone=row.timezone,
        title=title_of(row.source, row.certainty, row.title),
        text="\n".join(filter(None, (row.summary, reasons.get(row.key, "")))),
        status=status_of(row.source, row.certainty),
        place=row.place or "",
        latitude=row.latitude,
        longitude=row.longitude,
        url=addresses.of(row),
        categories=tuple(
            filter(
                None,
                (
                    row.theme__name,
                    labels.get((row.source, row.kind)),
                    row.territory__name,
                    row.council_body,
                ),
            )
        ),
        updated_at=row.updated_at,
        busy=row.source == "event",
    )


def unique_id(source: str, uid: str, host: str) -> str:
    """The UID of a line: those of items and events are unique in the world by themselves."""
    return uid if source in ("item", "event") else f"{uid}@{host}"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _labels() -> dict[tuple[str, str], str]:
    kinds: tuple[tuple[str, Any], ...] = (("item", ItemKind), ("event", EventKind), ("phase", Step))
    labels = {(source, kind.value): str(kind.label) for source, all_ in kinds for kind in all_}
    labels["restitution", "restitution"] = str(ItemKind.RESTITUTION.label)
    return labels


def _titles() -> Callable[[str, str, str], str]:
    """Titles that say first what no calendar program shows: cancelled, postponed."""
    off = {
        ("event", "dropped"): gettext("Cancelled: %(title)s"),
        ("event", "moved"): gettext("Postponed: %(title)s"),
        ("item", "dropped"): gettext("Dropped: %(title)s"),
        ("phase", "dropped"): gettext("Cancelled: %(title)s"),
        ("restitution", "dropped"): gettext("Cancelled: %(title)s"),
    }
    due = gettext("Results due: %(title)s")

    def title_of(source: str, certainty: str, title: str) -> str:
        said = due % {"title": title} if source == "restitution" else title
        pattern = off.get((source, certainty))
        return pattern % {"title": said} if pattern else said

    return title_of


def calendar_of(event: Event, *, method: str = "PUBLISH") -> bytes:
    """The .ics file of one event, for its page and for mails: the same UID and SEQUENCE as in
    the feeds, so that a calendar program sees a move as a move."""
    line = line_of(event)
    pieces = rfc5545.calendar(
        [line], name=event.title, url=line.url, zones=[event.timezone], method=method
    )
    return b"".join(pieces)


def line_of(event: Event) -> rfc5545.Line:
    """An event as a calendar entry; its theme, venue and territory are read."""
    certainty = {
        EventState.CANCELLED: Certainty.DROPPED,
        EventState.POSTPONED: Certainty.MOVED,
        EventState.HELD: Certainty.DONE,
    }.get(EventState(event.state), Certainty.ANNOUNCED)
    point = event.point or (event.venue.point if event.venue else None)
    place = event.place
    if event.attendance == Attendance.ONLINE and not place:
        place = str(Attendance.ONLINE.label)
    labels = (
        event.theme.name,
        str(EventKind(event.kind).label),
        event.territory.name if event.territory else "",
        event.council_body,
    )
    return rfc5545.Line(
        uid=str(event.uid),
        sequence=event.sequence,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        whole_days=False,
        timezone=event.timezone,
        title=_titles()("event", certainty.value, event.title),
        text="\n".join(filter(None, (event.summary, event.closing_reason))),
        status=status_of("event", certainty.value),
        place=place,
        latitude=point.y if point else None,
        longitude=point.x if point else None,
        url=absolute(reverse("agenda:event", args=[event.slug])),
        categories=tuple(filter(None, labels)),
        updated_at=event.updated_at,
    )


def documents(
    rows: Iterable[Any], *, addresses: Addresses, reasons: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """The entries of the JSON feed; docs/agenda.md says what each field holds."""
    host = _host()
    zones: dict[str, ZoneInfo] = {}

    def local(instant: datetime.datetime | None, row: Any) -> str | None:
        if instant is None:
            return None
        zone = zones.setdefault(row.timezone, ZoneInfo(row.timezone))
        there = instant.astimezone(zone)
        return there.isoformat() if row.precision == "time" else there.date().isoformat()

    for row in rows:
        yield {
            "uid": unique_id(row.source, row.uid, host),
            "source": row.source,
            "kind": row.kind,
            "title": row.title,
            "summary": row.summary,
            "starts": local(row.starts_at, row),
            "ends": local(row.ends_at, row),
            "timezone": row.timezone,
            "precision": row.precision,
            "certainty": row.certainty,
            "status": status_of(row.source, row.certainty).lower(),
            "reason": reasons.get(row.key, ""),
            "takes_part": row.takes_part,
            "theme": row.theme__name,
            "territory": row.territory__name,
            "council": row.council_body,
            "place": row.place or "",
            "latitude": row.latitude,
            "longitude": row.longitude,
            "url": addresses.of(row),
            "sequence": row.sequence,
            "updated": row.updated_at.isoformat(),
        }
