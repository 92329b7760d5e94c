"""Reads KML and KMZ: placemarks only; nothing that the file points at is ever fetched."""

import posixpath
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from maps.intake import archives, markup
from maps.intake.markup import child, name_of, text_of
from maps.intake.outcomes import FileRefused, Found, Limits

_OVERLAYS = frozenset({"GroundOverlay", "PhotoOverlay", "ScreenOverlay"})
_WHOLE = frozenset({"Placemark", "NetworkLink", *_OVERLAYS})
_LINK = "href"
_AFTER_COMMA = re.compile(r",[ \t]+(?=[-+.\d])")


def read(file: BinaryIO, limits: Limits) -> Iterator[Found]:
    """Each Placemark; network links and overlays are refused by name."""
    return _numbered(_features(file))


def read_archive(file: BinaryIO, limits: Limits) -> Iterator[Found]:
    """The main document of a KMZ, and those of the same archive that it links to.

    Its pictures and other files are left aside.
    """
    with archives.opened(file, limits.bytes) as archive:
        documents = {each.filename: each for each in archives.members(archive, ".kml")}
        if not documents:
            raise FileRefused(_("The archive holds no KML document."))
        # The first at the root is the main one, whatever its name (KML 2.3, annex C).
        main = min(documents, key=lambda name: name.count("/"))
        yield from _numbered(_document(archive, documents, main))


def _numbered(features: Iterator[Found]) -> Iterator[Found]:
    number = 0
    for number, each in enumerate(features, start=1):
        yield replace(each, number=number)
    if not number:
        raise FileRefused(_("The file holds no feature."))


def _document(
    archive: zipfile.ZipFile, documents: dict[str, zipfile.ZipInfo], name: str
) -> Iterator[Found]:
    """The placemarks of one document, which is read once: links can't turn in circles."""
    member = documents.pop(name)
    with tempfile.TemporaryFile() as document:
        archives.unpack(archive, member, document)
        for each in _features(document):
            link = posixpath.normpath(
                posixpath.join(posixpath.dirname(name), str(each.properties.get(_LINK, "")))
            )
            if link in documents:
                yield from _document(archive, documents, link)
            else:
                yield each


def _features(file: BinaryIO) -> Iterator[Found]:
    for name, _path, element in markup.elements(file, _WHOLE):
        label = {"name": text_of(child(element, "name"))}
        if name == "NetworkLink":
            reason = _("it is a network link: it is not followed")
            yield Found(0, None, label | {_LINK: _address(element)}, refusal=reason)
        elif name in _OVERLAYS:
            yield Found(0, None, label, refusal=_("it is a picture, not a place"))
        else:
            yield _placemark(element)


def _address(element: Element) -> str:
    link = child(element, "Link")
    link = child(element, "Url") if link is None else link
    return "" if link is None else text_of(child(link, "href"))


def _placemark(element: Element) -> Found:
    properties = dict(_properties(element))
    try:
        geometries = [made for each in element if (made := _geometry(each)) is not None]
    except ValueError:
        return Found(0, None, properties, refusal=_("its coordinates can't be read"))
    if len(geometries) > 1:
        return Found(0, {"type": "GeometryCollection", "geometries": geometries}, properties)
    return Found(0, geometries[0] if geometries else None, properties)


def _properties(element: Element) -> Iterator[tuple[str, str]]:
    for name in ("name", "description", "address", "phoneNumber"):
        if value := text_of(child(element, name)):
            yield name, value
    stamp = child(element, "TimeStamp")
    if stamp is not None and (when := text_of(child(stamp, "when"))):
        yield "when", when
    extended = child(element, "ExtendedData")
    if extended is None:
        return
    for each in extended.iter():
        name = each.get("name", "")
        if name_of(each) == "Data" and name:
            yield name, text_of(child(each, "value"))
        elif name_of(each) == "SimpleData" and name:
            yield name, text_of(each)


def _geometry(element: Element) -> dict[str, Any] | None:
    match name_of(element):
        case "Point":
            positions = _positions(child(element, "coordinates"))
            return {"type": "Point", "coordinates": positions[0] if positions else None}
        case "LineString":
            return {
                "type": "LineString", "coordinates": _positions(child(element, "coordinates"))
            }  # fmt: skip
        case "LinearRing":
            return {"type": "Polygon", "coordinates": [_ring(element)]}
        case "Polygon":
            rings = [
                _ring(ring)
                for side in ("outerBoundaryIs", "innerBoundaryIs")
                for boundary in element
                if name_of(boundary) == side
                for ring in boundary
                if name_of(ring) == "LinearRing"
            ]
            return {"type": "Polygon", "coordinates": rings}
        case "Track":
            return {"type": "LineString", "coordinates": _track(element)}
        case "MultiGeometry" | "MultiTrack":
            parts = [made for each in element if (made := _geometry(each)) is not None]
            return {"type": "GeometryCollection", "geometries": parts}
        case "Model":
            return {"type": "Model"}
    return None


def _positions(coordinates: Element | None) -> list[list[float]]:
    """`longitude,latitude[,altitude]` separated by blanks; a blank after a comma is forgiven."""
    text = _AFTER_COMMA.sub(",", text_of(coordinates))
    return [[float(number) for number in each.split(",")] for each in text.split()]


def _ring(ring: Element) -> list[list[float]]:
    """A ring, closed when its author forgot to, as Google Earth does."""
    positions = _positions(child(ring, "coordinates"))
    if len(positions) > 2 and positions[0][:2] != positions[-1][:2]:
        positions.append(positions[0])
    return positions


def _track(track: Element) -> list[list[float]]:
    return [
        [float(number) for number in text_of(each).split()]
        for each in track
        if name_of(each) == "coord" and text_of(each)
    ]
