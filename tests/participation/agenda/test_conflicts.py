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
from participation.agenda.queries.planning import warnings_of_item
from tests.factories.accounts import make_territory
from tests.factories.agenda import make_agenda, make_agenda_officer, make_event, make_item

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
    assert warnings_of(event) == [
        "Le même soir dans ce quartier\u00a0: «\u00a0Réunion du marché\u00a0»."
    ]


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "is_outside"),
    [
        (DAY(2026, 3, 21), True),
        (DAY(2026, 3, 24), False),
        (DAY(2032, 3, 19), False),
        (DAY(2032, 3, 22), True),
    ],
)
def test_a_date_outside_the_mandate_is_said(day, is_outside):
    event = make_event(starts_at=at(day))
    assert warnings_of(event) == []  # no mandate is told yet
    make_agenda()
    expected = ["Cette date sort du mandat, qui va du 22 mars 2026 au 21 mars 2032."]
    assert warnings_of(event) == (expected if is_outside else [])


@pytest.mark.django_db
def test_days_that_go_beyond_the_mandate_are_said(client):
    item = make_item(window=DateRange(DAY(2032, 3, 15), DAY(2032, 3, 22)), precision="day")
    said = "Cette date sort du mandat, qui va du 22 mars 2026 au 21 mars 2032."
    assert said not in warnings_of_item(item)
    item.window = DateRange(DAY(2032, 3, 15), DAY(2032, 3, 23))
    assert said in warnings_of_item(item)
    item.precision = "month"  # its month is not all in the mandate: nothing to mind
    assert said not in warnings_of_item(item)
    client.force_login(make_agenda_officer())
    page = client.get(
        reverse("agenda_item:move", args=[item.pk]),
        {"first": "2032-06-01", "last": "2032-06-02", "precision": "day"},
    )
    assert page.context["warnings"] == [said]
