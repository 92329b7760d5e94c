"""Public reads: boundaries for the default background, places by name."""

from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotFound,
    JsonResponse,
)
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from maps import base_tiles, geocoding, queries
from maps.choices import LayerKind, TerritoryKind
from maps.geojson import MEDIA_TYPE, Feature, feature_collection
from maps.models import Layer, Territory
from maps.querysets import TerritoryQuerySet
from maps.references import UnknownTerritory, find

MAX_TERRITORIES = 1_500  # above this, a page should ask for a narrower parent
DISPLAY_STEPS = 5_000  # vertices nearer than a five-thousandth of the picture don't show
DISPLAY_DECIMALS = 5  # about a metre
BOUNDARIES_MAX_AGE = 3_600
PLACES_MAX_AGE = 300
PICTURE_MAX_AGE = 7 * 86_400
MAX_LAYER_FEATURES = 5_000
MAX_LAYER_POSITIONS = 300_000
LAYER_MAX_AGE = 300


def _asked(request: HttpRequest) -> tuple[Territory, str]:
    """The parent and the kind of part that the address names."""
    parent = find(request.GET.get("parent", ""))
    kind = request.GET.get("kind", "")
    if kind and kind not in TerritoryKind.values:
        raise UnknownTerritory(kind)
    return parent, kind


def _rows(parent: Territory, kind: str) -> TerritoryQuerySet:
    """The parent's outline, and its parts of that kind."""
    parts = Territory.objects.filter(parent=parent)
    if kind:
        parts = parts.filter(kind=kind)
    return (Territory.objects.filter(pk=parent.pk) | parts).order_by("kind", "code")


def _etag(request: HttpRequest) -> str | None:
    try:
        parent, kind = _asked(request)
    except UnknownTerritory:
        return None
    return f'"{queries.version(_rows(parent, kind))}"'


@require_safe
@gzip_page
@condition(etag_func=_etag)
def territories(request: HttpRequest) -> HttpResponse:
    """`?parent=municipality:31555&kind=neighbourhood`: the outline and its parts, simplified.

    Each feature: `code, name, label, kind` and `role`, "outline" or "part". 400 with a sentence
    when the parent is unknown or has too many parts.
    """
    try:
        parent, kind = _asked(request)
    except UnknownTerritory as error:
        return _refusal(_("Unknown territory: “%(name)s”.") % {"name": str(error)[:80]})
    west, south, east, north = queries.extent(parent)
    tolerance = max(east - west, north - south) / DISPLAY_STEPS
    rows: list[Any] = list(  # with `shape` and `anchor`
        queries.display_features(_rows(parent, kind), tolerance_degrees=tolerance)[
            : MAX_TERRITORIES + 1
        ]
    )
    if len(rows) > MAX_TERRITORIES:
        return _refusal(_("Too many territories at once: ask for a smaller parent."))
    features = (
        Feature(
            id=each.pk,
            geometry=each.shape,
            properties={
                "code": each.code,
                "name": each.name,
                "label": each.short_name or each.name,
                "kind": each.kind,
                "role": "outline" if each.pk == parent.pk else "part",
                "anchor": [round(each.anchor.x, 5), round(each.anchor.y, 5)],
            },
        )
        for each in rows
    )
    # The outline is credited when its parts aren't: twice the same would hide the map on a phone.
    parts = {each.source for each in rows if each.pk != parent.pk and each.source}
    sources = sorted(parts or {each.source for each in rows if each.source})
    response = HttpResponse(
        feature_collection(
            features, decimals=DISPLAY_DECIMALS, members={"attribution": " ; ".join(sources)}
        ),
        content_type=MEDIA_TYPE,
    )
    patch_cache_control(response, public=True, max_age=BOUNDARIES_MAX_AGE)
    return response


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """`?q=minimes&within=municipality:31555`: places by name, for the location form field.

    Always 200: when the service behind is slow or down, `available` is false and the form goes on
    without it.
    """
    try:
        within = find(request.GET["within"]) if request.GET.get("within") else None
    except UnknownTerritory as error:
        return _refusal(_("Unknown territory: “%(name)s”.") % {"name": str(error)[:80]})
    found = geocoding.search(request.GET.get("q", ""), within=within)
    response = JsonResponse(
        {
            "available": found.available,
            "places": [
                {
                    "label": place.label,
                    "longitude": round(place.point.x, 6),
                    "latitude": round(place.point.y, 6),
                    "territory": place.territory_id,
                }
                for place in found.places
            ],
        }
    )
    # What someone types may be their own address: never kept in a shared cache.
    patch_cache_control(response, private=True, max_age=PLACES_MAX_AGE)
    return response


@require_safe
def base_tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """A picture of a base map in use; 404 when there is none, 503 when its service doesn't answer.

    Nothing of the visitor's request goes further than this function.
    """
    if not settings.MAP_TILES_PROXY:
        raise Http404
    try:
        found = base_tiles.picture(layer, z, x, y)
    except base_tiles.NoPicture:
        response: HttpResponse = HttpResponseNotFound(content_type="text/plain")
        patch_cache_control(response, public=True, max_age=base_tiles.ABSENT)
        return response
    except base_tiles.PictureUnavailable:
        response = HttpResponse(status=503, content_type="text/plain")
        response["Retry-After"] = str(base_tiles.PATIENCE)
        patch_cache_control(response, no_store=True)
        return response
    etag = found.etag
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        found.body, content_type=found.media_type
    )
    response["ETag"] = etag
    patch_cache_control(
        response, public=True, max_age=PICTURE_MAX_AGE, stale_while_revalidate=base_tiles.FRESH
    )
    return response


def _readable_layer(request: HttpRequest, pk: int) -> Layer:
    """The uploaded layer, if it is public or the reader prepares maps."""
    layer = Layer.objects.filter(pk=pk, kind=LayerKind.UPLOADED).first()
    if layer is None or not (layer.published or request.user.has_perm("maps.view_layer")):
        raise Http404
    return layer


def _layer_etag(request: HttpRequest, pk: int) -> str | None:
    layer = _readable_layer(request, pk)
    return f'"{layer.pk}-{layer.version}"'


@require_safe
@gzip_page
@condition(etag_func=_layer_etag)
def layer_features(request: HttpRequest, pk: int) -> HttpResponse:
    """`?box=1.3,43.5,1.5,43.7`: a layer's shapes that meet the box, simplified; all without `box`.

    At most `MAX_LAYER_FEATURES` shapes and `MAX_LAYER_POSITIONS` positions: `complete` says whether
    some were left out. 400 with a sentence for a box that is none.
    """
    layer = _readable_layer(request, pk)
    try:
        asked = _box(request.GET.get("box", ""))
    except ValueError:
        return _refusal(_("The box is four numbers: west, south, east, north, in degrees."))
    seen = asked or queries.layer_extent(layer) or (0.0, 0.0, 0.0, 0.0)
    tolerance = max(seen[2] - seen[0], seen[3] - seen[1]) / DISPLAY_STEPS
    rows = queries.layer_shapes(layer, box=asked, tolerance_degrees=tolerance)
    features, complete = _within_reason(rows)
    members = {
        "attribution": " – ".join(filter(None, (layer.credit, layer.licence))),
        "layer": {
            "name": layer.name,
            "tone": layer.tone,
            "pattern": layer.pattern,
            "dashed": layer.dashed,
        },
        "complete": complete,
    }
    response = HttpResponse(
        feature_collection(features, decimals=DISPLAY_DECIMALS, members=members),
        content_type=MEDIA_TYPE,
    )
    if layer.published:
        patch_cache_control(response, public=True, max_age=LAYER_MAX_AGE)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


def _within_reason(rows: Any) -> tuple[list[Feature], bool]:
    features: list[Feature] = []
    positions = 0
    for each in rows[: MAX_LAYER_FEATURES + 1].iterator(chunk_size=500):
        positions += each.shape.num_coords
        if len(features) == MAX_LAYER_FEATURES or positions > MAX_LAYER_POSITIONS:
            return features, False
        features.append(Feature(each.number, each.shape, {**each.properties, "title": each.title}))
    return features, True


def _box(written: str) -> queries.Box | None:
    """West, south, east, north in degrees. Raises `ValueError`."""
    if not written:
        return None
    west, south, east, north = (float(number) for number in written.split(","))
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError(written)
    return west, south, east, north


def _refusal(message: str) -> HttpResponseBadRequest:
    return HttpResponseBadRequest(message, content_type="text/plain; charset=utf-8")
