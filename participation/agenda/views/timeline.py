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
    column = _column(filters)
    stretches = queries.stretches(within, by=column)
    total = sum(each.number for each in stretches)
    entries, left = _told_apart(within, stretches)
    lines = lines_of(entries, at)
    lanes = _lanes(filters, themes, {each.row for each in stretches})
    drawn = timeline.draw(
        [
            (str(getattr(entry, column) or ""), each)
            for entry, each in zip(entries, lines, strict=True)
        ],
        _counted(left, scale, lanes, filters),
        scale=scale,
        rows=lanes,
        today=today,
    )
    return {
        "timeline": drawn,
        "years": _by_year(lines) if not left else [],
        "at_year": today.year,
        "outside": total,
    }


def _column(filters: AgendaFilters) -> str:
    return "territory_id" if filters.by_territory else "theme_id"


def _told_apart(
    within: QuerySet[AgendaEntry], stretches: list[queries.Stretch]
) -> tuple[list[AgendaEntry], list[queries.Stretch]]:
    """What is drawn as bars: everything, all but the meetings, or nothing; and what is counted."""
    meetings = [each for each in stretches if each.are_meetings]
    others = sum(each.number for each in stretches if not each.are_meetings)
    if others + sum(each.number for each in meetings) <= timeline.MOST_BARS:
        return list(within), []
    if others <= timeline.MOST_BARS:
        return list(within.exclude(source="event")), meetings
    return [], stretches


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
    stretches: list[queries.Stretch],
    scale: timeline.Scale,
    lanes: dict[str, timeline.Row],
    filters: AgendaFilters,
) -> list[tuple[str, datetime.date, int, str]]:
    """How many lines touch each quarter, row by row, and the address of their list."""
    one = datetime.timedelta(days=1)
    earliest = timeline.quarter_of(max(scale.start, filters.since or scale.start))
    latest = timeline.quarter_of(min(scale.end - one, filters.until or scale.end))
    counts: dict[tuple[str, datetime.date], int] = {}
    for each in stretches:
        quarter = max(each.first, earliest)
        last = min(each.last or latest, latest)
        while quarter <= last:
            counts[each.row, quarter] = counts.get((each.row, quarter), 0) + each.number
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
