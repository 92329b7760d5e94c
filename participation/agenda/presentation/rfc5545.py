"""iCalendar (RFC 5545), written line by line.

The objects of the `icalendar` library take three times as long, and a feed of 5,000 entries must
be built within a second. What is written here is read back by that library, by khal and by
ICAL.js in the tests.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

_PRODUCT = "-//Parvis//Agenda//FR"
_CHUNK = 100
_FOLD = 75
_ESCAPED = re.compile(r"[\\;,\n]")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Line:
    """One VEVENT. `starts_at` and `ends_at` are instants; `whole_days` says that only their dates
    count, in `timezone`. `busy` is false for a window that takes nobody's time."""

    uid: str
    sequence: int
    starts_at: datetime.datetime
    ends_at: datetime.datetime | None
    whole_days: bool
    timezone: str
    title: str
    text: str
    status: str
    place: str
    latitude: float | None
    longitude: float | None
    url: str
    categories: tuple[str, ...]
    updated_at: datetime.datetime
    busy: bool = True


def calendar(
    lines: Iterable[Line], *, name: str, url: str, zones: Iterable[str], method: str = "PUBLISH"
) -> Iterator[bytes]:
    """A VCALENDAR in pieces of a hundred entries; `zones` are all those that its lines use."""
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"URL:{url}",
        f"SOURCE;VALUE=URI:{url}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for zone in sorted(set(zones)):
        head += vtimezone(zone)
    yield _encoded(head)
    piece: list[str] = []
    for count, line in enumerate(lines, start=1):
        piece += vevent(line)
        if count % _CHUNK == 0:
            yield _encoded(piece)
            piece = []
    yield _encoded([*piece, "END:VCALENDAR"])


def vevent(line: Line) -> list[str]:
    """The content lines of one VEVENT, not yet folded."""
    stamp = f"{line.updated_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{line.uid}",
        # Without a method of exchange, DTSTAMP says when the entry was last revised
        # (RFC 5545 § 3.8.7.2): the same agenda is always the same bytes.
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{line.sequence}",
        _moment("DTSTART", line.starts_at, line),
        f"SUMMARY:{escaped(line.title)}",
        f"STATUS:{line.status}",
    ]
    if line.ends_at is not None:
        lines.append(_moment("DTEND", line.ends_at, line))
    if line.text:
        lines.append(f"DESCRIPTION:{escaped(line.text)}")
    if line.place:
        lines.append(f"LOCATION:{escaped(line.place)}")
    if line.latitude is not None and line.longitude is not None:
        lines.append(f"GEO:{line.latitude:.6f};{line.longitude:.6f}")
    if line.url:
        lines.append(f"URL:{line.url}")
    if line.categories:
        lines.append("CATEGORIES:" + ",".join(escaped(each) for each in line.categories))
    if not line.busy:
        lines.append("TRANSP:TRANSPARENT")
    lines.append("END:VEVENT")
    return lines


def escaped(text: str) -> str:
    """A text value (RFC 5545 § 3.3.11): one line, its commas and semicolons told as text."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROLS.sub(" ", text)
    return _ESCAPED.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", text)


def folded(line: str) -> str:
    """A content line cut every 75 octets, never inside a character (RFC 5545 § 3.1)."""
    if len(line) <= _FOLD and (line.isascii() or len(line.encode()) <= _FOLD):
        return line
    parts, part, size = [], "", 0
    for character in line:
        weight = len(character.encode())
        if size + weight > _FOLD:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += weight
    return "\r\n".join([*parts, part])


@lru_cache(maxsize=16)
def vtimezone(zone: str) -> tuple[str, ...]:
    """The VTIMEZONE of a zone of the agenda: that of Paris follows the rule of the Union
    (directive 2000/84/EC), those overseas never change."""
    if zone == "Europe/Paris":
        changes = (
            _change("DAYLIGHT", "19810329T020000", "+0100", "+0200", "CEST", 3)
            + _change("STANDARD", "19961027T030000", "+0200", "+0100", "CET", 10)
        )  # fmt: skip
    else:
        offset = datetime.datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
        changes = _change("STANDARD", "19700101T000000", f"{offset:%z}", f"{offset:%z}", "", None)
    return ("BEGIN:VTIMEZONE", f"TZID:{zone}", *changes, "END:VTIMEZONE")


def _change(
    kind: str, start: str, before: str, after: str, name: str, month: int | None
) -> list[str]:
    lines = [f"BEGIN:{kind}", f"DTSTART:{start}"]
    if month:
        lines.append(f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY=-1SU")
    lines += [f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", f"TZNAME:{name or after}"]
    return [*lines, f"END:{kind}"]


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _moment(name: str, instant: datetime.datetime, line: Line) -> str:
    local = instant.astimezone(_zone(line.timezone))
    if line.whole_days:
        return f"{name};VALUE=DATE:{local:%Y%m%d}"
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        # The hour that autumn repeats: by its name it would mean the first pass (§ 3.3.5), which
        # not every program knows.
        return f"{name}:{instant.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={line.timezone}:{local:%Y%m%dT%H%M%S}"


def _encoded(lines: Iterable[str]) -> bytes:
    return ("\r\n".join(map(folded, lines)) + "\r\n").encode()
