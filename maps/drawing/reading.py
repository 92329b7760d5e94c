"""Reads a drawing's points, one per line: a position, or an address looked up on the server."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from maps import geocoding
from maps.drawing.errors import DrawingErrors, Problem
from maps.drawing.notations import DECIMALS, NotANumber, Position, position_in
from maps.models import Territory

MAX_LOOKUPS = 20  # each may wait for the service behind: one form must not wait for minutes
MAX_LINE_LENGTH = geocoding.MAX_LENGTH
MAX_CANDIDATES_NAMED = 4
RIVAL_SCORE = 0.05  # nearer than this to the best match, another is as likely
MAX_PROBLEMS = 20
_WORD = re.compile(r"[^\W\d_]{3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Vertex(NamedTuple):
    """One point of the drawing: its place among the points (from 1) and where it is (degrees)."""

    number: int
    latitude: float
    longitude: float


@dataclass(slots=True)
class _Lookups:
    """Addresses asked so far; the first silence of the service ends the asking."""

    within: Territory | None
    done: int = 0
    down: bool = False


def read(text: str, *, within: Territory | None, limit: int) -> list[Vertex]:
    """The points of `text`, one per line that isn't blank, at most `limit`.

    `within`: where addresses are looked up. Raises `DrawingErrors` with one problem per wrong line:
    `too_many`, `not_a_number`, `out_of_range`, `unknown_place`, `ambiguous_place`,
    `lookup_unavailable`, `too_many_lookups`, `line_too_long`, `control_characters`.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > limit:
        raise DrawingErrors(
            Problem(
                "too_many",
                _("The drawing has %(count)s points: %(limit)s at most. Simplify it.")
                % {"count": len(lines), "limit": limit},
            )
        )
    lookups = _Lookups(within)
    vertices: list[Vertex] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        try:
            latitude, longitude = _position(number, line, lookups)
        except DrawingErrors as error:
            problems.extend(error.problems)
        else:
            vertices.append(Vertex(number, latitude, longitude))
    if problems:
        raise DrawingErrors(*_few(problems))
    return vertices


def _few(problems: list[Problem]) -> list[Problem]:
    """The first problems, then how many there are still."""
    if len(problems) <= MAX_PROBLEMS:
        return problems
    rest = _("%(count)s other points can't be read.") % {"count": len(problems) - MAX_PROBLEMS}
    return [*problems[:MAX_PROBLEMS], Problem("more", rest)]


def _position(number: int, line: str, lookups: _Lookups) -> Position:
    if len(line) > MAX_LINE_LENGTH:
        raise _wrong(
            number, "line_too_long", _("this line is too long (%(limit)s characters at most)."),
            limit=MAX_LINE_LENGTH,
        )  # fmt: skip
    if _CONTROL.search(line):
        raise _wrong(
            number, "control_characters", _("this line holds characters that can't be shown.")
        )
    try:
        position = position_in(line)
    except NotANumber:
        position, wordy = None, False
    else:
        wordy = bool(_WORD.search(line))
    if position is None:
        if wordy:
            return _looked_up(number, line, lookups)
        raise _wrong(
            number,
            "not_a_number",
            _("“%(value)s” is not a latitude and a longitude: write for example 43.6045, 1.4440."),
            value=line[:60],
        )
    if abs(position.latitude) > 90 or abs(position.longitude) > 180:
        raise _wrong(
            number,
            "out_of_range",
            _(
                "“%(value)s” is not on Earth: a latitude goes from −90 to 90, a longitude from "
                "−180 to 180."
            ),
            value=line[:60],
        )
    return position


def _looked_up(number: int, line: str, lookups: _Lookups) -> Position:
    """The only place that answers to `line`."""
    if lookups.done >= MAX_LOOKUPS:
        raise _wrong(
            number,
            "too_many_lookups",
            _("%(limit)s addresses at most: write a latitude and a longitude."),
            limit=MAX_LOOKUPS,
        )
    lookups.done += 1
    found = geocoding.Found(available=False)
    if not lookups.down:
        found = geocoding.search(line, within=lookups.within)
        lookups.down = not found.available
    if not found.available:
        raise _wrong(
            number,
            "lookup_unavailable",
            _("the address search does not answer for now: write a latitude and a longitude."),
        )
    if not found.places:
        raise _wrong(
            number,
            "unknown_place",
            _("“%(value)s” was not found: write another address, or a latitude and a longitude."),
            value=line[:60],
        )
    best = max(place.score for place in found.places)
    named = [place for place in found.places if place.label.casefold() == line.casefold()]
    likely = named or [place for place in found.places if place.score >= best - RIVAL_SCORE]
    if len(likely) > 1:
        raise _wrong(
            number,
            "ambiguous_place",
            _("several places answer to “%(value)s” (%(places)s): write one of these names."),
            value=line[:60],
            places=" ; ".join(place.label for place in likely[:MAX_CANDIDATES_NAMED]),
        )
    point = likely[0].point
    return Position(round(point.y, DECIMALS), round(point.x, DECIMALS))


def _wrong(number: int, code: str, text: str, **values: object) -> DrawingErrors:
    """“Point 3: …”"""
    said = {"number": number, "reason": text % values if values else text}
    return DrawingErrors(Problem(code, _("Point %(number)s: %(reason)s") % said))
