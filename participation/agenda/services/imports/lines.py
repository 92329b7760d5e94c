"""What a line of a file becomes, and the reasons why it can't."""

import datetime
import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.gis.geos import Point
from django.utils.translation import gettext
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from maps.models import Territory
from participation.agenda.choices import EventKind, TimeZone
from participation.agenda.models import Theme, Venue

MOST_EVENTS = 5000
MOST_BYTES = 16 * 1024 * 1024
MOST_OCCURRENCES = 366
LONGEST = datetime.timedelta(days=366)
USUAL_LENGTH = datetime.timedelta(hours=2)
TITLE, BODY, ADDRESS, COUNCIL = 150, 8000, 250, 120


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What a file does not say: the theme and the kind of lines that name none, the zone of
    hours written without one, the place of all."""

    theme: Theme
    kind: str = EventKind.OTHER
    timezone: str = TimeZone.PARIS
    territory: Territory | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that can't be kept, or was mended: its number, what it calls itself, why."""

    number: int
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """The recurrence that an event comes from; `key` is the same for all of its occurrences."""

    key: str
    text: str
    first: datetime.datetime
    exceptions: tuple[datetime.date, ...]


@dataclass(slots=True)
class Wish:
    """One event to be: instants in UTC, texts already cut to what we hold."""

    number: int
    uid: uuid.UUID
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    timezone: str
    body: str = ""
    address: str = ""
    venue: Venue | None = None
    council_body: str = ""
    kind: str = ""
    theme: Theme | None = None
    point: Point | None = None
    rule: Rule | None = None
    notes: list[str] = field(default_factory=list)


class LineRefused(ValueError):
    """Why one line can't be kept, in words."""


class FileRefused(ValueError):
    """Why nothing of a file can be read, in words."""


def known_as(uid: str) -> uuid.UUID:
    """Our key for the UID of another calendar: always the same."""
    try:
        return uuid.UUID(uid)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"ical:{uid}")


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, of a Windows name, or of a long name that ends with an IANA one."""
    parts = name.strip().strip('"').split("/")
    for asked in (
        "/".join(parts),
        WINDOWS_TO_OLSON.get(name.strip().strip('"'), ""),
        "/".join(parts[-2:]) if len(parts) > 2 else "",
        "/".join(parts[-3:]) if len(parts) > 3 else "",
    ):
        try:
            return ZoneInfo(asked)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def instant_of(
    naive: datetime.datetime, zone: datetime.tzinfo, notes: list[str]
) -> datetime.datetime:
    """The instant of a time of the clocks of a place; that which never comes is refused."""
    instant = naive.replace(tzinfo=zone).astimezone(datetime.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != naive:
        raise LineRefused(
            gettext("%(time)s does not exist: clocks go forward that night") % {"time": naive}
        )
    if naive.replace(tzinfo=zone, fold=1).astimezone(datetime.UTC) != instant:
        notes.append(gettext("%(time)s comes twice that night: the first") % {"time": naive})
    return instant


def zone_kept(zone: datetime.tzinfo | None, plan: EventPlan, notes: list[str]) -> str:
    """The zone that the event shows: its own when it is one of ours, else that of the plan."""
    name = getattr(zone, "key", "")
    if name in TimeZone.values:
        return str(name)
    if zone is not None and zone is not datetime.UTC and name != "UTC":
        notes.append(
            gettext("hours of %(zone)s, shown in those of %(ours)s")
            % {"zone": name or zone, "ours": plan.timezone}
        )
    return plan.timezone


def cut(text: str, longest: int, what: str, notes: list[str]) -> str:
    """A text that fits, without characters that no page shows."""
    text = "".join(c for c in text if c in "\n\t" or c.isprintable()).strip()
    if len(text) <= longest:
        return text
    notes.append(gettext("%(what)s cut at %(limit)d characters") % {"what": what, "limit": longest})
    return text[: longest - 1].rstrip() + "…"


def check_length(starts_at: datetime.datetime, ends_at: datetime.datetime) -> None:
    if ends_at <= starts_at:
        raise LineRefused(gettext("its end is not after its start"))
    if ends_at - starts_at > LONGEST:
        raise LineRefused(gettext("it lasts more than a year"))
    if not 2000 <= starts_at.year <= 2100:
        raise LineRefused(gettext("its year is not between 2000 and 2100"))


def point_at(latitude: float, longitude: float) -> Point:
    """A place in degrees; `LineRefused` outside the Earth."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise LineRefused(gettext("its coordinates are not on Earth"))
    return Point(longitude, latitude, srid=4326)


def decoded(content: bytes) -> tuple[str, bool]:
    """The text of a file, and whether it was not UTF-8 (then that of Windows, hence Latin-1)."""
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), True
