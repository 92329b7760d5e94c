"""Dates that come back: what an officer chooses, as a rule of RFC 5545 and as its dates."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday
from django.utils.translation import gettext_lazy as _

from participation.core.verdict import ALLOWED, Verdict, refuse

MOST_DATES = 120
"""Ten years of a monthly meeting, two of a weekly one: beyond, somebody mistyped an end."""
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK = 7


class Rhythm(StrEnum):
    """How dates come back. `MONTH_WEEKDAY`: the same weekday of the month, as the first Tuesday."""

    DAY = "day"
    WEEK = "week"
    MONTH_DATE = "month_date"
    MONTH_WEEKDAY = "month_weekday"
    MONTH_LAST = "month_last"
    YEAR = "year"


_FREQUENCIES = {
    Rhythm.DAY: ("DAILY", DAILY),
    Rhythm.WEEK: ("WEEKLY", WEEKLY),
    Rhythm.MONTH_DATE: ("MONTHLY", MONTHLY),
    Rhythm.MONTH_WEEKDAY: ("MONTHLY", MONTHLY),
    Rhythm.MONTH_LAST: ("MONTHLY", MONTHLY),
    Rhythm.YEAR: ("YEARLY", YEARLY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """Every `every` days, weeks, months or years, until a day (included) or `count` dates.

    `weekdays`: 0 (Monday) to 6, for `Rhythm.WEEK` only; that of the first date always counts.
    """

    rhythm: Rhythm
    every: int = 1
    weekdays: Sequence[int] = ()
    until: datetime.date | None = None
    count: int | None = None

    def verdict(self, *, first: datetime.datetime) -> Verdict:
        """Whether it makes a series from `first` (local).

        Codes: `no_end`, `two_ends`, `ends_too_soon`, `too_many`, `not_last`.
        """
        if self.until is None and self.count is None:
            return refuse(
                "no_end", _("A recurrence needs an end: a last day or a number of dates.")
            )
        if self.until is not None and self.count is not None:
            return refuse("two_ends", _("Give a last day or a number of dates, not both."))
        if self.rhythm == Rhythm.MONTH_LAST and not is_last_weekday(first.date()):
            return refuse("not_last", _("The first date is not in the last week of its month."))
        found = self._dates(first, MOST_DATES + 1)
        if len(found) > MOST_DATES:
            return refuse(
                "too_many",
                _("This recurrence makes more than %(limit)s dates: bring its end nearer."),
                limit=MOST_DATES,
            )
        if len(found) < 2:
            return refuse("ends_too_soon", _("This recurrence has one date only."))
        return ALLOWED

    def dates(self, *, first: datetime.datetime) -> list[datetime.datetime]:
        """Local starts without a zone, `first` included, in order; at most `MOST_DATES`."""
        return self._dates(first, MOST_DATES)

    def rule(self, *, first: datetime.datetime, zone: ZoneInfo) -> str:
        """The RECUR value (RFC 5545 § 3.3.10). UNTIL is UTC, as beside a start with a time zone."""
        parts = [f"FREQ={_FREQUENCIES[self.rhythm][0]}"]
        if self.every != 1:
            parts.append(f"INTERVAL={self.every}")
        if days := self._days(first):
            ordinals = (f"{nth or ''}{_DAYS[day]}" for day, nth in days)
            parts.append(f"BYDAY={','.join(ordinals)}")
        if self.until is not None:
            last = datetime.datetime.combine(self.until, datetime.time(23, 59, 59), tzinfo=zone)
            parts.append(f"UNTIL={last.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        return ";".join(parts)

    def _dates(self, first: datetime.datetime, limit: int) -> list[datetime.datetime]:
        bare = first.replace(tzinfo=None, fold=0)
        days = self._days(first)
        options: dict[str, Any] = {"dtstart": bare, "interval": self.every}
        if days:
            options["byweekday"] = [weekday(day, nth or None) for day, nth in days]
        if self.until is not None:
            options["until"] = datetime.datetime.combine(self.until, datetime.time.max)
        if self.count is not None:
            options["count"] = min(self.count, limit)
        return list(islice(rrule(_FREQUENCIES[self.rhythm][1], **options), limit))

    def _days(self, first: datetime.datetime) -> list[tuple[int, int]]:
        """BYDAY as (weekday, which of the month; 0 for each)."""
        own = first.weekday()
        match self.rhythm:
            case Rhythm.WEEK:
                return [(day, 0) for day in sorted({own, *self.weekdays})]
            case Rhythm.MONTH_WEEKDAY:
                return [(own, nth_weekday(first.date()))]
            case Rhythm.MONTH_LAST:
                return [(own, -1)]
        return []


def nth_weekday(day: datetime.date) -> int:
    """Which one of its month a weekday is: 1 for the first Tuesday, to 5."""
    return (day.day - 1) // _WEEK + 1


def is_last_weekday(day: datetime.date) -> bool:
    """Whether that weekday does not come back in the month."""
    return (day + datetime.timedelta(days=_WEEK)).month != day.month
