"""Lines of the agenda, ready to be read."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from participation.agenda.choices import Certainty, EventKind, ItemKind
from participation.agenda.models import AgendaEntry, EventMove, ItemMove
from participation.agenda.presentation.dates import entry_words, moment_words, period_words
from participation.core.choices import Step

_TONES = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line as shown: `when` in words, `kind` in words, `state` when it is worth a badge
    (`tone` its colour), `theme` and its `theme_tone`, `url` its page. One that was
    moved says its `former` date."""

    key: str
    title: str
    summary: str
    when: str
    kind: str
    state: str
    tone: str
    theme: str
    theme_tone: int
    territory: str
    place: str
    url: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime | None
    is_uncertain: bool
    is_off: bool
    point: Any = None
    former: str = ""
    former_start: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Former:
    """The date that a line had before: its first day, and words."""

    start: datetime.date
    words: str


def line(entry: AgendaEntry, at: datetime.datetime, former: Former | None = None) -> Line:
    """A line, from its entry with its theme and territory, and the date it had before."""
    state, tone = state_of(entry, at)
    return Line(
        key=entry.key,
        title=entry.title,
        summary=entry.summary,
        when=entry_words(
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            precision=entry.precision,
            timezone=entry.timezone,
        ),
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


def former_dates(entries: Iterable[AgendaEntry]) -> dict[str, Former]:
    """Key of a line → the date it had before its last move; two queries, whatever the lines."""
    found: dict[str, Former] = {}
    items = {entry.source_id: entry for entry in entries if entry.source == "item"}
    events = {entry.source_id: entry for entry in entries if entry.source == "event"}
    for move in ItemMove.objects.filter(item__in=[0, *items]).order_by("moved_at", "pk"):
        window = move.former_window
        words = period_words(window.lower, window.upper, move.former_precision)
        found[items[move.item_id].key] = Former(window.lower, words)
    for step in EventMove.objects.filter(event__in=[0, *events]).order_by("moved_at", "pk"):
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


def state_of(entry: AgendaEntry, at: datetime.datetime) -> tuple[str, str]:
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
