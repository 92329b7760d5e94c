"""What the map view reads: vector tiles of the filtered set, and the card of one contribution."""

from django.db.models import ExpressionWrapper, F, FloatField, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maps.tiles import CellSource, FeatureSource, NoSuchTile, Tile, encode, tile_response
from participation.mapping import queries
from participation.mapping.filters import MapFilters
from participation.mapping.models import ClusterCell
from participation.mapping.views.browse import asked
from participation.mapping.views.contribution import open_contribution
from participation.mapping.views.map_page import MapPage, open_map

_FINENESS = 3
"""Eight squares on each side of a tile, at least, are fine enough for its picture."""


@require_safe
def tile(request: HttpRequest, slug: str, z: int, x: int, y: int) -> HttpResponse:
    """One square of the map, with the same filters as the list: titles and categories only.

    Kept by shared caches when anyone may see it; never otherwise.
    """
    try:
        square = Tile(z, x, y)
    except NoSuchTile as error:
        raise Http404 from error
    page = open_map(request, slug)
    if not page.sees_others:
        raise Http404
    filters, rows = asked(request, page, with_choices=False)
    source = FeatureSource(
        rows.filter(geometry__isnull=False),
        properties={
            "title": "contribution__title",
            "category": Cast("category_id", TextField()),
        },
    )
    response = tile_response(
        request,
        square,
        lambda: encode(square, source, cells=_cells(page, filters, square)),
        # What is drawn, and the squares that were counted since.
        version=f"{queries.version(map=page.map)} {page.map.cells_counted_at}",
        filters=filters.narrowing,
        keys=[f"map-{page.map.pk}"],
    )
    if not page.is_for_everybody:
        response["Cache-Control"] = "private, no-store"
        del response["Surrogate-Key"]
    return response


def _cells(page: MapPage, filters: MapFilters, square: Tile) -> CellSource | None:
    """Squares counted beforehand, when they know all the criteria asked: those of this tile, of the
    widest level that is fine enough for its picture."""
    fine = square.z + _FINENESS
    level = next((each for each in ClusterCell.LEVELS if each >= fine), None)
    if level is None or not filters.only_category_and_state:
        return None
    side = 2 ** (level - square.z)
    rows = ClusterCell.objects.filter(
        map=page.map,
        level=level,
        column__range=(square.x * side, (square.x + 1) * side - 1),
        row__range=(square.y * side, (square.y + 1) * side - 1),
    ).order_by()
    if category := filters.values.get("categorie"):
        rows = rows.filter(category_id=int(category))
    if state := filters.values.get("statut"):
        rows = rows.filter(state=state)
    middle = {
        axis: ExpressionWrapper(F(f"sum_{axis}") / F("count"), output_field=FloatField())
        for axis in ("x", "y")
    }
    return CellSource(rows.annotate(**middle), max_zoom=square.z)


@require_safe
def card(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A fragment: what the map opens for one contribution."""
    page = open_map(request, slug)
    row = open_contribution(page, pk)
    return render(request, "mapping/_card.html", page.context("home", row=row))
