"""What a planner minds before fixing a date. These warn; only a taken room forbids."""

import datetime

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participation.agenda.calendars import knows_school_year, public_holiday, school_holiday
from participation.agenda.choices import EventState
from participation.agenda.models import CitizenAgenda, Event, ReservedPeriod

_EVENING = 17
"""Hour after which two meetings ask the same people to choose."""


def warnings_of(event: Event) -> list[str]:
    """Sentences about the date of an event; empty when nothing stands in its way. Three queries.

    Another meeting of the same neighbourhood the same evening, a public holiday, school holidays
    of the mandate's zone, a reserved period.
    """
    start = event.local_start
    day = start.date()
    found = [
        _("The same evening in this neighbourhood: “%(event)s”.") % {"event": other.title}
        for other in _same_evening(event)
    ]
    if name := public_holiday(day, event.timezone):
        found.append(_("It is a public holiday: %(name)s.") % {"name": name})
    agenda = CitizenAgenda.objects.filter(mandate__contains=day).first()
    zone = agenda.school_zone if agenda else ""
    if name := school_holiday(day, zone):
        found.append(_("School holidays of the zone %(zone)s.") % {"zone": zone})
    elif zone in ("A", "B", "C") and not knows_school_year(day):
        found.append(_("The school calendar of that year is not published yet."))
    reserved = ReservedPeriod.objects.filter(period__contains=day).order_by("period", "pk")
    found.extend(_reserved_words(period) for period in reserved)
    return [sentence.strip() for sentence in found]


def _reserved_words(period: ReservedPeriod) -> str:
    last = period.period.upper - datetime.timedelta(days=1)
    return _("Reserved period “%(label)s” until %(day)s. %(notice)s") % {
        "label": period.label,
        "day": date_format(last, "DATE_FORMAT"),
        "notice": period.notice,
    }


def _same_evening(event: Event) -> list[Event]:
    start = event.local_start
    if event.territory_id is None or start.hour < _EVENING:
        return []
    evening = start.replace(hour=_EVENING, minute=0, second=0, microsecond=0)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + datetime.timedelta(days=1)
    held = Q(state=EventState.SCHEDULED) | Q(state=EventState.DRAFT)
    return list(
        Event.objects.filter(
            held, territory=event.territory_id, starts_at__gte=evening, starts_at__lt=midnight
        )
        .exclude(pk=event.pk)
        .order_by("starts_at", "pk")[:5]
    )
