"""French public and school holidays, as the law and the ministry's calendar give them."""

import datetime
from functools import cache

import holidays
from vacances_scolaires_france import SchoolHolidayDates

from participation.agenda.choices import SchoolZone, TimeZone

_SUBDIVISIONS = {
    TimeZone.REUNION: "974",
    TimeZone.MAYOTTE: "976",
    TimeZone.GUADELOUPE: "971",
    TimeZone.MARTINIQUE: "972",
    TimeZone.GUYANE: "973",
}
"""Overseas départements add the day of the abolition of slavery (law 83-550)."""
_ZONES = (SchoolZone.A, SchoolZone.B, SchoolZone.C)


def public_holiday(day: datetime.date, timezone: str) -> str:
    """The name of the public holiday of that day (Code du travail L3133-1), or nothing.

    Alsace and Moselle have two more days, which the time zone cannot tell: they are left out.
    """
    return _public(day.year, timezone).get(day, "")


def school_holiday(day: datetime.date, zone: str) -> str:
    """The name of the school holidays of that day in a zone A, B or C, or nothing.

    Nothing either for other zones, and past the years that the ministry has published: see
    `knows_school_year`.
    """
    if zone not in _ZONES or not knows_school_year(day):
        return ""
    found = _school().holidays_for_year_and_zone(day.year, zone).get(day)
    return str(found["nom_vacances"]) if found else ""


def knows_school_year(day: datetime.date) -> bool:
    """Whether the school calendar of that day is published."""
    dates = _school()
    first, last = min(dates.data), max(dates.data)
    return first <= day <= last


@cache
def _public(year: int, timezone: str) -> dict[datetime.date, str]:
    subdivision = next((code for zone, code in _SUBDIVISIONS.items() if zone == timezone), None)
    return dict(holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr"))


@cache
def _school() -> SchoolHolidayDates:
    return SchoolHolidayDates()
