"""Base maps: where their pictures come from and whom they credit."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.safestring import SafeString

from maps.choices import BaseLayer


@dataclass(frozen=True, slots=True)
class Tiles:
    """A raster base map: Leaflet's address template, its credit (HTML) and its deepest zoom."""

    url: str
    attribution: SafeString
    max_zoom: int

    @property
    def host(self) -> str:
        """Scheme and host, as a content security policy names them."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def address(self, z: int, x: int, y: int) -> str:
        """Where the service has this picture."""
        return self.url.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))


_WMTS = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&STYLE=normal"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)
# Géoplateforme, no key; Licence Ouverte 2.0 asks for this credit.
_IGN_CREDIT = SafeString('© <a href="https://geoservices.ign.fr/">IGN – Géoplateforme</a>')

TILES: dict[str, Tiles] = {
    BaseLayer.IGN: Tiles(
        url=f"{_WMTS}&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&FORMAT=image/png",
        attribution=_IGN_CREDIT,
        max_zoom=19,
    ),
    BaseLayer.AERIAL: Tiles(
        url=f"{_WMTS}&LAYER=ORTHOIMAGERY.ORTHOPHOTOS&FORMAT=image/jpeg",
        attribution=_IGN_CREDIT,
        max_zoom=19,
    ),
    # The foundation's own servers exclude heavy use: for small sites and trials.
    BaseLayer.OSM: Tiles(
        url="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        attribution=SafeString(
            '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>'
        ),
        max_zoom=19,
    ),
}


def tiles_of(base_layer: str) -> Tiles | None:
    """The pictures of this base layer; `None` for our own boundaries.

    Raises `ImproperlyConfigured` for a name that isn't a base layer.
    """
    if base_layer not in BaseLayer.values:
        raise ImproperlyConfigured(
            f"MAP_BASE_LAYER is {base_layer!r}; it must be one of {', '.join(BaseLayer.values)}."
        )
    return TILES.get(base_layer)


def in_use() -> dict[str, Tiles]:
    """The base maps that this site's settings name, and no other."""
    names = [settings.MAP_BASE_LAYER, *settings.MAP_EXTRA_LAYERS]
    return {name: tiles for name in names if (tiles := tiles_of(name)) is not None}


def address(base_layer: str) -> str:
    """Leaflet's template of addresses for a base map; through this site by default."""
    if not settings.MAP_TILES_PROXY:
        return TILES[base_layer].url
    first = reverse("maps:base_tile", args=[base_layer, 0, 0, 0])
    return first.removesuffix("0/0/0") + "{z}/{x}/{y}"


def leaflet_tiles(base_layer: str | None = None) -> list[tuple[Any, str, dict[str, Any]]]:
    """The base layer as django-leaflet's `TILES` setting wants it; the site's own by default."""
    name = settings.MAP_BASE_LAYER if base_layer is None else base_layer
    tiles = tiles_of(name)
    if tiles is None:
        return []
    options = {"attribution": str(tiles.attribution), "maxZoom": tiles.max_zoom}
    return [(BaseLayer(name).label, address(name), options)]
