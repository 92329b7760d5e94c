"""The mandate on one screen, of one filtered set."""

import datetime
from typing import Any

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
    period = {"at": at, "start": midnight(scale.start), "end": midnight(scale.end)}
    column = _column(filters)
    stretches = queries.stretches(filters.asked, by=column, **period)
    total = sum(each.number for each in stretches)
    entries, left = _told_apart(filters.asked, period, stretches)
    lines = lines_of(entries, at) if entries else []
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
    asked: queries.Narrowing, period: dict[str, datetime.datetime], stretches: list[queries.Stretch]
) -> tuple[list[AgendaEntry], list[queries.Stretch]]:
    """What is drawn as bars: everything, all but the meetings, or nothing; and what is counted."""
    meetings = [each for each in stretches if each.are_meetings]
    others = sum(each.number for each in stretches if not each.are_meetings)
    if others + sum(each.number for each in meetings) <= timeline.MOST_BARS:
        return queries.within(asked, meetings=True, **period), []
    if others <= timeline.MOST_BARS:
        return queries.within(asked, meetings=False, **period), meetings
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
    starts = {row: _without_period(lane.url, filters) for row, lane in lanes.items()}
    periods = {
        quarter: _period_of(quarter, scale, filters) for quarter in {day for _row, day in counts}
    }
    return [
        (row, quarter, number, f"{starts[row]}&{periods[quarter]}")
        for (row, quarter), number in sorted(counts.items())
    ]


def _without_period(url: str, filters: AgendaFilters) -> str:
    """The address of a row's list, which holds every other criterion."""
    kept = [
        part
        for part in url.removeprefix("?").split("&")
        if not part.startswith((f"{filters.SINCE}=", f"{filters.UNTIL}="))
    ]
    return "?" + "&".join(kept)


def _period_of(quarter: datetime.date, scale: timeline.Scale, filters: AgendaFilters) -> str:
    """A quarter within the mandate and the period already asked, as in an address."""
    first = max(quarter, scale.start, filters.since or scale.start)
    last = min(timeline.next_quarter(quarter), scale.end) - datetime.timedelta(days=1)
    last = min(last, filters.until or last)
    return f"{filters.SINCE}={first}&{filters.UNTIL}={last}"


def _by_year(lines: list[Line]) -> list[tuple[int, list[Line]]]:
    years: dict[int, list[Line]] = {}
    for each in lines:
        years.setdefault(timezone.localtime(each.starts_at).year, []).append(each)
    return sorted(years.items())
