"""`{% load maps %}`: the map, and the picture of a place."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from maps import assets, base_layers, locator, queries
from maps.assets import territories_url
from maps.geojson import Feature, feature_collection
from maps.legend import Category, ReferenceLayer, extra_base_layers
from maps.models import Territory
from maps.texts import location_texts, map_texts, tiled_map_texts

register = template.Library()

HEIGHTS = ("small", "medium", "large")
FRANCE: queries.Box = (-5.2, 41.3, 9.6, 51.1)


@register.inclusion_tag("maps/map_view.html")
def map_view(
    *,
    id: str,
    label: str,
    features_url: str = "",
    features: Sequence[Feature] | None = None,
    tiles_url: str = "",
    popup_url: str = "",
    categories: Sequence[Category] = (),
    references: Sequence[ReferenceLayer] = (),
    around_me: bool = False,
    territory: Territory | None = None,
    parts: str = "",
    bounds: queries.Box | None = None,
    list_id: str = "",
    list_url: str = "",
    height: str = "medium",
    count_one: str = "",
    count_many: str = "",
) -> dict[str, Any]:
    """A map of things that the page also lists.

    - `id`, `label`: the element's id and the map's name for screen readers (both needed);
    - `features_url` (GeoJSON), `features` (a short list, written into the page) or `tiles_url`
      (vector tiles of `maps.tiles`, for many things: a template with {z}, {x} and {y});
    - with `tiles_url`: `popup_url` (a template with {id}: the HTML fragment that a thing opens),
      `categories` and `references` (see `maps.legend`), `around_me` (a button that shows where one
      is);
    - `territory`: the outline drawn behind; `parts`: the kind of its parts to draw (a
      `TerritoryKind` value);
    - `bounds`: west, south, east, north in degrees; the territory's own box by default, else the
      features';
    - `list_id`: the id of the list that holds the same things, items with `data-feature-id`;
    - `list_url`: where that list is, when it is on another page;
    - `height`: small, medium or large;
    - `count_one`, `count_many`: what the live region says, with `{count}` and, when some are out of
      the frame, `{total}` ("{count} ideas shown").

    The features' properties are described on `maps.geojson.Feature`.
    """
    if [bool(features_url), features is not None, bool(tiles_url)].count(True) != 1:
        raise template.TemplateSyntaxError(
            "map_view needs features_url, features or tiles_url, and only one."
        )
    if not tiles_url and (popup_url or categories or references or around_me):
        raise template.TemplateSyntaxError("map_view: these inputs go with tiles_url.")
    if height not in HEIGHTS:
        raise template.TemplateSyntaxError(f"map_view: height is one of {', '.join(HEIGHTS)}.")
    box = bounds or (queries.extent(territory) if territory else None)
    return {
        "id": id,
        "label": label,
        "features_url": features_url,
        "features": None if features is None else json.loads(feature_collection(features)),
        "territories_url": territories_url(territory, parts),
        "leaflet_url": assets.leaflet_url(),
        "sprite_url": assets.sprite_url(),
        "list_id": list_id,
        "list_url": list_url,
        "height": height,
        "bounded": box is not None,
        "leaflet": leaflet_settings(box or FRANCE),
        "tiles_url": tiles_url,
        "popup_url": popup_url,
        "module_url": assets.tiles_module_url() if tiles_url else "",
        "legend": categories,
        "categories": [category.as_data() for category in categories],
        "references": [*references, *extra_base_layers()] if tiles_url else [],
        "around_me": around_me,
        "texts": (tiled_map_texts if tiles_url else map_texts)(
            count_one=count_one, count_many=count_many
        ),
    }


@register.inclusion_tag("maps/location_map.html")
def location_map(
    *,
    id: str,
    perimeter: Territory | None,
    kind: str = "",
) -> dict[str, Any]:
    """The map inside a location field; used by its widget's template only."""
    return {
        "id": id,
        "leaflet": leaflet_settings(queries.extent(perimeter) if perimeter else FRANCE),
        "texts": location_texts(),
    }


@register.inclusion_tag("maps/territory_svg.html")
def territory_svg(
    territory: Territory,
    *,
    point: Point | None = None,
    highlight: Territory | None = None,
    parts: str = "",
    values: Mapping[int, float] | None = None,
    title: str = "",
    description: str = "",
) -> dict[str, Any]:
    """A light picture of a territory, drawn on the server: no script, no third party.

    - `point`: a place to mark; `highlight`: one of the parts to fill;
    - `parts`: the kind of the parts to draw inside (a `TerritoryKind` value);
    - `values`: territory pk → number, for a map in five shades (give the table beside it);
    - `title`, `description`: what a screen reader says; the place's name by default.

    No query when the boundaries were drawn in the last minute.
    """
    picture = locator.draw(
        territory, point=point, highlight=highlight, parts=parts, values=values or {}
    )
    return {
        "picture": picture,
        "title": title or _locator_title(territory, highlight, point),
        "description": description,
    }


def _locator_title(territory: Territory, highlight: Territory | None, point: Point | None) -> str:
    names = {"territory": territory.name, "part": highlight.name if highlight else ""}
    if highlight is not None:
        return _("Where it is: %(part)s, in %(territory)s") % names
    if point is not None:
        return _("Where it is in %(territory)s") % names
    return _("Map of %(territory)s") % names


def leaflet_settings(box: queries.Box) -> dict[str, Any]:
    """What this map changes in django-leaflet's settings."""
    return {"SPATIAL_EXTENT": tuple(box), "TILES": base_layers.leaflet_tiles()}
