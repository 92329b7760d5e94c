"""Base maps: where their pictures come from and whom they credit."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from maps.choices import BaseLayer


@dataclass(frozen=True, slots=True)
class Tiles:
    """A raster base map: Leaflet's address template, its credit (HTML) and its deepest zoom."""

    url: str
    attribution: str
    max_zoom: int

    @property
    def host(self) -> str:
        """Scheme and host, as a content security policy names them."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


TILES: dict[str, Tiles] = {
    # Géoplateforme, no key; Licence Ouverte 2.0 asks for this credit.
    BaseLayer.IGN: Tiles(
        url=(
            "https://data.geopf.fr/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile"
            "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
            "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
        ),
        attribution='© <a href="https://geoservices.ign.fr/">IGN – Géoplateforme</a>',
        max_zoom=19,
    ),
    # The foundation's own servers exclude heavy use: for small sites and trials.
    BaseLayer.OSM: Tiles(
        url="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        attribution='© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>',
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


def leaflet_tiles(base_layer: str | None = None) -> list[tuple[Any, str, dict[str, Any]]]:
    """The base layer as django-leaflet's `TILES` setting wants it; the site's own by default."""
    name = settings.MAP_BASE_LAYER if base_layer is None else base_layer
    tiles = tiles_of(name)
    if tiles is None:
        return []
    options = {"attribution": tiles.attribution, "maxZoom": tiles.max_zoom}
    return [(BaseLayer(name).label, tiles.url, options)]
