"""The page of a map's own rules, and of what lies on it, in words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maps.geojson import Feature, geojson_response
from participation.mapping import presentation
from participation.mapping.views.map_page import open_map


@require_safe
def zones_geojson(request: HttpRequest, slug: str) -> HttpResponse:
    """The zones of interest, for the map and for whoever wants them."""
    page = open_map(request, slug)
    return geojson_response(
        Feature(
            id=zone.pk,
            geometry=zone.geometry,
            properties={"title": zone.name, "summary": zone.description},
        )
        for zone in page.map.zones.order_by("position", "pk")
    )


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """Who may contribute, when, and what becomes of it; categories, zones and layers."""
    page = open_map(request, slug)
    context = page.context(
        "about",
        phases=page.phases,
        rules=presentation.rules_of(page.map),
        embed_code="" if page.is_preview else presentation.embed_code(page.map),
        categories=page.categories,
        zones=list(page.map.zones.defer("geometry").order_by("position", "pk")),
    )
    return render(request, "mapping/about.html", context)
