"""The timeline on which officers plan: what is drawn where, and what may be dragged.

The drawing is an SVG of 1,200 units; a theme is a row whose bars are stacked in lanes. A bar keeps
its own days in its attributes: the script moves it by whole days, months, seasons or years.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.text import Truncator

from participation.agenda.choices import Certainty
from participation.agenda.models import AgendaItem, ReservedPeriod, Theme
from participation.agenda.presentation.dates import period_words
from participation.core.dates import date_format

WIDTH, LABELS, TOP = 1200, 180, 34
LANE, BAR, ROW_PADDING = 30, 24, 8
SHORTEST = 24.0
"""Width of the smallest bar: a target of 24 units (WCAG 2.5.8)."""
LETTER = 7.4
"""Width of a letter, on the large side: the fonts of the back office are those of each computer."""
_LABEL_LETTERS = 23
_UNSAID = (Certainty.IDEA, Certainty.PROPOSED, Certainty.VALIDATED)


@dataclass(frozen=True, slots=True)
class Column:
    """A month or a year of the drawing."""

    label: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Handle:
    """An item drawn. `last` is its last day; `is_unsaid` when the public does not read it."""

    item: AgendaItem
    x: float
    y: float
    width: float
    last: datetime.date
    label: str
    text: str
    text_x: float
    is_inside: bool
    is_unsaid: bool
    may_move: bool


@dataclass(slots=True)
class Lane:
    """A theme: its bars, where it starts and how high it is."""

    theme: Theme
    name: str
    y: float
    height: float
    bars: list[Handle] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole drawing; `day` is the width of one day."""

    height: float
    columns: list[Column]
    lanes: list[Lane]
    reserved: list[Column]
    today_x: float | None
    day: float
    width: int = WIDTH
    labels: int = LABELS
    top: int = TOP


class Ruler:
    """Days of the half-open `window` to user units."""

    def __init__(self, window: DateRange) -> None:
        self.start: datetime.date = window.lower
        self.end: datetime.date = window.upper
        self.days = (self.end - self.start).days

    @property
    def day(self) -> float:
        return (WIDTH - LABELS) / self.days

    def x(self, day: datetime.date) -> float:
        """Where a day starts, held within the window."""
        gone = min(max((day - self.start).days, 0), self.days)
        return round(LABELS + gone * self.day, 2)

    def columns(self) -> list[Column]:
        """Months up to a year; years beyond."""
        step = 1 if self.days <= 366 else 12
        found = []
        start = self.start.replace(day=1) if step == 1 else self.start.replace(month=1, day=1)
        while start < self.end:
            number = start.month - 1 + step
            following = datetime.date(start.year + number // 12, number % 12 + 1, 1)
            words = date_format(start, "N") if step == 1 else str(start.year)
            left = self.x(start)
            found.append(Column(words, left, round(self.x(following) - left, 2)))
            start = following
        return found


def plan(
    items: Sequence[AgendaItem],
    *,
    window: DateRange,
    movable: set[int],
    reserved: Iterable[ReservedPeriod],
    today: datetime.date,
) -> Plan:
    """Draw the items, in their order, that touch `window`; those of `movable` may be dragged."""
    ruler = Ruler(window)
    by_theme: dict[Theme, list[AgendaItem]] = {}
    for item in sorted(items, key=lambda each: (each.theme.position, each.theme.name)):
        by_theme.setdefault(item.theme, []).append(item)
    lanes = []
    y = float(TOP)
    for theme, found in by_theme.items():
        lane = _lane(theme, found, ruler, movable, y)
        lanes.append(lane)
        y += lane.height
    return Plan(
        height=y,
        columns=ruler.columns(),
        lanes=lanes,
        reserved=[_band(period, ruler) for period in reserved],
        today_x=ruler.x(today) if ruler.start <= today < ruler.end else None,
        day=round(ruler.day, 4),
    )


def _lane(theme: Theme, items: list[AgendaItem], ruler: Ruler, movable: set[int], y: float) -> Lane:
    lane = Lane(theme, Truncator(theme.name).chars(_LABEL_LETTERS), y, 0)
    ends: list[float] = []
    for item in items:
        left, right = ruler.x(item.window.lower), ruler.x(item.window.upper)
        width = round(max(right - left, SHORTEST), 2)
        left = min(left, WIDTH - width)
        letters = len(item.title) * LETTER
        is_inside = letters + 16 <= width or left + width + 6 + letters > WIDTH
        room = int((width - 16) / LETTER)
        text = item.title if not is_inside else Truncator(item.title).chars(max(room, 1))
        taken = left + width + (0 if is_inside else 6 + letters) + 6
        free = next((place for place, end in enumerate(ends) if end <= left), len(ends))
        ends[free : free + 1] = [taken]
        words = period_words(item.window.lower, item.window.upper, item.precision)
        lane.bars.append(
            Handle(
                item=item,
                x=left,
                y=ROW_PADDING + free * LANE,
                width=width,
                last=item.window.upper - datetime.timedelta(days=1),
                label=f"{item.title} – {words} – {item.get_certainty_display()}",
                text=text if room > 1 or not is_inside else "",
                text_x=round(left + 8 if is_inside else left + width + 6, 2),
                is_inside=is_inside,
                is_unsaid=item.certainty in _UNSAID,
                may_move=item.pk in movable,
            )
        )
    lane.height = 2 * ROW_PADDING + max(len(ends), 1) * LANE
    return lane


def _band(period: ReservedPeriod, ruler: Ruler) -> Column:
    left = ruler.x(period.period.lower)
    return Column(period.label, left, round(ruler.x(period.period.upper) - left, 2))
