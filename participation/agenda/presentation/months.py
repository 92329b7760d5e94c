"""One month of the agenda as a calendar."""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from participation.agenda.presentation.entries import Line

PER_DAY = 4
"""Lines that a day's cell holds; the rest is in the day's list."""
LONG = datetime.timedelta(days=7)
"""What lasts longer is told once, above the month."""


@dataclass(slots=True)
class Day:
    """A day: its lines, how many more there are, and whether it is of this month."""

    date: datetime.date
    in_month: bool
    is_today: bool
    lines: list[Line] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday, and what lasts over the month."""

    first: datetime.date
    weeks: list[list[Day]]
    lasting: list[Line]

    @property
    def previous(self) -> datetime.date:
        return (self.first - datetime.timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> datetime.date:
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
    first: datetime.date, lines: Iterable[Line], *, today: datetime.date, zone: ZoneInfo
) -> Month:
    """A month of which `lines` are everything that touches it, in the order of time."""
    weeks = [
        [Day(date, date.month == first.month, date == today) for date in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week}
    lasting = []
    for line in lines:
        if line.ends_at is None or line.is_uncertain or line.ends_at - line.starts_at > LONG:
            lasting.append(line)
            continue
        start = line.starts_at.astimezone(zone).date()
        last = (line.ends_at - datetime.timedelta(microseconds=1)).astimezone(zone).date()
        for number in range((last - start).days + 1):
            day = days.get(start + datetime.timedelta(days=number))
            if day is None:
                continue
            if len(day.lines) < PER_DAY:
                day.lines.append(line)
            else:
                day.more += 1
    return Month(first, weeks, lasting)
