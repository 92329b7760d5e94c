"""One month of the agenda as a calendar."""

import calendar
import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import ngettext, pgettext

from participation.agenda.models import AgendaEntry
from participation.agenda.presentation.dates import date_format
from participation.agenda.presentation.entries import ShortLine

PER_DAY = 3
"""Lines that a day's cell holds; the rest is in the day's list."""


@dataclass(slots=True)
class Day:
    """A day: its lines, how many cells they take, how many more there are; is it of this month."""

    date: datetime.date
    in_month: bool
    is_today: bool
    lines: list[ShortLine] = field(default_factory=list)
    taken: int = 0
    more: int = 0

    @property
    def words(self) -> str:
        """The day whole, as a narrow screen shows it and a screen reader says it."""
        return capfirst(date_format(self.date, pgettext("date format", "l, F j")))

    @property
    def short_words(self) -> str:
        """The day without its year, nor its name."""
        return date_format(self.date, pgettext("date format", "F j"))

    @property
    def iso(self) -> str:
        """The day as in an address."""
        return self.date.isoformat()

    @property
    def others(self) -> str:
        """How many more there are, in words."""
        return ngettext("+ %(more)s other", "+ %(more)s others", self.more) % {"more": self.more}

    @property
    def look(self) -> str:
        marks = {
            "a-day": True,
            "a-day--out": not self.in_month,
            "a-day--today": self.is_today,
            "a-day--empty": not self.lines,
        }
        return " ".join(name for name, holds in marks.items() if holds)


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday, and what lasts over the month: `has_more` when not all of it is told."""

    first: datetime.date
    weeks: list[list[Day]]
    lasting: list[ShortLine]
    has_more: bool

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
    def is_empty(self) -> bool:
        """Whether no day of the month holds anything."""
        return not any(day.lines for week in self.weeks for day in week if day.in_month)


def bounds(first: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First day shown and the day after the last one: whole weeks."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return weeks[0][0], weeks[-1][-1] + datetime.timedelta(days=1)


def month_of(
    first: datetime.date,
    dated: Iterable[AgendaEntry],
    *,
    lasting: Sequence[AgendaEntry],
    has_more: bool,
    write: Callable[[list[AgendaEntry]], list[ShortLine]],
    today: datetime.date,
    zone: ZoneInfo,
) -> Month:
    """A month of which `dated` are all the lines with days of their own, in the order of time, and
    `lasting` those of the others that are told.

    `write` makes the lines of what is shown, and of it alone.
    """
    weeks = [
        [Day(date, date.month == first.month, date == today) for date in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week}
    places = [(entry, shown) for entry in dated if (shown := _room(entry, days, zone))]
    lines = write([*lasting, *(entry for entry, _days in places)])
    for line, (_entry, shown) in zip(lines[len(lasting) :], places, strict=True):
        for day in shown:
            day.lines.append(line)
    return Month(first, weeks, lines[: len(lasting)], has_more)


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
