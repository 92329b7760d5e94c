"""`{% load drawing %}`: the map of a drawing field, and the measure of what was drawn."""

from typing import Any

from django import template
from django.contrib.gis.geos import GEOSGeometry

from maps import queries
from maps.drawing import measures
from maps.templatetags.maps import FRANCE, leaflet_settings
from maps.texts import drawing_texts

register = template.Library()


@register.inclusion_tag("maps/location_map.html")
def drawing_map(*, id: str, box: queries.Box | None) -> dict[str, Any]:
    """The map inside a drawing field; used by its widget's template only."""
    return {"id": id, "leaflet": leaflet_settings(box or FRANCE), "texts": drawing_texts()}


@register.filter
def measured(geometry: GEOSGeometry | None) -> str:
    """“412 m”, “3.4 ha (outline: 760 m)”: the length or the area, in the projected system."""
    return measures.said(geometry)
