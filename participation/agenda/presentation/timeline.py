"""The six years of a mandate on one screen: what is drawn where.

The drawing is an SVG whose user units are pixels at 1,200 units wide; a year is a column, a theme
or a territory a row. A row stacks its bars in lanes. Where there are too many to be told apart,
each quarter is one square with its number, which leads to the list of that quarter.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext

from participation.agenda.presentation.entries import Line

WIDTH, LABELS, TOP = 1200, 210, 34
LANE, BAR, ROW_PADDING = 17, 12, 9
MOST_BARS = 240
"""Beyond that many lines, quarters are counted."""
MOST_LANES = 5
SHORTEST = 12.0
"""Width of the smallest mark."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line drawn: its place in user units. `rank` is the lane."""

    line: Line
    x: float
    y: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class Square:
    """Lines counted over one quarter: `strength` 1 to 5."""

    x: float
    y: float
    width: float
    count: int
    strength: int
    url: str
    label: str


@dataclass(slots=True)
class Row:
    """A theme or a territory."""

    name: str
    tone: int
    y: float = 0
    height: float = 0
    url: str = ""
    bars: list[Bar] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    label: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing; `today_x` is None outside the mandate."""

    width: int
    height: float
    years: list[Year]
    rows: list[Row]
    today_x: float | None
    top: int = TOP
    labels: int = LABELS


class Scale:
    """Days of the half-open mandate to user units."""

    def __init__(self, start: datetime.date, end: datetime.date) -> None:
        self.start, self.end = start, end
        self.days = (end - start).days

    def x(self, day: datetime.date) -> float:
        """Where a day starts, held within the mandate."""
        gone = min(max((day - self.start).days, 0), self.days)
        return round(LABELS + gone * (WIDTH - LABELS) / self.days, 1)

    def years(self) -> list[Year]:
        found = []
        for year in range(self.start.year, (self.end - datetime.timedelta(days=1)).year + 1):
            left = self.x(datetime.date(year, 1, 1))
            right = self.x(datetime.date(year + 1, 1, 1))
            found.append(Year(str(year), left, round(right - left, 1)))
        return found


def draw(
    lines: Sequence[tuple[str, Line]],
    *,
    scale: Scale,
    rows: Iterable[Row],
    today: datetime.date,
) -> Timeline:
    """Bars of each line in the row of that name; rows keep their order."""
    by_name = {row.name: row for row in rows}
    lanes: dict[str, list[float]] = {name: [] for name in by_name}
    for name, each in sorted(lines, key=lambda pair: (pair[1].starts_at, pair[1].key)):
        row = by_name[name]
        left = scale.x(_day(each.starts_at))
        right = scale.x(_day(each.ends_at)) if each.ends_at else scale.x(scale.end)
        width = max(right - left, SHORTEST)
        lane = _lane(lanes[name], left, left + width + 2)
        if lane is None:
            row.more += 1
            continue
        y = ROW_PADDING + lane * LANE
        row.bars.append(Bar(each, left, y, round(width, 1), _words(each)))
    for name, row in by_name.items():
        row.height = 2 * ROW_PADDING + max(len(lanes[name]), 1) * LANE
    return _stacked(list(by_name.values()), scale, today)


def count(
    counts: Iterable[tuple[str, datetime.date, int, str]],
    *,
    scale: Scale,
    rows: Iterable[Row],
    today: datetime.date,
) -> Timeline:
    """Squares of (row's name, first day of a quarter, how many, address of their list)."""
    by_name = {row.name: row for row in rows}
    found = list(counts)
    most = max((number for _name, _day, number, _url in found), default=1)
    for name, quarter, number, url in found:
        left, right = scale.x(quarter), scale.x(next_quarter(quarter))
        if right <= left:
            continue
        by_name[name].squares.append(
            Square(
                x=left + 1,
                y=ROW_PADDING,
                width=round(right - left - 2, 1),
                count=number,
                strength=1 + min(4, 5 * number // (most + 1)),
                url=url,
                label=gettext("%(name)s, %(quarter)s: %(number)s")
                % {"name": name, "quarter": quarter_words(quarter), "number": number},
            )
        )
    for row in by_name.values():
        row.height = 2 * ROW_PADDING + 26
    return _stacked(list(by_name.values()), scale, today)


def next_quarter(day: datetime.date) -> datetime.date:
    """First day of the following quarter."""
    month = 3 * ((day.month - 1) // 3) + 4
    return datetime.date(day.year + (month > 12), (month - 1) % 12 + 1, 1)


def quarter_words(day: datetime.date) -> str:
    return gettext("quarter %(number)s of %(year)s") % {
        "number": (day.month - 1) // 3 + 1,
        "year": day.year,
    }


def _lane(ends: list[float], left: float, right: float) -> int | None:
    """The first lane that is free at `left`; None when all that may be drawn are taken."""
    for number, taken in enumerate(ends):
        if taken <= left:
            ends[number] = right
            return number
    if len(ends) >= MOST_LANES:
        return None
    ends.append(right)
    return len(ends) - 1


def _stacked(rows: list[Row], scale: Scale, today: datetime.date) -> Timeline:
    rows = [row for row in rows if row.bars or row.squares or row.more] or rows
    y = float(TOP)
    for row in rows:
        row.y = y
        y += row.height
    here = scale.x(today) if scale.start <= today < scale.end else None
    return Timeline(WIDTH, y, scale.years(), rows, here)


def _words(each: Line) -> str:
    return " – ".join(part for part in (each.title, each.when, each.state) if part)


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()
