"""How the categories of a map look on it: never by colour alone."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from maps.choices import LayerKind
from maps.legend import VECTOR_MAX_ZOOM, Category, ReferenceLayer
from maps.models import Layer
from maps.queries import shown_layers
from maps.tile_addresses import content_sources
from participation.mapping.choices import Shape
from participation.mapping.models import MapCategory, ParticipatoryMap
from participation.mapping.queries import MapFrame


def legend_of(categories: Iterable[MapCategory]) -> list[Category]:
    """The map's categories as its legend and its tiles know them."""
    return [
        Category(
            key=str(each.pk),
            label=each.name,
            tone=each.tone,
            icon=each.icon,
            pattern=each.pattern,
            shapes=any(shape != Shape.POINT for shape in each.shapes),
        )
        for each in categories
    ]


def layers_of(
    map: ParticipatoryMap, *, elsewhere: bool = True, frame: MapFrame | None = None
) -> list[ReferenceLayer]:
    """What a reader may lay under the contributions: the zones of interest, shown at first, then
    the layers that the officer chose, in order. Two queries; with the map's `frame`, one when
    there are layers and none otherwise.

    Without `elsewhere`, none whose tiles come from another site: the page's content security policy
    must let them in (`sources_of`).
    """
    layers = []
    if map.zones.exists() if frame is None else frame.has_zones:
        zones = reverse("mapping:zones", args=[map.activity.slug])
        layers.append(
            ReferenceLayer(
                key="zones",
                label=gettext("Zones of interest"),
                url=zones,
                dashed=True,
                shown=True,
            )
        )
    rows = map.map_layers.select_related("layer").order_by("position", "pk")
    chosen = {
        row.layer: row.shown_at_start
        for row in (rows if frame is None or frame.has_layers else ())
        if row.layer.published
    }
    drawn = [
        layer for layer in shown_layers(chosen) if elsewhere or layer.kind == LayerKind.UPLOADED
    ]
    return layers + [_reference(layer, shown=chosen[layer]) for layer in drawn]


_KINDS = {
    LayerKind.UPLOADED: "geojson",
    LayerKind.RASTER: "raster",
    LayerKind.VECTOR: "vector",
}


def _reference(layer: Layer, *, shown: bool) -> ReferenceLayer:
    is_ours = layer.kind == LayerKind.UPLOADED
    depth = {"max_zoom": VECTOR_MAX_ZOOM} if layer.kind == LayerKind.VECTOR else {}
    return ReferenceLayer(
        key=f"layer-{layer.pk}",
        label=layer.name,
        url=reverse("maps:layer", args=[layer.pk]) if is_ours else layer.url,
        kind=_KINDS[LayerKind(layer.kind)],
        attribution=" – ".join(filter(None, (layer.credit, layer.licence))),
        tone=layer.tone,
        pattern=layer.pattern,
        dashed=layer.dashed,
        shown=shown,
        **depth,
    )


def sources_of(layers: Iterable[ReferenceLayer]) -> dict[str, list[str]]:
    """What the content security policy of a page must let in to show these layers."""
    return content_sources((each.kind, each.url) for each in layers if "://" in each.url)
