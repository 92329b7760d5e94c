"""When something takes place, in words that say no more than what is known."""

import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language, gettext, pgettext

from participation.agenda.choices import Precision
from participation.core import dates

SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
"""Month that a season starts with: meteorological seasons, whole months."""


def period_words(start: datetime.date, end: datetime.date, precision: str) -> str:
    """A window of days `[start, end)` in words: `2027`, `spring 2027`, `May 2027`, `3 to 5 May`.

    A window longer than its precision says where it starts and ends.
    """
    last = end - datetime.timedelta(days=1)
    match precision:
        case Precision.YEAR:
            first_words, last_words = str(start.year), str(last.year)
        case Precision.SEASON:
            first_words, last_words = season_words(start), season_words(last)
            if first_words != last_words:
                return f"{first_words} – {last_words}"
        case Precision.MONTH:
            first_words, last_words = _month(start), _month(last)
        case _:
            return _days(start, last)
    if first_words == last_words:
        return first_words
    return pgettext("years or months", "from %(start)s to %(end)s") % {
        "start": first_words,
        "end": last_words,
    }


def precision_words(precision: str) -> str:
    """What is not known yet of a date, in a sentence; empty when its days are known."""
    match precision:
        case Precision.YEAR:
            return gettext("Only the year is known so far; the date will be given later.")
        case Precision.SEASON:
            return gettext("Only the season is known so far; the date will be given later.")
        case Precision.MONTH:
            return gettext("Only the month is known so far; the day will be given later.")
    return ""


def season_words(day: datetime.date) -> str:
    """`spring 2027`; the winter of December belongs to two years: `winter 2027–2028`."""
    month = day.month - day.month % 3 or 12
    year = day.year
    match SEASONS[month]:
        case "spring":
            words = pgettext("season", "spring %(year)s")
        case "summer":
            words = pgettext("season", "summer %(year)s")
        case "autumn":
            words = pgettext("season", "autumn %(year)s")
        case _:
            first = year if day.month == 12 else year - 1
            return pgettext("season", "winter %(first)s–%(second)s") % {
                "first": first,
                "second": first + 1,
            }
    return words % {"year": year}


def moment_words(start: datetime.datetime, end: datetime.datetime | None, zone: str) -> str:
    """An event's day and hours by the clocks of its place; days alone for a long period."""
    return _written_moment(start, end, zone, get_language())


@lru_cache(maxsize=8192)
def _written_moment(
    start: datetime.datetime, end: datetime.datetime | None, zone: str, language: str | None
) -> str:
    here = ZoneInfo(zone)
    begins = start.astimezone(here)
    if end is None:
        return gettext("from %(day)s") % {"day": date_format(begins.date(), "DATE_FORMAT")}
    ends = end.astimezone(here)
    if begins.date() == ends.date():
        return gettext("%(day)s, from %(start)s to %(end)s") % {
            "day": date_format(begins.date(), pgettext("date format", "l, F j, Y")),
            "start": _hour(begins),
            "end": _hour(ends),
        }
    last = (ends - datetime.timedelta(microseconds=1)).date()
    return _days(begins.date(), last)


def start_hour(start: datetime.datetime, zone: str) -> str:
    """The hour at which it starts, by the clocks of its place."""
    return _hour(start.astimezone(ZoneInfo(zone)))


def entry_words(
    *,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime | None,
    precision: str,
    timezone: str,
) -> str:
    """When a line of the agenda takes place."""
    if precision == "time" or ends_at is None:
        return moment_words(starts_at, ends_at, timezone)
    here = ZoneInfo(timezone)
    return period_words(
        starts_at.astimezone(here).date(), ends_at.astimezone(here).date(), precision
    )


def date_format(day: datetime.date, form: str) -> str:
    """A day written in the language of the page. A calendar says the same days over and over."""
    return _written_day(day, form, get_language())


@lru_cache(maxsize=8192)
def _written_day(day: datetime.date, form: str, language: str | None) -> str:
    return dates.date_format(day, form)


@lru_cache(maxsize=2048)
def _written_hour(hour: datetime.time, form: str, language: str | None) -> str:
    return formats.time_format(hour, form)


def _hour(moment: datetime.datetime) -> str:
    return _written_hour(moment.time(), pgettext("date format", "g:i A"), get_language())


def _month(day: datetime.date) -> str:
    return date_format(day, "F Y")


def _days(first: datetime.date, last: datetime.date) -> str:
    if first == last:
        return date_format(first, pgettext("date format", "l, F j, Y"))
    return pgettext("days", "from %(start)s to %(end)s") % {
        "start": date_format(first, "DATE_FORMAT"),
        "end": date_format(last, "DATE_FORMAT"),
    }
