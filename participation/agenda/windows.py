"""The days that a year, a season, a month or some days stand for."""

import datetime

from participation.agenda.choices import Precision


def window_of(
    first: datetime.date, last: datetime.date, precision: str
) -> tuple[datetime.date, datetime.date]:
    """The half-open window `[start, end)` of whole years, seasons, months or days that holds both
    days, in whichever order they come. Seasons are meteorological: they start in March, June,
    September and December.

    >>> window_of(datetime.date(2027, 4, 12), datetime.date(2027, 4, 12), Precision.SEASON)
    (datetime.date(2027, 3, 1), datetime.date(2027, 6, 1))
    """
    early, late = min(first, last), max(first, last)
    match precision:
        case Precision.YEAR:
            return datetime.date(early.year, 1, 1), datetime.date(late.year + 1, 1, 1)
        case Precision.SEASON:
            return _season(early), _after(_season(late), 3)
        case Precision.MONTH:
            return early.replace(day=1), _after(late.replace(day=1), 1)
        case _:
            return early, late + datetime.timedelta(days=1)


def _season(day: datetime.date) -> datetime.date:
    if day.month < 3:
        return datetime.date(day.year - 1, 12, 1)
    return datetime.date(day.year, day.month - day.month % 3, 1)


def _after(day: datetime.date, months: int) -> datetime.date:
    number = day.month - 1 + months
    return datetime.date(day.year + number // 12, number % 12 + 1, 1)
