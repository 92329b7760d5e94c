"""The mandate on one screen, of one filtered set."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from participation.agenda.filters.entries import (
    LIST,
    NONE,
    TERRITORY,
    THEME,
    AgendaFilters,
    midnight,
)
from participation.agenda.models import AgendaEntry, CitizenAgenda, Theme
from participation.agenda.presentation import timeline
from participation.agenda.presentation.entries import Line, lines_of
from participation.agenda.queries import entries as queries

_TONES = 8


def timeline_context(
    rows: QuerySet[AgendaEntry],
    filters: AgendaFilters,
    *,
    agenda: CitizenAgenda | None,
    themes: list[Theme],
    at: datetime.datetime,
) -> dict[str, Any]:
    """Bars while they can be told apart; then meetings are counted; then everything is."""
    today = timezone.localtime(at).date()
    if agenda is None:
        return {"timeline": None, "years": [], "at_year": today.year, "outside": 0}
    scale = timeline.Scale(agenda.mandate.lower, agenda.mandate.upper)
    start, end = midnight(scale.start), midnight(scale.end)
    within = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=start), starts_at__lt=end)
    spans = queries.spans(within, by=_column(filters))
    entries = _told_apart(within, spans)
    is_drawn = {entry.key for entry in entries}
    lines = lines_of(entries, at)
    lanes = _lanes(filters, themes, {key for _pk, key, _start, _end in spans})
    by_key = {pk: key for pk, key, _start, _end in spans}
    drawn = timeline.draw(
        [(by_key[each.key], each) for each in lines],
        _counted(spans, is_drawn, scale, lanes, filters),
        scale=scale,
        rows=lanes,
        today=today,
    )
    return {
        "timeline": drawn,
        "years": _by_year(lines) if len(lines) == len(spans) else [],
        "at_year": today.year,
        "outside": len(spans),
    }


def _column(filters: AgendaFilters) -> str:
    return "territory_id" if filters.by_territory else "theme_id"


def _told_apart(within: QuerySet[AgendaEntry], spans: list[queries.Span]) -> list[AgendaEntry]:
    """What is drawn as bars: everything, all but the meetings, or nothing."""
    if len(spans) <= timeline.MOST_BARS:
        return list(within)
    meetings = sum(1 for key, _row, _start, _end in spans if key.startswith("event-"))
    if len(spans) - meetings <= timeline.MOST_BARS:
        return list(within.exclude(source="event"))
    return []


def _lanes(filters: AgendaFilters, themes: list[Theme], used: set[str]) -> dict[str, timeline.Row]:
    """Key of a row → the row: themes in their order, or territories, and what has none."""
    if filters.by_territory:
        rows = {
            str(each.pk): timeline.Row(
                each.name,
                number % _TONES + 1,
                url=filters.query(**{TERRITORY: filters.exactly(each.pk), "vue": LIST}),
            )
            for number, each in enumerate(queries.territories_in(used))
        }
        name, criterion = gettext("No territory"), TERRITORY
    else:
        rows = {
            str(each.pk): timeline.Row(
                each.name, each.tone, url=filters.query(**{THEME: each.slug, "vue": LIST})
            )
            for each in themes
        }
        name, criterion = gettext("Other steps"), THEME
    rows[""] = timeline.Row(name, _TONES, url=filters.query(**{criterion: NONE, "vue": LIST}))
    return rows


def _counted(
    spans: list[queries.Span],
    is_drawn: set[str],
    scale: timeline.Scale,
    lanes: dict[str, timeline.Row],
    filters: AgendaFilters,
) -> list[tuple[str, datetime.date, int, str]]:
    """How many lines touch each quarter, row by row, and the address of their list."""
    counts: dict[tuple[str, datetime.date], int] = {}
    for key, row, start, end in spans:
        if key in is_drawn:
            continue
        last = timezone.localtime(end).date() if end else scale.end
        day = max(timezone.localtime(start).date(), scale.start, filters.since or scale.start)
        last = min(max(last, day + datetime.timedelta(days=1)), scale.end)
        if filters.until:
            last = min(last, filters.until + datetime.timedelta(days=1))
        quarter = timeline.quarter_of(day)
        while quarter < last:
            counts[row, quarter] = counts.get((row, quarter), 0) + 1
            quarter = timeline.next_quarter(quarter)
    return [
        (row, quarter, number, _quarter_url(lanes[row].url, quarter, scale, filters))
        for (row, quarter), number in sorted(counts.items())
    ]


def _quarter_url(
    row_url: str, quarter: datetime.date, scale: timeline.Scale, filters: AgendaFilters
) -> str:
    """The list of a row, within a quarter of the mandate and the period already asked."""
    first = max(quarter, scale.start, filters.since or scale.start)
    last = min(timeline.next_quarter(quarter), scale.end) - datetime.timedelta(days=1)
    last = min(last, filters.until or last)
    # The row's address already holds every other criterion; its period is replaced.
    kept = [
        part
        for part in row_url.removeprefix("?").split("&")
        if not part.startswith((f"{filters.SINCE}=", f"{filters.UNTIL}="))
    ]
    return "?" + "&".join([*kept, f"{filters.SINCE}={first}", f"{filters.UNTIL}={last}"])


def _by_year(lines: list[Line]) -> list[tuple[int, list[Line]]]:
    years: dict[int, list[Line]] = {}
    for each in lines:
        years.setdefault(timezone.localtime(each.starts_at).year, []).append(each)
    return sorted(years.items())
