"""The demonstration's agenda: made once, of every certainty, read by calendar programs."""

import datetime

import pytest
from django.utils import timezone

from config.bench import agenda as bench
from config.demonstration import agenda
from config.demonstration.agenda_mandate import items
from config.demonstration.agenda_size import grow_agenda, grow_registrations
from config.demonstration.agenda_today import meeting_of_today
from participation.agenda.choices import Certainty, EventState, Precision
from participation.agenda.models import AgendaItem, Event, ItemMove, Registration, Stop
from participation.agenda.policies.door import may_note_arrivals
from tests.factories.accounts import make_territory, make_user
from tests.factories.agenda import make_agenda_officer
from tests.participation.agenda.calendars import by_all

pytestmark = pytest.mark.django_db


def filled(at: datetime.datetime):
    city = make_territory(code="31555")
    for number in range(20):
        make_territory(parent=city, kind="neighbourhood", code=f"31555-{number + 1:02d}")
    officer, elected = make_user(), make_user()
    residents = [make_user() for _number in range(31)]
    return [agenda.mandate(city, officer, elected, residents, at) for _time in range(2)]


def test_the_agenda_is_made_once_and_read_back(client):
    first, second = filled(timezone.now())
    assert first.pk == second.pk
    certainties = set(AgendaItem.objects.values_list("certainty", flat=True))
    assert certainties == set(Certainty.values)
    assert set(AgendaItem.objects.values_list("precision", flat=True)) == set(Precision.values)
    assert ItemMove.objects.get().item.certainty == Certainty.MOVED
    assert Event.objects.count() == 30
    held = Event.objects.filter(state=EventState.HELD)
    assert all("démonstration" in each.minutes.body for each in held)
    assert Stop.objects.exists()
    full = Event.objects.get(title__startswith="Balade urbaine")
    assert full.seating.taken == full.seating.capacity
    assert Registration.objects.filter(email__contains="@").count() > 50
    body = b"".join(client.get("/agenda/agenda.ics").streaming_content)
    assert len(by_all(body)) == AgendaItem.objects.public().count() + 30


@pytest.mark.parametrize("year", [2026, 2029, 2031])
def test_the_rhythm_of_the_law_holds_whenever_the_demonstration_is_made(year):
    today = datetime.date(year, 6, 15)
    made = items(today)
    assert len({each.title for each in made}) == len(made)
    for each in made:
        assert each.start < each.end
        assert datetime.date(2026, 3, 22) <= each.start < datetime.date(2032, 3, 22)
    debates = [each for each in made if each.title.startswith("Débat d’orientations")]
    assert [each.start.year for each in debates] == list(range(2026, 2032))


def test_the_agenda_grows_to_a_number_for_measures():
    grown, _again = filled(timezone.now())
    for _time in range(2):
        grow_agenda(grown, 300, timezone.now())
        grow_registrations(950, timezone.now())
    assert Event.objects.count() == 150
    assert AgendaItem.objects.count() == 150
    assert Registration.objects.count() == 950
    for path in bench.pages().values():
        assert bench.count_queries(path) <= 15, path
    told = bench.feed(200)
    assert "200 lignes" in told
    assert "304" in told


@pytest.mark.parametrize("hour", [0, 9, 14, 22])
def test_a_meeting_is_held_the_day_the_demonstration_is_opened(hour):
    """Once a day, its door open at once, with a ticket for the resident of the demonstration."""
    morning = timezone.now().astimezone(agenda.PARIS).replace(hour=hour, minute=10)
    filled(morning)
    assert meeting_of_today(morning) is None  # no such accounts: no demonstration
    make_agenda_officer(email="participation@demo.example")
    resident = make_user(email="habitante@demo.example")
    make_user(email="habitant-00000@demo.example")
    event = meeting_of_today(morning)
    assert meeting_of_today(morning + datetime.timedelta(minutes=30)) == event
    assert event.local_start.date() == morning.date()
    assert may_note_arrivals(event=event, at=morning)
    assert Registration.objects.get(event=event, user=resident).state == "confirmed"
    assert Registration.objects.filter(event=event).count() == 2
    other = meeting_of_today(morning + datetime.timedelta(days=1))
    event.refresh_from_db()
    assert other != event
    assert (event.state, other.state) == (EventState.HELD, EventState.SCHEDULED)
