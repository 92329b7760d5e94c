"""One month of the agenda as a calendar."""

import calendar
import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from participation.agenda.models import AgendaEntry
from participation.agenda.presentation.entries import Line

PER_DAY = 4
"""Lines that a day's cell holds; the rest is in the day's list."""
LONG = datetime.timedelta(days=7)
"""What lasts longer is told once, above the month."""
MOST_LASTING = 12


@dataclass(slots=True)
class Day:
    """A day: its lines, how many cells they take, how many more there are; is it of this month."""

    date: datetime.date
    in_month: bool
    is_today: bool
    lines: list[Line] = field(default_factory=list)
    taken: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday, and what lasts over the month; `more` of it is not told."""

    first: datetime.date
    weeks: list[list[Day]]
    lasting: list[Line]
    more: int = 0

    @property
    def last(self) -> datetime.date:
        """The last day of the month."""
        return self.following - datetime.timedelta(days=1)

    @property
    def previous(self) -> datetime.date:
        return (self.first - datetime.timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> datetime.date:
        """The first day of the next month."""
        return (self.first + datetime.timedelta(days=32)).replace(day=1)

    @property
    def busy_days(self) -> list[Day]:
        """The days of the month that hold something, for narrow screens."""
        return [day for week in self.weeks for day in week if day.in_month and day.lines]


def bounds(first: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First day shown and the day after the last one: whole weeks."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return weeks[0][0], weeks[-1][-1] + datetime.timedelta(days=1)


def month_of(
    first: datetime.date,
    entries: Iterable[AgendaEntry],
    *,
    write: Callable[[list[AgendaEntry]], list[Line]],
    today: datetime.date,
    zone: ZoneInfo,
) -> Month:
    """A month of which `entries` are everything that touches it, in the order of time.

    `write` makes the lines of those that are shown, and of them alone.
    """
    weeks = [
        [Day(date, date.month == first.month, date == today) for date in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week}
    places: list[tuple[AgendaEntry, list[Day]]] = []
    lasting: list[AgendaEntry] = []
    more = 0
    for entry in entries:
        if _lasts(entry):
            if len(lasting) < MOST_LASTING:
                lasting.append(entry)
            else:
                more += 1
            continue
        shown = _room(entry, days, zone)
        if shown:
            places.append((entry, shown))
    lines = write([*lasting, *(entry for entry, _days in places)])
    for line, (_entry, shown) in zip(lines[len(lasting) :], places, strict=True):
        for day in shown:
            day.lines.append(line)
    return Month(first, weeks, lines[: len(lasting)], more)


def _lasts(entry: AgendaEntry) -> bool:
    """Whether it has no day of its own: it is long, or nobody knows its day yet."""
    is_uncertain = entry.precision not in ("time", "day")
    return is_uncertain or entry.ends_at is None or entry.ends_at - entry.starts_at > LONG


def _room(entry: AgendaEntry, days: dict[datetime.date, Day], zone: ZoneInfo) -> list[Day]:
    """The days that show it; those that are full count it."""
    assert entry.ends_at is not None  # noqa: S101 -- what has no end lasts
    start = entry.starts_at.astimezone(zone).date()
    last = (entry.ends_at - datetime.timedelta(microseconds=1)).astimezone(zone).date()
    found = []
    for number in range((last - start).days + 1):
        day = days.get(start + datetime.timedelta(days=number))
        if day is None:
            continue
        if day.taken < PER_DAY:
            day.taken += 1
            found.append(day)
        else:
            day.more += 1
    return found
