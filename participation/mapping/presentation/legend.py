"""How the categories of a map look on it: never by colour alone."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from maps.choices import LayerKind
from maps.legend import Category, ReferenceLayer
from maps.models import Layer
from maps.queries import shown_layers
from maps.tile_addresses import content_sources
from participation.mapping.models import MapCategory, ParticipatoryMap


def legend_of(categories: Iterable[MapCategory]) -> list[Category]:
    """The map's categories as its legend and its tiles know them."""
    return [
        Category(
            key=str(each.pk),
            label=each.name,
            tone=each.tone,
            icon=each.icon,
            pattern=each.pattern,
        )
        for each in categories
    ]


def layers_of(map: ParticipatoryMap, *, elsewhere: bool = True) -> list[ReferenceLayer]:
    """What a reader may lay under the contributions: the zones of interest, shown at first, then
    the layers that the officer chose, in order. Two queries.

    Without `elsewhere`, none whose pictures come from another site: the page's content security
    policy must let them in (`sources_of`). Layers of vector tiles are not drawn.
    """
    layers = []
    if map.zones.exists():
        zones = reverse("mapping:zones", args=[map.activity.slug])
        layers.append(
            ReferenceLayer(key="zones", label=gettext("Zones of interest"), url=zones, shown=True)
        )
    chosen = {
        row.layer: row.shown_at_start
        for row in map.map_layers.select_related("layer").order_by("position", "pk")
        if row.layer.published
    }
    kinds = {LayerKind.UPLOADED, *([LayerKind.RASTER] if elsewhere else [])}
    drawn = [layer for layer in shown_layers(chosen) if layer.kind in kinds]
    return layers + [_reference(layer, shown=chosen[layer]) for layer in drawn]


def _reference(layer: Layer, *, shown: bool) -> ReferenceLayer:
    is_raster = layer.kind == LayerKind.RASTER
    return ReferenceLayer(
        key=f"layer-{layer.pk}",
        label=layer.name,
        url=layer.url if is_raster else reverse("maps:layer", args=[layer.pk]),
        raster=is_raster,
        attribution=" – ".join(filter(None, (layer.credit, layer.licence))),
        tone=layer.tone,
        shown=shown,
    )


def sources_of(layers: Iterable[ReferenceLayer]) -> dict[str, list[str]]:
    """What the content security policy of a page must let in to show these layers."""
    return content_sources(
        (LayerKind.RASTER, each.url) for each in layers if each.raster and "://" in each.url
    )
