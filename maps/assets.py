"""Addresses that the map's scripts ask for themselves."""

from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse

from maps.models import Territory
from maps.references import reference


def leaflet_url() -> str:
    """Leaflet itself, as django-leaflet ships it."""
    return static("leaflet/leaflet.js")


def tiles_module_url() -> str:
    """The module that shows vector tiles."""
    return static("map-tiles.js")


def sprite_url() -> str:
    """The design system's icons, for the categories' pictures in the markers."""
    return static("icons.svg")


def territories_url(territory: Territory | None, parts: str = "") -> str:
    """Where the map reads the outline of `territory` and its parts; nothing without territory."""
    if territory is None:
        return ""
    asked = {"parent": reference(territory)} | ({"kind": parts} if parts else {})
    return f"{reverse('maps:territories')}?{urlencode(asked, safe=':')}"
