"""The map, the list and the table of one filtered set, and the files that hold it."""

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from maps import geocoding
from maps.geojson import Feature, geojson_download
from participation.core import queries as core_queries
from participation.core.filters.listing import PAGE_SIZE
from participation.core.presentation import follow_parts
from participation.core.sheets import neutralise
from participation.mapping import policies, presentation, queries
from participation.mapping.filters import (
    CATEGORY,
    DISTRICT,
    MapFilters,
    filter_contributions,
    map_filters,
    ordered,
    read_around,
)
from participation.mapping.models import MapContribution
from participation.mapping.views.map_page import MapPage, open_map

_OWN_LIMIT = 200
_CHUNK = 500
"""Rows read at a time for a file: an area of two thousand corners weighs a lot."""


@require_safe
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """What was contributed: on the map, in a list or in a table."""
    page = open_map(request, slug)
    filters, rows = asked(request, page)
    problem = ""
    if filters.asked_address and filters.around is None:
        found, problem = _place_of(page, filters)
        if found is not None:
            return redirect(reverse("mapping:home", args=[slug]) + found)
    found_page = page_of(request, page, filters, rows)
    layers = presentation.layers_of(page.map) if filters.view == "carte" else []
    context = page.context(
        "home",
        filters=filters,
        found=found_page,
        off_map=off_map(filters, rows, found_page.paginator.count),
        tiles_url=tiles_address(page, filters) if page.sees_others else "",
        popup_url=address_template(page, "card", 0).replace("/0/", "/{id}/"),
        legend=presentation.legend_of(page.categories),
        layers=layers,
        own_features=_own_features(page, filters, rows),
        csv_url=_address("csv", page, filters.query(vue=None)),
        geojson_url=_address("geojson", page, filters.query(vue=None)),
        alerts_query=filters.query(vue=None, ordre=None),
        may_contribute=policies.may_contribute(map=page.map, user=request.user, at=page.at),
        place_problem=problem,
        bounds=frame(page, filters),
    )
    if not page.is_preview:
        activity = page.map.activity
        context |= follow_parts(subject=activity, user=request.user, back=page.path)
    template = "mapping/_results.html" if request.htmx else "mapping/home.html"  # type: ignore[attr-defined]  # set by its middleware
    response = render(request, template, context)
    response._csp_update = presentation.sources_of(layers)  # type: ignore[attr-defined]  # django-csp looks for it
    if not page.is_for_everybody:
        response["Cache-Control"] = "private, no-store"
    return response


def asked(
    request: HttpRequest, page: MapPage, *, with_choices: bool = True
) -> tuple[MapFilters, QuerySet[MapContribution]]:
    """What is asked, and the rows that match, without order: the same for every view and file.

    Without `with_choices`, what no form will offer and the address doesn't name is not read.
    """
    named = request.GET.keys()
    filters = map_filters(
        request.GET,
        categories=page.categories if with_choices or CATEGORY in named else (),
        districts=(queries.districts(map=page.map) if with_choices or DISTRICT in named else ()),
    )
    return filters, filter_contributions(_readable(page), filters)


def _readable(page: MapPage) -> QuerySet[MapContribution]:
    if page.sees_others:
        return queries.public_contributions(map=page.map)
    if page.user.is_authenticated:
        return queries.own_contributions(map=page.map, user=page.user)
    return MapContribution.objects.none()


def page_of(
    request: HttpRequest, page: MapPage, filters: MapFilters, rows: QuerySet[MapContribution]
) -> Any:
    """The page asked; the first when it means nothing, the last when it lies beyond."""
    by_index = queries.by_date_index(rows, map=page.map) if page.sees_others else rows
    paginator = Paginator(queries.for_lists(ordered(by_index, filters)), PAGE_SIZE)
    paginator.count = rows.count()  # counted without the joins
    return paginator.get_page(request.GET.get(filters.PAGE))


def off_map(filters: MapFilters, rows: QuerySet[MapContribution], total: int) -> int:
    """How many of the set have no drawing; asked for the map only."""
    if filters.view != "carte" or not total:
        return 0
    return rows.filter(geometry__isnull=True).count()


def _place_of(page: MapPage, filters: MapFilters) -> tuple[str | None, str]:
    """The query with the place that was typed, or why there is none."""
    found = geocoding.search(
        filters.asked_address, within=page.map.activity.process.perimeter, limit=1
    )
    if found.places:
        place = found.places[0]
        around = read_around(
            place=f"{place.point.y:.6f},{place.point.x:.6f}",
            radius=filters.asked_radius,
            label=place.label,
        )
        if around is not None:
            return filters.query(
                pres=around.place, rayon=str(around.radius), adresse=around.label
            ), ""
    if not found.available:
        return None, gettext("Addresses can't be looked up just now: choose a district instead.")
    return None, gettext("No place found for “%(address)s”: the list is not narrowed by it.") % {
        "address": filters.asked_address
    }


def tiles_address(page: MapPage, filters: MapFilters) -> str:
    """The address of the tiles, for the map to fill in."""
    whole = address_template(page, "tile", 0, 0, 0).replace("/0/0/0.", "/{z}/{x}/{y}.")
    query = filters.query(**{filters.VIEW: None, filters.ORDER: None})
    return whole + ("" if query == "?" else query)


def address_template(page: MapPage, name: str, *numbers: int) -> str:
    return reverse(f"mapping:{name}", args=[page.slug, *numbers])


def frame(page: MapPage, filters: MapFilters) -> tuple[float, float, float, float] | None:
    """What the map shows first: the circle asked, the perimeter drawn; else its territory."""
    if filters.around:
        circle: tuple[float, float, float, float] = filters.around.circle.extent
        return circle
    if filters.view != "carte":
        return None
    return queries.drawn_extent(map=page.map)


def _own_features(
    page: MapPage, filters: MapFilters, rows: QuerySet[MapContribution]
) -> list[Feature]:
    """One's own drawings, written into the page, where others' are kept back."""
    if page.sees_others or filters.view != "carte":
        return []
    drawn = rows.filter(geometry__isnull=False).select_related("contribution", "category")
    return [
        presentation.feature_of(row, slug=page.slug) for row in drawn.order_by("pk")[:_OWN_LIMIT]
    ]


def _address(name: str, page: MapPage, query: str) -> str:
    return reverse(f"mapping:{name}", args=[page.slug]) + ("" if query == "?" else query)


@require_safe
def contributions_geojson(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The filtered set as GeoJSON, sent as it is read."""
    page, rows = _for_a_file(request, slug)
    features = (presentation.feature_of(row, slug=slug, whole=True) for row in rows)
    return _private_if_needed(
        page, geojson_download(features, filename=f"{slug}-contributions.geojson")
    )


@require_safe
def contributions_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The filtered set as a spreadsheet: UTF-8 with `;`, one line each, sent as it is read."""
    page, rows = _for_a_file(request, slug)
    response = StreamingHttpResponse(_lines(rows, slug), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-contributions.csv"'
    return _private_if_needed(page, response)


def _lines(rows: Iterator[MapContribution], slug: str) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff"  # spreadsheets then read accents right
    yield writer.writerow([str(head) for head in presentation.HEADS])
    for row in rows:
        yield writer.writerow([neutralise(cell) for cell in presentation.line_of(row, slug=slug)])


class _Echo:
    """What a csv writer writes to: each line comes back as text."""

    def write(self, line: str) -> str:
        return line


def _for_a_file(request: HttpRequest, slug: str) -> tuple[MapPage, Iterator[MapContribution]]:
    page = open_map(request, slug)
    filters, rows = asked(request, page)
    whole = (
        ordered(rows, filters)
        .using(core_queries.database_for_exports())
        .select_related("contribution__territory", "category")
        .defer("tile_geometry", "contribution__territory__geometry", "contribution__search")
    )
    return page, whole.iterator(chunk_size=_CHUNK)


def _private_if_needed(page: MapPage, response: StreamingHttpResponse) -> StreamingHttpResponse:
    if not page.is_for_everybody:
        response["Cache-Control"] = "private, no-store"
    return response
