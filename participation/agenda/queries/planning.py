"""What is planned over a period, and what a planner minds before fixing the dates of an item."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from participation.agenda.calendars import public_holiday, school_holiday
from participation.agenda.choices import Certainty, EventState, Precision
from participation.agenda.models import AgendaItem, CitizenAgenda, Event, ReservedPeriod
from participation.agenda.queries.conflicts import mandate_words, reserved_words

_DAY = datetime.timedelta(days=1)
_MOST = 5
"""Neighbours that are named."""
_LONGEST = 31
"""Days of a period whose public holidays are named: in a longer one, they go without saying."""


def planned(*, agenda: CitizenAgenda, window: DateRange, theme: int | None) -> QuerySet[Any]:
    """The items of a mandate that touch the days `[start, end)`, dropped ones left out."""
    rows = AgendaItem.objects.filter(agenda=agenda, window__overlap=window)
    if theme is not None:
        rows = rows.filter(theme=theme)
    return rows.exclude(certainty=Certainty.DROPPED).order_by("window", "pk")


def warnings_of_item(item: AgendaItem) -> list[str]:
    """Sentences about the dates of an item, saved or only thought of; empty when nothing stands in
    their way. At most three queries.

    Where days are known: those outside the mandate, what else is announced or held the same days
    in this territory, public and school holidays. However finely they are known: a reserved period.
    """
    found = []
    if item.precision == Precision.DAY:
        mandate = item.agenda.mandate
        if item.window.lower < mandate.lower or item.window.upper > mandate.upper:
            found.append(mandate_words(item.agenda))
        found += [
            _("The same days in this territory: “%(title)s”.") % {"title": title}
            for title in _neighbours(item)
        ]
        found += _holidays(item)
    reserved = ReservedPeriod.objects.filter(period__overlap=item.window)
    found += [reserved_words(period) for period in reserved.order_by("period", "pk")]
    return [sentence.strip() for sentence in found]


def _neighbours(item: AgendaItem) -> list[str]:
    if item.territory_id is None:
        return []
    items = (
        AgendaItem.objects.filter(
            territory=item.territory_id, precision=Precision.DAY, window__overlap=item.window
        )
        .exclude(certainty__in=(Certainty.DROPPED, Certainty.DONE))
        .exclude(pk=item.pk)
        .order_by("window", "pk")
    )
    here = ZoneInfo(item.agenda.timezone)
    start, end = (
        datetime.datetime.combine(day, datetime.time.min, here)
        for day in (item.window.lower, item.window.upper)
    )
    events = Event.objects.filter(
        territory=item.territory_id,
        state__in=(EventState.DRAFT, EventState.SCHEDULED),
        starts_at__lt=end,
        ends_at__gt=start,
    ).order_by("starts_at", "pk")
    titles = [
        *items.values_list("title", flat=True)[:_MOST],
        *events.values_list("title", flat=True)[:_MOST],
    ]
    return titles[:_MOST]


def _holidays(item: AgendaItem) -> list[str]:
    days = _days(item.window)
    zone = item.agenda.school_zone
    names = (public_holiday(day, item.agenda.timezone) for day in days[:_LONGEST])
    found = []
    if len(days) <= _LONGEST:
        found = [
            _("It holds a public holiday: %(name)s.") % {"name": name}
            for name in dict.fromkeys(name for name in names if name)
        ]
    free = sum(1 for day in days if school_holiday(day, zone))
    if free:
        found.append(
            _("%(free)s of its %(days)s days are school holidays of the zone %(zone)s.")
            % {"free": free, "days": len(days), "zone": zone}
        )
    return found


def _days(window: DateRange) -> list[datetime.date]:
    count = (window.upper - window.lower).days
    return [window.lower + number * _DAY for number in range(count)]
