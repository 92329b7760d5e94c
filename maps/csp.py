"""What a base map adds to the content security policy. Safe to import from settings."""

# Written here and not read from `maps.base_layers`, which needs settings to be ready: a test keeps
# both equal.
_HOSTS = {
    "none": (),
    "ign": ("https://data.geopf.fr",),
    "osm": ("https://tile.openstreetmap.org",),
}


def image_sources(base_layer: str) -> list[str]:
    """Hosts that `img-src` must allow for this value of MAP_BASE_LAYER; none by default.

    Raises `ValueError` for an unknown base layer, so that a typing mistake stops the start.
    """
    try:
        return list(_HOSTS[base_layer])
    except KeyError:
        known = ", ".join(_HOSTS)
        raise ValueError(f"MAP_BASE_LAYER is {base_layer!r}; it must be one of {known}.") from None
