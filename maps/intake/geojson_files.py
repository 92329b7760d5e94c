"""Reads GeoJSON feature by feature: memory holds one feature, whatever the size of the file.

Also the line-by-line kinds (GeoJSONSeq, RFC 8142). A number that JSON lacks (NaN, Infinity) refuses
its feature alone.
"""

import codecs
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from maps.intake.geometries import refuse_crs
from maps.intake.outcomes import FeatureRefused, FileRefused, Found, Limits

CHUNK = 256 * 1024
_BLANK = " \t\r\n\x1e"


def read(file: BinaryIO, limits: Limits) -> Iterator[Found]:
    """Each Feature of a FeatureCollection, of a sequence of Features, or the only one.

    Raises `FileRefused`: not UTF-8, not JSON, not GeoJSON, another reference system.
    """
    text = _Text(file, limits.characters_of_one)
    if text.peek() != "{":
        text.value()  # says where it is not JSON
        raise FileRefused(_("The file is not GeoJSON: an object is expected."))
    members: dict[str, Any] = {}
    number = 0
    for name, value in _members(text):
        if name == "features" and value is _ARRAY:
            for each in _items(text):
                number += 1
                yield _found(number, each)
            members[name] = _ARRAY
        else:
            members[name] = value
        refuse_crs({name: value}, FileRefused)
    if members.get("type") == "Feature":
        yield _found(1, members)
        number = 1
        while text.peek():  # one Feature per line
            number += 1
            yield _found(number, text.value())
    elif members.get("type") != "FeatureCollection" or members.get("features") is not _ARRAY:
        raise FileRefused(_("The file is not a GeoJSON FeatureCollection."))
    if text.peek():
        text.fail()
    if not number:
        raise FileRefused(_("The file holds no feature."))


_ARRAY = object()


def _found(number: int, feature: Any) -> Found:
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        return Found(number, None, refusal=_("it is not a GeoJSON Feature"))
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, Mapping):
        return Found(number, None, refusal=_("its properties are not an object"))
    if "id" in feature and "id" not in properties and isinstance(feature["id"], str | int):
        properties = {"id": feature["id"], **properties}
    try:
        refuse_crs(feature, FeatureRefused)
    except FeatureRefused as refusal:
        return Found(number, None, properties, refusal=str(refusal))
    return Found(number, feature.get("geometry"), properties)


def _members(text: "_Text") -> Iterator[tuple[str, Any]]:
    """Names and values of an object; the array `features` is left to be read by the caller."""
    text.take("{")
    while text.peek() != "}":
        name = text.value()
        if not isinstance(name, str):
            text.fail()
        text.take(":")
        if name == "features" and text.peek() == "[":
            yield name, _ARRAY
        else:
            yield name, text.value()
        if text.peek() != "}":
            text.take(",")
            if text.peek() == "}":
                text.fail()
    text.take("}")


def _items(text: "_Text") -> Iterator[Any]:
    text.take("[")
    while text.peek() != "]":
        yield text.value()
        if text.peek() != "]":
            text.take(",")
            if text.peek() == "]":
                text.fail()
    text.take("]")


class _Text:
    """The file's text, decoded and parsed piece by piece."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self._limit = limit
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_constant=float)
        self._buffer = ""
        self._at = 0
        self._bytes = self._lines = self._column = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended:
                return ""
            self._more()

    def take(self, character: str) -> None:
        if self.peek() != character:
            self.fail()
        self._at += 1

    def value(self) -> Any:
        """The next JSON value. Raises `FileRefused` when there is none."""
        self.peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._ended:
                    self.fail(error.pos)
            except RecursionError as error:
                raise FileRefused(_("The file is nested too deeply.")) from error
            except ValueError as error:  # an integer of thousands of digits
                raise FileRefused(_("The file holds a number that can't be read.")) from error
            else:
                # A number cut by the end of the buffer would be taken for a shorter one.
                if end < len(self._buffer) or self._ended:
                    self._at = end
                    return value
            if len(self._buffer) - self._at > self._limit:
                raise FileRefused(_("One of its features is too large: split it."))
            # Twice as much each time: a large feature is not parsed again at every chunk.
            self._more(max(CHUNK, len(self._buffer) - self._at))

    def fail(self, position: int | None = None) -> None:
        """Raises `FileRefused` with the place of the fault."""
        at = self._at if position is None else position
        before = self._buffer[:at]
        newline = before.rfind("\n")
        column = at - newline if newline >= 0 else self._column + at + 1
        raise FileRefused(
            _("The file is not JSON: line %(line)s, column %(column)s.")
            % {"line": self._lines + before.count("\n") + 1, "column": column}
        )

    def _more(self, size: int = CHUNK) -> None:
        data = self._file.read(size)
        kept = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise FileRefused(
                _("The file is not in UTF-8 (byte %(place)s).")
                % {"place": self._bytes - kept + error.start}
            ) from error
        self._bytes += len(data)
        self._ended = not data
        gone = self._buffer[: self._at]
        newline = gone.rfind("\n")
        self._lines += gone.count("\n")
        self._column = self._at - newline - 1 if newline >= 0 else self._column + self._at
        self._buffer = self._buffer[self._at :] + text
        self._at = 0
