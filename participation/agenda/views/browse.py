"""The agenda itself: one filtered set, shown in four ways."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from maps.geojson import Feature
from participation.agenda.filters.entries import (
    LIST,
    THEME,
    AgendaFilters,
    agenda_filters,
    day_of,
    filter_entries,
    midnight,
)
from participation.agenda.models import AgendaEntry, CitizenAgenda
from participation.agenda.presentation import months, timeline
from participation.agenda.presentation.entries import line
from participation.agenda.queries import entries as queries
from participation.core import registry
from participation.core.models import Activity

PAGE_SIZE = 20
ON_MAP = 500
"""Places that the map shows; the list has them all."""
_OTHERS = "–"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everything public over the mandate: timeline, month, list or map of one filtered set."""
    at = timezone.now()
    themes = queries.themes()
    territories, directorates, processes = queries.choices()
    filters = agenda_filters(
        request.GET,
        themes=themes,
        territories=territories,
        directorates=directorates,
        processes=processes,
    )
    rows = filter_entries(queries.entries(), filters, at=at)
    agenda = queries.mandate_at(at)
    context: dict[str, Any] = {"filters": filters, "agenda": agenda, "total": rows.count()}
    match filters.view:
        case "mois":
            context |= _month(request, rows, filters, at)
        case "liste":
            context |= _list(request, rows, filters, at)
        case "carte":
            context |= _map(rows, at)
        case _:
            context |= _timeline(rows, filters, agenda, at, context["total"])
    template = "agenda/_results.html" if request.htmx else "agenda/home.html"  # type: ignore[attr-defined]  # set by its middleware
    return render(request, template, context)


@require_safe
def process(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a process is taken part in: its first activity."""
    first = Activity.objects.public().filter(process=pk).order_by("position", "pk").first()
    if first is None:
        raise Http404
    instrument = registry.find(first.kind)
    return HttpResponseRedirect(instrument.landing(first) if instrument else reverse("agenda:home"))


def _timeline(
    rows: QuerySet[AgendaEntry],
    filters: AgendaFilters,
    agenda: CitizenAgenda | None,
    at: datetime.datetime,
    total: int,
) -> dict[str, Any]:
    if agenda is None:
        return {"timeline": None, "years": [], "at_year": at.year}
    start, end = agenda.mandate.lower, agenda.mandate.upper
    scale = timeline.Scale(start, end)
    today = timezone.localtime(at).date()
    within = rows.filter(starts_at__lt=midnight(end), starts_at__gte=midnight(start))
    found = {theme.slug: theme for theme in queries.themes()}
    lanes = {
        theme.name: timeline.Row(
            theme.name, theme.tone, url=filters.query(theme=theme.slug, vue=LIST)
        )
        for theme in found.values()
    }
    lanes[_OTHERS] = timeline.Row(gettext("Other steps"), 8, url=filters.query(vue=LIST))
    if total <= timeline.MOST_BARS:
        lines = [line(row, at) for row in within]
        drawn = timeline.draw(
            [(each.theme if each.theme in lanes else lanes[_OTHERS].name, each) for each in lines],
            scale=scale,
            rows=lanes.values(),
            today=today,
        )
    else:
        lines = []
        drawn = timeline.count(
            [
                (
                    name if name in lanes else lanes[_OTHERS].name,
                    timezone.localtime(quarter).date(),
                    number,
                    _quarter_url(filters, name, timezone.localtime(quarter).date(), found),
                )
                for name, quarter, number in queries.quarters(within, by="theme__name")
            ],
            scale=scale,
            rows=lanes.values(),
            today=today,
        )
    return {"timeline": drawn, "years": _by_year(lines), "at_year": today.year}


def _quarter_url(
    filters: AgendaFilters, name: str | None, quarter: datetime.date, found: dict[str, Any]
) -> str:
    last = timeline.next_quarter(quarter) - datetime.timedelta(days=1)
    changes: dict[str, str | None] = {
        "vue": LIST,
        "du": quarter.isoformat(),
        "au": last.isoformat(),
    }
    slug = next((slug for slug, theme in found.items() if theme.name == name), None)
    if slug is not None:
        changes[THEME] = slug
    return filters.query(**changes)


def _by_year(lines: list[Any]) -> list[tuple[int, list[Any]]]:
    years: dict[int, list[Any]] = {}
    for each in lines:
        years.setdefault(timezone.localtime(each.starts_at).year, []).append(each)
    return sorted(years.items())


def _month(
    request: HttpRequest,
    rows: QuerySet[AgendaEntry],
    filters: AgendaFilters,
    at: datetime.datetime,
) -> dict[str, Any]:
    today = timezone.localtime(at).date()
    asked = day_of(f"{request.GET.get('m', '')}-01") or filters.since or today
    first = asked.replace(day=1)
    start, end = months.bounds(first)
    touching = filter_entries(rows, _period(filters, start, end), at=at)[:1000]
    month = months.month_of(
        first,
        [line(row, at) for row in touching],
        today=today,
        zone=timezone.get_current_timezone(),
    )
    # The month has its own place in the address: filters of a period would fight it.
    base = filters.query(du=None, au=None)

    def at_month(day: datetime.date) -> str:
        return f"{base}&{urlencode({'m': day.strftime('%Y-%m')})}"

    return {
        "month": month,
        "previous_url": at_month(month.previous),
        "following_url": at_month(month.following),
        "today_url": at_month(today),
        "day_base": filters.query(vue=LIST),
    }


def _period(filters: AgendaFilters, start: datetime.date, end: datetime.date) -> AgendaFilters:
    """The same set, within these days: `end` is the day after the last."""
    narrowed = AgendaFilters(
        {"du": start.isoformat(), "au": (end - datetime.timedelta(days=1)).isoformat()},
        criteria=[],
        orders=[],
        views=filters.views,
        seed="0",
    )
    return narrowed


def _list(
    request: HttpRequest,
    rows: QuerySet[AgendaEntry],
    filters: AgendaFilters,
    at: datetime.datetime,
) -> dict[str, Any]:
    """The whole set, opened at the page of today: the same lines and order as the other views."""
    pages = Paginator(rows, PAGE_SIZE)
    asked = request.GET.get(filters.PAGE)
    if asked is None and not filters.since and not filters.until:
        today = midnight(timezone.localtime(at).date())
        asked = str(rows.filter(starts_at__lt=today).count() // PAGE_SIZE + 1)
    found = pages.get_page(asked)
    return {"found": found, "lines": [line(row, at) for row in found]}


def _map(rows: QuerySet[AgendaEntry], at: datetime.datetime) -> dict[str, Any]:
    located = rows.filter(point__isnull=False).exclude(ends_at__lt=at)
    lines = [line(row, at) for row in located[:ON_MAP]]
    features = [
        Feature(
            geometry=each.point,
            id=number,
            properties={"title": each.title, "summary": each.when, "url": each.url},
        )
        for number, each in enumerate(lines, start=1)
    ]
    return {"lines": list(enumerate(lines, start=1)), "features": features}
