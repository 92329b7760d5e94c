"""What planners are warned of."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from participation.agenda.calendars import knows_school_year, public_holiday, school_holiday
from participation.agenda.choices import EventState
from participation.agenda.models import ReservedPeriod
from participation.agenda.queries.conflicts import warnings_of
from tests.factories.accounts import make_territory
from tests.factories.agenda import make_agenda, make_agenda_officer, make_event

DAY = datetime.date
PARIS = ZoneInfo("Europe/Paris")


def at(day, hour=18):
    return datetime.datetime(day.year, day.month, day.day, hour, 30, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("day", "zone", "name"),
    [
        (DAY(2027, 5, 8), "Europe/Paris", True),
        (DAY(2027, 5, 10), "Europe/Paris", False),
        (DAY(2027, 12, 20), "Indian/Reunion", True),
        (DAY(2027, 12, 20), "Europe/Paris", False),
    ],
)
def test_public_holidays_follow_the_place(day, zone, name):
    assert bool(public_holiday(day, zone)) is name


def test_school_holidays_follow_the_zone():
    # Winter holidays of 2026–2027: zone A first, then C, then B.
    found = {
        zone: [
            day
            for day in (DAY(2027, 2, 10), DAY(2027, 2, 17), DAY(2027, 3, 3))
            if school_holiday(day, zone)
        ]
        for zone in "ABC"
    }
    assert len({tuple(days) for days in found.values()}) == 3


def test_the_school_calendar_is_said_unknown_beyond_its_years():
    assert knows_school_year(DAY(2027, 1, 4))
    assert not knows_school_year(DAY(2032, 1, 4))
    assert school_holiday(DAY(2032, 12, 25), "C") == ""


@pytest.mark.django_db
def test_a_quiet_date_has_no_warning():
    make_agenda(school_zone="C")
    assert warnings_of(make_event(starts_at=at(DAY(2027, 5, 11)))) == []


@pytest.mark.django_db
def test_the_same_evening_in_the_same_neighbourhood():
    place, elsewhere = make_territory(), make_territory()
    day = DAY(2027, 5, 11)
    event = make_event(starts_at=at(day), territory=place)
    make_event(starts_at=at(day, 20), territory=place, title="Réunion du marché")
    make_event(starts_at=at(day, 10), territory=place, title="Visite du matin")
    make_event(starts_at=at(day), territory=elsewhere, title="Ailleurs")
    cancelled = {"state": EventState.CANCELLED, "closing_reason": "Orage"}
    make_event(starts_at=at(day), territory=place, title="Annulée", **cancelled)
    assert warnings_of(event) == ["Le même soir dans ce quartier : « Réunion du marché »."]


@pytest.mark.django_db
def test_holidays_and_reserved_periods_are_said(client):
    make_agenda(school_zone="C")
    ReservedPeriod.objects.create(
        label="Réserve électorale",
        period=DateRange(DAY(2026, 12, 1), DAY(2027, 1, 1)),
        notice="Pas de promotion.",
    )
    event = make_event(starts_at=at(DAY(2026, 12, 25)))
    found = warnings_of(event)
    assert [sentence.split()[0] for sentence in found] == ["C’est", "Vacances", "Période"]
    client.force_login(make_agenda_officer())
    page = client.get(reverse("agenda_event:board", args=[event.pk])).content.decode()
    assert "Pas de promotion." in page
