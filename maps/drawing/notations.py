"""How people write a position: decimal degrees, or degrees, minutes and seconds.

Latitude comes first, as on every public map; letters (N, S, E, W, O) may say it otherwise.
"""

import re
from typing import NamedTuple

DECIMALS = 6  # a tenth of a metre: the rest is noise, and tells more than it should


class Position(NamedTuple):
    """Degrees in WGS 84; not yet known to be on Earth."""

    latitude: float
    longitude: float


class NotANumber(ValueError):
    """It looks like a position but holds something that isn't a number ("nan", "inf")."""


_NUMBER = r"[+-]?\d{1,12}(?:[.,]\d{1,20})?"
# The greedy first number takes a decimal comma: "43,6045, 1,4440", "43.6045,1.4440", "43,6 1,4".
_PAIR = re.compile(rf"({_NUMBER})\s*°?\s*(?:[;,/\s]\s*)({_NUMBER})\s*°?", re.ASCII)
# "43,6045" is half of a position, not the place 43, 6045.
_LONE = re.compile(r"[+-]?\d{1,3},\d{4,}", re.ASCII)
_LETTER = "[NSEWO]"
_PART = r"\d{1,3}(?:[.,]\d{1,20})?"
_ANGLE = rf"([+-]?)({_PART})\s*°?\s*(?:({_PART})\s*'\s*)?(?:({_PART})\s*\"\s*)?"
_LETTER_LAST = re.compile(
    rf"{_ANGLE}({_LETTER}?)\s*[;,/]?\s*{_ANGLE}({_LETTER}?)", re.ASCII | re.IGNORECASE
)
_LETTER_FIRST = re.compile(
    rf"({_LETTER})\s*{_ANGLE}\s*[;,/]?\s*({_LETTER})\s*{_ANGLE}", re.ASCII | re.IGNORECASE
)
_STRANGE = re.compile(r"[\s+;,/-]*(?:nan|[+-]?inf(?:inity)?)\b|.*[;,/\s][+-]?(?:nan|inf)\s*$", re.I)
_PLAIN_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "’": "'", "′": "'", "”": '"', "″": '"'}
    | {"º": "°"}
)
_NORTH_SOUTH, _EAST_WEST = "NS", "EWO"  # O: ouest


def position_in(text: str) -> Position | None:
    """The position that `text` writes, rounded to six decimals; `None` when it writes none.

    Raises `NotANumber`. Nothing says yet that it is on Earth.
    """
    plain = text.translate(_PLAIN_SIGNS).replace("''", '"').strip().strip("()[];,").strip()
    if _STRANGE.match(plain):
        raise NotANumber(text)
    if _LONE.fullmatch(plain):
        return None
    if pair := _PAIR.fullmatch(plain):
        return _rounded(_number(pair[1]), _number(pair[2]))
    return _in_degrees_and_minutes(plain)


def position_text(latitude: float, longitude: float) -> str:
    """The notation that this module reads first: "43.604500, 1.444000"."""
    return f"{latitude:.{DECIMALS}f}, {longitude:.{DECIMALS}f}"


def _in_degrees_and_minutes(plain: str) -> Position | None:
    if found := _LETTER_LAST.fullmatch(plain):
        angles = found.group(1, 2, 3, 4), found.group(6, 7, 8, 9)
        letters = found[5].upper(), found[10].upper()
    elif found := _LETTER_FIRST.fullmatch(plain):
        angles = found.group(2, 3, 4, 5), found.group(7, 8, 9, 10)
        letters = found[1].upper(), found[6].upper()
    else:
        return None
    # Without a letter or a sign of degrees, "1 2" cut from "12" would do.
    if not any(letters) and not re.search("[°'\"]", plain):
        return None
    if all(letters) and (letters[0] in _NORTH_SOUTH) == (letters[1] in _NORTH_SOUTH):
        return None  # two latitudes, or two longitudes
    values = [_degrees(angle, letter) for angle, letter in zip(angles, letters, strict=True)]
    if (letters[0] and letters[0] in _EAST_WEST) or (letters[1] and letters[1] in _NORTH_SOUTH):
        values.reverse()
    return _rounded(values[0], values[1])


def _degrees(angle: tuple[str | None, ...], letter: str) -> float:
    sign, degrees, minutes, seconds = (part or "0" for part in angle)
    if _number(minutes) >= 60 or _number(seconds) >= 60:
        raise NotANumber(minutes)
    value = _number(degrees) + _number(minutes) / 60 + _number(seconds) / 3600
    return -value if sign == "-" or (letter and letter in "SWO") else value


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _rounded(latitude: float, longitude: float) -> Position:
    # Adding zero turns −0.0 into 0.0.
    return Position(round(latitude, DECIMALS) + 0.0, round(longitude, DECIMALS) + 0.0)
