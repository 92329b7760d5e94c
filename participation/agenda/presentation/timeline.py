"""The six years of a mandate on one screen: what is drawn where.

The drawing is an SVG whose user units are pixels at 1,200 units wide; a year is a column, a theme
or a territory a row. A row stacks its bars in lanes, each with its title where there is room.
Where there are too many to be told apart, each quarter is one square with its number, which leads
to the list of that quarter.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from participation.agenda.presentation.entries import Line

WIDTH, LABELS, TOP = 1200, 196, 36
LANE, BAR, ROW_PADDING = 22, 16, 9
SQUARE = 24
MOST_BARS = 240
"""Beyond that many lines, quarters are counted."""
MOST_LANES = 6
SHORTEST = 8.0
"""Width of the smallest mark."""
LETTER = 6.1
"""Width of a letter of a title, on average."""
ROOM = 150.0
"""What a title may ask for beside its bar."""
LEAST_LETTERS = 7


@dataclass(slots=True)
class Bar:
    """A line drawn: its place in user units. `text` is as much of its title as there is room for,
    at `text_x`, inside the bar or beside it. A line that was moved has a thread from `former_x`."""

    line: Line
    x: float
    y: float
    width: float
    label: str
    text: str = ""
    text_x: float = 0
    is_inside: bool = False
    former_x: float | None = None

    @property
    def left(self) -> float:
        """Where it starts, with the thread from its former date."""
        return self.x if self.former_x is None else min(self.x, self.former_x)

    @property
    def right(self) -> float:
        return self.x + self.width


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
    short: str
    is_now: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(slots=True)
class Row:
    """A theme or a territory; `more` lines had no lane left."""

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
    counts: Iterable[tuple[str, datetime.date, int, str]],
    *,
    scale: Scale,
    rows: dict[str, Row],
    today: datetime.date,
) -> Timeline:
    """Bars of (row's key, line), then squares of (row's key, first day of a quarter, how many,
    address of their list); rows keep their order, empty ones are left out."""
    by_row: dict[str, list[Bar]] = {key: [] for key in rows}
    for key, each in sorted(lines, key=lambda pair: (pair[1].starts_at, pair[1].key)):
        by_row[key].append(_bar(each, scale))
    for key, bars in by_row.items():
        _fill(rows[key], bars)
    _count(counts, scale, rows, today)
    return _stacked(rows.values(), scale, today)


def _count(
    counts: Iterable[tuple[str, datetime.date, int, str]],
    scale: Scale,
    rows: dict[str, Row],
    today: datetime.date,
) -> None:
    found = list(counts)
    most = max((number for _key, _day, number, _url in found), default=1)
    below = {key: row.height for key, row in rows.items()}
    label = gettext("%(name)s, %(quarter)s: %(number)s")
    quarters = {quarter for _key, quarter, *_rest in found}
    words = {quarter: (quarter_words(quarter), _short_words(quarter)) for quarter in quarters}
    sides = {quarter: (scale.x(quarter), scale.x(next_quarter(quarter))) for quarter in quarters}
    for key, quarter, number, url in found:
        left, right = sides[quarter]
        row = rows[key]
        row.squares.append(
            Square(
                x=round(left + 1, 1),
                y=below[key] - ROW_PADDING if row.bars else ROW_PADDING,
                width=round(max(right - left - 2, SHORTEST), 1),
                count=number,
                strength=1 + min(4, 5 * number // (most + 1)),
                url=url,
                label=label % {"name": row.name, "quarter": words[quarter][0], "number": number},
                short=words[quarter][1],
                is_now=quarter <= today < next_quarter(quarter),
            )
        )
    for key, row in rows.items():
        if row.squares:
            row.height = (below[key] if row.bars else 2 * ROW_PADDING) + SQUARE


def quarter_of(day: datetime.date) -> datetime.date:
    """First day of the quarter of a day."""
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


def _number(quarter: datetime.date) -> int:
    return (quarter.month - 1) // 3 + 1


def next_quarter(day: datetime.date) -> datetime.date:
    """First day of the following quarter."""
    month = 3 * ((day.month - 1) // 3) + 4
    return datetime.date(day.year + (month > 12), (month - 1) % 12 + 1, 1)


def quarter_words(day: datetime.date) -> str:
    return gettext("quarter %(number)s of %(year)s") % {
        "number": _number(day),
        "year": day.year,
    }


def _short_words(day: datetime.date) -> str:
    return gettext("Q%(number)s %(year)s") % {"number": _number(day), "year": day.year}


def _bar(each: Line, scale: Scale) -> Bar:
    left = scale.x(_day(each.starts_at))
    right = scale.x(_day(each.ends_at)) if each.ends_at else scale.x(scale.end)
    width = round(max(right - left, SHORTEST), 1)
    left = min(left, WIDTH - width)
    bar = Bar(each, left, 0, width, _words(each))
    if each.former_start is not None:
        bar.former_x = scale.x(each.former_start)
    return bar


def _fill(row: Row, bars: list[Bar]) -> None:
    """Put bars in lanes: with room for their titles if all fit so, closer to each other if not."""
    lanes: list[list[Bar]] = []
    for room in (ROOM, 60.0, 0.0):
        lanes, row.more = _packed(bars, room)
        if not row.more:
            break
    for number, lane in enumerate(lanes):
        for bar, following in zip(lane, [*lane[1:], None], strict=True):
            bar.y = ROW_PADDING + number * LANE
            _write(bar, following.left if following else float(WIDTH))
        row.bars += lane
    row.bars.sort(key=lambda bar: (bar.line.starts_at, bar.line.key))
    row.height = 2 * ROW_PADDING + max(len(lanes), 1) * LANE


def _packed(bars: list[Bar], room: float) -> tuple[list[list[Bar]], int]:
    """(lanes of bars, how many found no lane) when each title beside a bar asks for `room`."""
    lanes: list[list[Bar]] = []
    ends: list[float] = []
    left_out = 0
    for bar in bars:
        title = len(bar.line.title) * LETTER
        needs = bar.x + max(bar.width, min(title, room) + bar.width if room else 0) + 6
        if room and title + 12 <= bar.width:
            needs = bar.right + 6
        free = next((number for number, taken in enumerate(ends) if taken <= bar.left), None)
        if free is None and len(lanes) == MOST_LANES:
            left_out += 1
            continue
        if free is None:
            lanes.append([bar])
            ends.append(needs)
        else:
            lanes[free].append(bar)
            ends[free] = needs
    return lanes, left_out


def _write(bar: Bar, limit: float) -> None:
    """Give a bar as much of its title as fits inside it, or before `limit` beside it."""
    inside = int((bar.width - 12) / LETTER)
    beside = int((limit - bar.right - 12) / LETTER)
    letters = len(bar.line.title)
    if inside >= min(letters, 18) or (inside >= LEAST_LETTERS and inside >= beside):
        bar.is_inside, bar.text_x = True, bar.x + 6
    elif beside >= min(letters, LEAST_LETTERS):
        bar.text_x = bar.right + 4
    else:
        return
    bar.text = Truncator(bar.line.title).chars(max(inside if bar.is_inside else beside, 2))


def _stacked(rows: Iterable[Row], scale: Scale, today: datetime.date) -> Timeline:
    shown = [row for row in rows if row.bars or row.squares or row.more]
    y = float(TOP)
    for row in shown:
        row.y = y
        y += row.height
    here = scale.x(today) if scale.start <= today < scale.end else None
    return Timeline(WIDTH, y, scale.years(), shown, here)


def _words(each: Line) -> str:
    return " – ".join(part for part in (each.title, each.when, each.state, each.former) if part)


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()
