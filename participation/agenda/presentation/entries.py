"""Lines of the agenda, ready to be read."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from participation.agenda.choices import Certainty, EventKind, ItemKind
from participation.agenda.models import AgendaEntry
from participation.agenda.presentation.dates import (
    entry_words,
    moment_words,
    period_words,
    start_hour,
)
from participation.agenda.queries.moves import moves_of_events, moves_of_items
from participation.core.choices import Step

_TONES = 8


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line where there is little room: `when` in words, `hour` that of its start where it has
    one, `state` when it is worth a badge, `theme_tone` the colour of its theme, `url` its page."""

    title: str
    when: str
    hour: str
    state: str
    theme_tone: int
    url: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class Line(ShortLine):
    """A line as shown: `kind` in words, `tone` the colour of its state. One that was moved says
    its `former` date."""

    key: str
    summary: str
    kind: str
    tone: str
    theme: str
    territory: str
    place: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime | None
    is_uncertain: bool
    point: Any = None
    former: str = ""
    former_start: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Former:
    """The date that a line had before: its first day, and words."""

    start: datetime.date
    words: str


def short_line(entry: Any, at: datetime.datetime, tones: Mapping[int, int]) -> ShortLine:
    """A line in a few words, from its entry in short and the tone of each theme, by its key."""
    state, _tone = state_of(entry, at)
    return ShortLine(
        title=entry.title,
        when=_when(entry),
        hour=start_hour(entry.starts_at, entry.timezone) if entry.source == "event" else "",
        state=state,
        theme_tone=tones.get(entry.theme_id, _TONES),
        url=address(entry),
        is_off=entry.certainty == Certainty.DROPPED,
    )


def line(entry: AgendaEntry, at: datetime.datetime, former: Former | None = None) -> Line:
    """A line, from its entry with its theme and territory, and the date it had before."""
    state, tone = state_of(entry, at)
    return Line(
        key=entry.key,
        title=entry.title,
        summary=entry.summary,
        when=_when(entry),
        hour=start_hour(entry.starts_at, entry.timezone) if entry.source == "event" else "",
        kind=kind_words(entry),
        state=state,
        tone=tone,
        theme=entry.theme.name if entry.theme else "",
        theme_tone=entry.theme.tone if entry.theme else _TONES,
        territory=entry.territory.name if entry.territory else "",
        place=entry.place,
        url=address(entry),
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        is_uncertain=entry.precision not in ("time", "day"),
        is_off=entry.certainty == Certainty.DROPPED,
        point=entry.point,
        former=gettext("formerly: %(date)s") % {"date": former.words} if former else "",
        former_start=former.start if former else None,
    )


def _when(entry: Any) -> str:
    return entry_words(
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        precision=entry.precision,
        timezone=entry.timezone,
    )


def former_dates(entries: Iterable[AgendaEntry]) -> dict[str, Former]:
    """Key of a line → the date it had before its last move; two queries, whatever the lines."""
    found: dict[str, Former] = {}
    items = {entry.source_id: entry for entry in entries if entry.source == "item"}
    events = {entry.source_id: entry for entry in entries if entry.source == "event"}
    for move in moves_of_items(items):
        window = move.former_window
        words = period_words(window.lower, window.upper, move.former_precision)
        found[items[move.item_id].key] = Former(window.lower, words)
    for step in moves_of_events(events):
        entry = events[step.event_id]
        start = step.former_starts_at.astimezone(ZoneInfo(entry.timezone)).date()
        words = moment_words(step.former_starts_at, step.former_ends_at, entry.timezone)
        found[entry.key] = Former(start, words)
    return found


def lines_of(entries: Iterable[AgendaEntry], at: datetime.datetime) -> list[Line]:
    """Lines of these entries, in their order, with the dates they had before."""
    rows = list(entries)
    former = former_dates(rows)
    return [line(row, at, former.get(row.key)) for row in rows]


def address(entry: Any) -> str:
    """The page of a line: of its event, of its item, or of the activity or process it is of."""
    match entry.source:
        case "event":
            return _address("agenda:event", entry.path_part)
        case "item":
            return _address("agenda:item", entry.source_id)
        case _:
            return _address("agenda:process", entry.process_id)


@lru_cache(maxsize=16_384)
def _address(name: str, key: Any) -> str:
    return reverse(name, args=[key])


def kind_words(entry: AgendaEntry) -> str:
    """What it is: a meeting, a step of a process, a consultation…"""
    match entry.source:
        case "event":
            return str(EventKind(entry.kind).label)
        case "item":
            return str(ItemKind(entry.kind).label)
        case "phase":
            return str(Step(entry.kind).label)
        case _:
            return gettext("Results of a process")


def state_of(entry: Any, at: datetime.datetime) -> tuple[str, str]:
    """(words, tone) of what one must know before coming; empty when there is nothing to say."""
    if entry.certainty == Certainty.DROPPED:
        if entry.source == "item":
            return pgettext("certainty", "Dropped"), "danger"
        return pgettext("state of an event", "Cancelled"), "danger"
    if entry.certainty == Certainty.MOVED:
        if entry.source == "event":
            return pgettext("state of an event", "Postponed"), "warning"
        return pgettext("certainty", "Moved"), "warning"
    is_over = entry.certainty == Certainty.DONE or (
        entry.ends_at is not None and entry.ends_at <= at
    )
    if is_over:
        return pgettext("agenda", "Over"), "neutral"
    if entry.starts_at <= at and (entry.takes_part or entry.certainty == Certainty.IN_PROGRESS):
        return (gettext("Open now") if entry.takes_part else gettext("In progress")), "success"
    return "", ""
