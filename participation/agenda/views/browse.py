"""The agenda itself: one filtered set, shown in four ways."""

import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from maps import geocoding
from maps.geojson import Feature, geojson_response
from participation.agenda.filters.entries import (
    LIST,
    MAP,
    MONTH,
    TERRITORY,
    TIMELINE,
    AgendaFilters,
    agenda_filters,
    midnight,
)
from participation.agenda.models import AgendaEntry, Theme
from participation.agenda.presentation.entries import address, line, lines_of
from participation.agenda.queries import entries as queries
from participation.agenda.views.month import month_context
from participation.agenda.views.timeline import timeline_context
from participation.core import registry
from participation.core.filters.around import read_around
from participation.core.models import Activity

PAGE_SIZE = 20
ON_MAP = 10_000
"""Places that the map shows; the list has them all."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everything public over the mandate: timeline, month, list or map of one filtered set."""
    at = timezone.now()
    filters, themes = _asked(request)
    problem = ""
    if filters.asked_address and filters.around is None:
        found, problem = _place_of(filters)
        if found is not None:
            return HttpResponseRedirect(reverse("agenda:home") + found)
    agenda = queries.mandate_at(at)
    context: dict[str, Any] = {
        "filters": filters,
        "agenda": agenda,
        "place_problem": problem,
        "row_links": [
            {
                "label": gettext("By theme"),
                "url": filters.query(**{filters.ROWS: None}),
                "current": not filters.by_territory,
            },
            {
                "label": gettext("By territory"),
                "url": filters.query(**{filters.ROWS: TERRITORY}),
                "current": filters.by_territory,
            },
        ],
    }
    if filters.view in (LIST, MAP):
        context |= _list(request, filters, at)
    else:
        context["total"] = queries.total(filters.asked, at=at)
    if filters.view == MONTH:
        context |= month_context(request, filters, themes=themes, at=at)
    elif filters.view == TIMELINE:
        context |= timeline_context(filters, agenda=agenda, themes=themes, at=at)
        context["outside"] = context["total"] - context["outside"]
    elif filters.view == MAP:
        context["features_url"] = reverse("agenda:points") + filters.query(vue=None)
    template = "agenda/_results.html" if request.htmx else "agenda/home.html"  # type: ignore[attr-defined]  # set by its middleware
    return render(request, template, context)


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The same set as GeoJSON: what has a place, for the map."""
    at = timezone.now()
    filters, _themes = _asked(request)
    rows = queries.located(filters.asked, at=at, limit=ON_MAP)
    return geojson_response(_feature(entry, at) for entry in rows)


@require_safe
def process(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a process is taken part in: its first activity."""
    first = Activity.objects.public().filter(process=pk).order_by("position", "pk").first()
    if first is None:
        raise Http404
    instrument = registry.find(first.kind)
    return HttpResponseRedirect(instrument.landing(first) if instrument else reverse("agenda:home"))


def _asked(request: HttpRequest) -> tuple[AgendaFilters, list[Theme]]:
    themes = queries.themes()
    territories, directorates, processes = queries.choices()
    filters = agenda_filters(
        request.GET,
        themes=themes,
        territories=territories,
        directorates=directorates,
        processes=processes,
    )
    return filters, themes


def _place_of(filters: AgendaFilters) -> tuple[str | None, str]:
    """The query with the place that was typed, or why there is none."""
    chosen = filters.values.get(TERRITORY, "")
    within = queries.territory(int(chosen)) if chosen.isdigit() else None
    found = geocoding.search(filters.asked_address, within=within, limit=1)
    if found.places:
        place = found.places[0]
        around = read_around(
            place=f"{place.point.y:.6f},{place.point.x:.6f}",
            radius=filters.radius,
            label=place.label,
        )
        if around is not None:
            query = filters.query(pres=around.place, rayon=str(around.radius), adresse=around.label)
            return query, ""
    if not found.available:
        return None, gettext("Addresses can't be looked up just now: choose a territory instead.")
    return None, gettext("No place found for “%(address)s”: the list is not narrowed by it.") % {
        "address": filters.asked_address
    }


def _list(request: HttpRequest, filters: AgendaFilters, at: datetime.datetime) -> dict[str, Any]:
    """One page of everything, by date; the page of today when none is asked, with the place in it
    of the first line that begins today or later (`today_at`, from 1; 0 when it is the first)."""
    today = midnight(timezone.localtime(at).date())
    counts = queries.counts(filters.asked, at=at, before=today, places=filters.view == MAP)
    paginator = Paginator(range(counts.total), PAGE_SIZE)
    asked = request.GET.get(filters.PAGE)
    opens_today = asked is None and filters.since is None and paginator.num_pages > 1
    today_at = 0
    if opens_today:
        asked = str(min(counts.before // PAGE_SIZE + 1, paginator.num_pages))
        today_at = counts.before % PAGE_SIZE + 1 if counts.before < counts.total else 0
    found = paginator.get_page(asked)
    rows = queries.page(
        filters.asked, at=at, limit=PAGE_SIZE, offset=(found.number - 1) * PAGE_SIZE
    )
    return {
        "total": counts.total,
        "off_map": counts.total - counts.located,
        "found": found,
        "lines": lines_of(rows, at),
        "today_at": today_at if today_at > 1 else 0,
        "start_url": filters.query(page="1") if opens_today and found.number > 1 else "",
    }


def _feature(entry: AgendaEntry, at: datetime.datetime) -> Feature:
    each = line(entry, at)
    return Feature(
        id=each.key,
        geometry=each.point,
        properties={
            "title": each.title,
            "summary": each.when,
            "url": address(entry),
            "category": each.theme or each.kind,
            "tone": each.theme_tone,
            "status": each.state,
        },
    )
