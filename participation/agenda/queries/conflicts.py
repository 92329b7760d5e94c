"""What a planner minds before fixing a date. These warn; only a taken room forbids."""

import datetime
from collections.abc import Iterator, Sequence

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from participation.agenda.calendars import knows_school_year, public_holiday, school_holiday
from participation.agenda.choices import EventState
from participation.agenda.models import CitizenAgenda, Event, ReservedPeriod
from participation.core.dates import date_format

_EVENING = 17
"""Hour after which two meetings ask the same people to choose."""
_MOST = 5  # meetings of one evening that are named


def warnings_of(event: Event) -> list[str]:
    """Sentences about the date of an event; empty when nothing stands in its way. Three queries.

    Another meeting of the same neighbourhood the same evening, a day outside every mandate, a
    public holiday, school holidays of the mandate's zone, a reserved period.
    """
    return warnings_of_each([event])[0]


def warnings_of_each(events: Sequence[Event]) -> list[list[str]]:
    """The same for several dates, saved or only thought of, in their order. Three queries."""
    if not events:
        return []
    days = [event.local_start.date() for event in events]
    evenings = _evenings(events)
    agendas = list(CitizenAgenda.objects.order_by("mandate", "pk"))
    wide = DateRange(min(days), max(days), "[]")
    reserved = list(ReservedPeriod.objects.filter(period__overlap=wide).order_by("period", "pk"))
    return [
        [
            sentence.strip()
            for sentence in (
                *(
                    _("The same evening in this neighbourhood: “%(event)s”.") % {"event": title}
                    for title in others
                ),
                *_outside(day, agendas),
                *_holidays(day, event.timezone, agendas),
                *(reserved_words(period) for period in reserved if day in period.period),
            )
        ]
        for event, day, others in zip(events, days, evenings, strict=True)
    ]


def _outside(day: datetime.date, agendas: list[CitizenAgenda]) -> Iterator[str]:
    if agendas and not any(day in agenda.mandate for agenda in agendas):
        first, last = agendas[0], agendas[-1]
        yield mandate_words(first if day < first.mandate.lower else last)


def mandate_words(agenda: CitizenAgenda) -> str:
    """That a date is not in this mandate, or goes on after it."""
    end = agenda.mandate.upper - datetime.timedelta(days=1)
    return _("It goes beyond the mandate, which lasts from %(start)s to %(end)s.") % {
        "start": date_format(agenda.mandate.lower, "DATE_FORMAT"),
        "end": date_format(end, "DATE_FORMAT"),
    }


def _holidays(day: datetime.date, timezone: str, agendas: list[CitizenAgenda]) -> Iterator[str]:
    if name := public_holiday(day, timezone):
        yield _("It is a public holiday: %(name)s.") % {"name": name}
    zone = next((agenda.school_zone for agenda in agendas if day in agenda.mandate), "")
    if school_holiday(day, zone):
        yield _("School holidays of the zone %(zone)s.") % {"zone": zone}
    elif zone in ("A", "B", "C") and not knows_school_year(day):
        yield _("The school calendar of that year is not published yet.")


def reserved_words(period: ReservedPeriod) -> str:
    """A reserved period, until when, and what to mind."""
    last = period.period.upper - datetime.timedelta(days=1)
    return _("Reserved period “%(label)s” until %(day)s. %(notice)s") % {
        "label": period.label,
        "day": date_format(last, "DATE_FORMAT"),
        "notice": period.notice,
    }


def _evenings(events: Sequence[Event]) -> list[list[str]]:
    """For each event, the titles of the other meetings of its neighbourhood the same evening."""
    spans = [_evening(event) for event in events]
    asked = [span for span in spans if span is not None]
    if not asked:
        return [[] for _event in events]
    held = Event.objects.filter(
        state__in=(EventState.SCHEDULED, EventState.DRAFT),
        territory__in={event.territory_id for event in events if event.territory_id},
        starts_at__gte=min(start for start, _end in asked),
        starts_at__lt=max(end for _start, end in asked),
    )
    others = list(held.order_by("starts_at", "pk").only("title", "starts_at", "territory"))
    return [
        [
            other.title
            for other in others
            if span is not None
            and other.territory_id == event.territory_id
            and span[0] <= other.starts_at < span[1]
            and other.pk != event.pk
        ][:_MOST]
        for event, span in zip(events, spans, strict=True)
    ]


def _evening(event: Event) -> tuple[datetime.datetime, datetime.datetime] | None:
    """From five o'clock to midnight, when the event is then and somewhere known."""
    start = event.local_start
    if event.territory_id is None or start.hour < _EVENING:
        return None
    evening = start.replace(hour=_EVENING, minute=0, second=0, microsecond=0)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + datetime.timedelta(days=1)
    return evening, midnight
