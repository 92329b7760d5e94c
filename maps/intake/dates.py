"""Dates as people and spreadsheets write them."""

import datetime
import re
from typing import Any

from django.utils.translation import gettext as _

_FRENCH_MONTHS = {
    "janvier": 1, "janv": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9,
    "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_ACCENTS = str.maketrans("éèêûôàç", "eeeuoac")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?:[t ,].*)?", re.ASCII)
_IN_WORDS = re.compile(r"(?:[a-z]+\.? )?(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})(?:[ ,].*)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)

# Day 60 of a spreadsheet is 29 February 1900, which never was: days count from 30 December 1899.
_SERIAL_ORIGIN = datetime.date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)  # from 1927 to 2119
_YEARS = range(1000, 3000)


class UnreadableDate(ValueError):
    """The value is no date that we know; the message says what is expected."""


def read_date(value: Any) -> datetime.date | None:
    """The day of a cell; `None` when it is empty.

    Reads ISO 8601 (a time after the day is left out), `14/07/2026`, `14-7-26`, `14.07.2026`, `14
    juillet 2026`, `1er août 2026`, `20260714` and the serial numbers of spreadsheets. The day comes
    first, as in French: `07/14/2026` is refused rather than guessed. Raises `UnreadableDate`.
    """
    if value is None or isinstance(value, datetime.date):
        return value.date() if isinstance(value, datetime.datetime) else value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _unreadable(value)
    text = " ".join(str(value).split()).lower().translate(_ACCENTS)
    if not text:
        return None
    if _SERIAL.fullmatch(text):
        serial = int(re.split("[.,]", text)[0])
        if serial in _SERIALS:
            return _SERIAL_ORIGIN + datetime.timedelta(days=serial)
        raise _unreadable(value)
    for pattern, order in (
        (_YEAR_FIRST, (1, 2, 3)),
        (_COMPACT, (1, 2, 3)),
        (_DAY_FIRST, (3, 2, 1)),
    ):
        if found := pattern.fullmatch(text):
            year, month, day = (int(found[place]) for place in order)
            return _day(year if year > 99 else 2000 + year, month, day, value)
    if (found := _IN_WORDS.fullmatch(text)) and found[2] in _FRENCH_MONTHS:
        return _day(int(found[3]), _FRENCH_MONTHS[found[2]], int(found[1]), value)
    raise _unreadable(value)


def _day(year: int, month: int, day: int, written: Any) -> datetime.date:
    try:
        made = datetime.date(year, month, day)
    except ValueError as error:
        raise UnreadableDate(
            _("“%(value)s” is not a day of the calendar (the day comes before the month)")
            % {"value": str(written)[:40]}
        ) from error
    if made.year not in _YEARS:
        raise _unreadable(written)
    return made


def _unreadable(value: Any) -> UnreadableDate:
    return UnreadableDate(
        _("“%(value)s” is not a date that can be read (2026-07-14 or 14/07/2026 is expected)")
        % {"value": str(value)[:40]}
    )
