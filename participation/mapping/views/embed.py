"""A map inside a page of another site: a layout of its own, and nothing kept about who reads it."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from participation.mapping import presentation
from participation.mapping.views.browse import (
    address_template,
    asked,
    frame,
    page_of,
    tiles_address,
)
from participation.mapping.views.map_page import open_map

CACHE_SECONDS = 300


@xframe_options_exempt
@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The map and its list, with the same filters in the address as the map's own page.

    Whoever reads it is nobody in particular: the session is not opened, no cookie is set, and
    shared caches may keep the page.
    """
    request.user = AnonymousUser()
    page = open_map(request, slug)
    filters, rows = asked(request, page)
    found = page_of(request, page, filters, rows)
    query = filters.query(vue=None)
    home = reverse("mapping:home", args=[slug])
    layers = presentation.layers_of(page.map)
    context = page.context(
        "home",
        filters=filters,
        found=found,
        tiles_url=tiles_address(page, filters) if page.sees_others else "",
        popup_url=address_template(page, "card", 0).replace("/0/", "/{id}/"),
        legend=presentation.legend_of(page.categories),
        layers=layers,
        bounds=frame(page, filters),
        full_url=home + ("" if query == "?" else query),
        previous_url=filters.query(vue=None, page=str(found.number - 1)),
        next_url=filters.query(vue=None, page=str(found.number + 1)),
    )
    response = render(request, "mapping/embed.html", context)
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    response["Surrogate-Key"] = f"map-{page.map.pk}"
    response._csp_update = presentation.sources_of(layers)  # type: ignore[attr-defined]  # as below
    # Read by django-csp: this page alone may be framed, and it has no form to send.
    response._csp_replace = {  # type: ignore[attr-defined]  # django-csp looks for it
        "frame-ancestors": settings.EMBED_ANCESTORS,
        "form-action": ["'none'"],
    }
    return response
