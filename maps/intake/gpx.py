"""Reads GPX: waypoints, routes and tracks."""

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from maps.intake import markup
from maps.intake.markup import name_of, text_of
from maps.intake.outcomes import FileRefused, Found, Limits

_WHOLE = frozenset({"wpt", "rte", "trk"})
_POINTS = frozenset({"rtept", "trkpt", "trkseg"})


def read(file: BinaryIO, limits: Limits) -> Iterator[Found]:
    """A waypoint is a point; a route, a line; a track, a line per segment."""
    number = 0
    for name, _path, element in markup.elements(file, _WHOLE):
        number += 1
        properties = dict(_properties(element))
        note = ""
        try:
            if name == "wpt":
                geometry: dict[str, Any] = {"type": "Point", "coordinates": _position(element)}
            elif name == "rte":
                geometry = {"type": "LineString", "coordinates": _line(element, "rtept")}
            else:
                geometry, note = _track(element)
        except (TypeError, ValueError):
            yield Found(number, None, properties, refusal=_("its coordinates can't be read"))
        else:
            yield Found(number, geometry, properties, note=note)
    if not number:
        raise FileRefused(_("The file holds no feature."))


def _track(track: Element) -> tuple[dict[str, Any], str]:
    segments = [_line(each, "trkpt") for each in track if name_of(each) == "trkseg"]
    kept = [each for each in segments if len(each) > 1]
    note = _("the segments of a single point were left out") if len(kept) < len(segments) else ""
    if len(kept) == 1:
        return {"type": "LineString", "coordinates": kept[0]}, note
    return {"type": "MultiLineString", "coordinates": kept}, note


def _line(element: Element, name: str) -> list[list[float]]:
    return [_position(each) for each in element if name_of(each) == name]


def _position(element: Element) -> list[float]:
    return [float(element.attrib.get("lon", "")), float(element.attrib.get("lat", ""))]


def _properties(element: Element) -> Iterator[tuple[str, str]]:
    for each in element:
        name = name_of(each)
        if name == "extensions":
            for inner in each.iter():
                if not len(inner) and (value := text_of(inner)):
                    yield name_of(inner), value
        elif name == "link":
            yield "link", each.get("href", "")
        elif name not in _POINTS and not len(each) and (value := text_of(each)):
            yield name, value
