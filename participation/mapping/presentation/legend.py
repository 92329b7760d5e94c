"""How the categories of a map look on it: never by colour alone."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from maps.legend import Category, ReferenceLayer
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


def layers_of(map: ParticipatoryMap) -> list[ReferenceLayer]:
    """What a reader may lay under the contributions: the zones of interest, shown at first."""
    if not map.zones.exists():
        return []
    zones = reverse("mapping:zones", args=[map.activity.slug])
    return [ReferenceLayer(key="zones", label=gettext("Zones of interest"), url=zones, shown=True)]
