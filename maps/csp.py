"""What a base map adds to the content security policy. Safe to import from settings."""

from collections.abc import Iterable

# Written here and not read from `maps.base_layers`, which needs settings to be ready: a test keeps
# both equal.
_HOSTS = {
    "none": (),
    "ign": ("https://data.geopf.fr",),
    "aerial": ("https://data.geopf.fr",),
    "osm": ("https://tile.openstreetmap.org",),
}


def image_sources(layers: Iterable[str], *, proxied: bool) -> list[str]:
    """Hosts that `img-src` must allow for these base layers; none when they come through the site.

    Raises `ValueError` for an unknown base layer, so that a typing mistake stops the start.
    """
    hosts: list[str] = []
    for layer in layers:
        if layer not in _HOSTS:
            known = ", ".join(_HOSTS)
            raise ValueError(
                f"MAP_BASE_LAYER and MAP_EXTRA_LAYERS: {layer!r} must be one of {known}."
            )
        hosts += [host for host in _HOSTS[layer] if host not in hosts]
    return [] if proxied else hosts
