"""The life of an event: what its officer may do, and what stays of it."""

import datetime
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from participation.agenda import local_time
from participation.agenda.choices import Attendance, EventKind, EventState
from participation.agenda.models import BudgetLine, Event, LogisticsTask, Seating, Speaker
from participation.agenda.services.events import (
    EventPlan,
    Whereabouts,
    cancel_event,
    change_event,
    copy_event,
    create_event,
    hold_event,
    move_event,
    postpone_event,
    publish_event,
    reopen_event,
)
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
    make_theme,
    make_venue,
)

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")


@pytest.fixture
def officer():
    return make_agenda_officer()


def plan_of(**fields) -> EventPlan:
    starts_at = fields.pop("starts_at", timezone.now() + 10 * DAY)
    return EventPlan(
        **{
            "kind": EventKind.WORKSHOP,
            "title": "Atelier vélo",
            "theme": fields.pop("theme", None) or make_theme(),
            "starts_at": starts_at,
            "ends_at": starts_at + 2 * HOUR,
            "address": "Place du Capitole",
            **fields,
        }
    )


def same_plan(event: Event, **fields) -> EventPlan:
    names = EventPlan.__dataclass_fields__
    return EventPlan(**{name: getattr(event, name) for name in names} | fields)


def elsewhere(event: Event, **fields) -> Whereabouts:
    return Whereabouts(
        **{
            "starts_at": event.starts_at + DAY,
            "ends_at": event.ends_at + DAY,
            "address": event.address,
            **fields,
        }
    )


def refused(*codes: str):
    return pytest.raises(Refused, check=lambda error: error.verdict.codes == codes)


def told(event: Event) -> list[str]:
    """What those registered to it are to be told, in order."""
    jobs = ProcrastinateJob.objects.filter(task_name="agenda.tell_registered").order_by("pk")
    return [job.args["what"] for job in jobs if job.args["event_id"] == event.pk]


def test_a_draft_is_written_then_published(officer):
    at = timezone.now()
    event = create_event(plan=plan_of(), actor=officer, at=at)
    assert (event.state, event.slug) == (EventState.DRAFT, "atelier-velo")
    assert not Event.objects.public().exists()
    publish_event(event=event, actor=officer, at=at)
    assert Event.objects.public().get().published_at == at


def test_an_address_is_given_once(officer):
    at = timezone.now()
    starts_at = datetime.datetime(2027, 3, 3, 17, tzinfo=datetime.UTC)
    slugs = [
        create_event(plan=plan_of(starts_at=starts_at), actor=officer, at=at).slug for _ in range(3)
    ]
    assert slugs == ["atelier-velo", "atelier-velo-2027-03-03", "atelier-velo-2027-03-03-2"]


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"ends_at": timezone.now()}, ("ends_before_start",)),
        ({"ends_at": timezone.now() + 60 * DAY}, ("too_long",)),
        ({"title": "  "}, ("title_missing",)),
    ],
)
def test_a_plan_that_makes_no_event_is_refused(officer, fields, codes):
    with refused(*codes):
        create_event(plan=plan_of(**fields), actor=officer, at=timezone.now())
    assert not Event.objects.exists()


def test_only_those_who_run_events_write_them():
    with refused("not_allowed"):
        create_event(plan=plan_of(), actor=make_user(), at=timezone.now())


def test_what_is_nowhere_or_past_is_not_published(officer):
    nowhere = make_event(state=EventState.DRAFT, address="")
    with refused("nowhere"):
        publish_event(event=nowhere, actor=officer, at=timezone.now())
    online = make_event(state=EventState.DRAFT, address="", attendance=Attendance.ONLINE)
    with refused("nowhere"):
        publish_event(event=online, actor=officer, at=timezone.now())
    past = make_event(state=EventState.DRAFT, in_hours=-48)
    with refused("already_past"):
        publish_event(event=past, actor=officer, at=timezone.now())


def test_a_taken_room_is_said_in_words(officer):
    venue = make_venue()
    first = make_event(venue=venue, title="Conseil de quartier")
    second = make_event(venue=venue, starts_at=first.starts_at + HOUR, state=EventState.DRAFT)
    with refused("room_taken") as caught:
        publish_event(event=second, actor=officer, at=timezone.now())
    assert "Conseil de quartier" in str(caught.value)
    second.refresh_from_db()
    assert second.state == EventState.DRAFT


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_get_the_room_once(officer):
    venue, starts_at = make_venue(), timezone.now() + 10 * DAY
    drafts = [
        make_event(venue=venue, starts_at=starts_at, state=EventState.DRAFT) for _ in range(2)
    ]
    gate, ends = threading.Barrier(2), []

    def publish(event):
        gate.wait()
        try:
            publish_event(event=event, actor=officer, at=timezone.now())
            ends.append("published")
        except Refused as error:
            ends.extend(error.verdict.codes)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["published", "room_taken"]


def test_a_published_event_keeps_its_date_unless_moved(officer):
    event = make_event()
    at = timezone.now()
    with refused("move_it"):
        change_event(
            event=event,
            plan=same_plan(event, starts_at=event.starts_at + HOUR),
            actor=officer,
            at=at,
        )
    change_event(event=event, plan=same_plan(event, body="Plus de mots"), actor=officer, at=at)
    event.refresh_from_db()
    assert (event.body, event.sequence) == ("Plus de mots", 0)
    change_event(event=event, plan=same_plan(event, title="Autre titre"), actor=officer, at=at)
    event.refresh_from_db()
    assert event.sequence == 1


def test_a_move_keeps_the_former_date_and_tells_those_registered(officer):
    event = make_event()
    seating = make_seating(event, closes_at=event.starts_at - HOUR)
    former, place = event.starts_at, event.place
    venue = make_venue()
    move = move_event(
        event=event,
        to=elsewhere(event, venue=venue, address=""),
        reason=" Salle inondée ",
        actor=officer,
        at=timezone.now(),
    )
    event.refresh_from_db()
    seating.refresh_from_db()
    assert (move.former_starts_at, move.former_place, move.reason) == (
        former,
        place,
        "Salle inondée",
    )
    assert (event.starts_at, event.venue, event.sequence) == (former + DAY, venue, 1)
    assert seating.closes_at == event.starts_at - HOUR
    assert told(event) == ["moved"]


def test_a_move_needs_a_reason_and_something_that_moves(officer):
    event, at = make_event(), timezone.now()
    with refused("reason_missing"):
        move_event(event=event, to=elsewhere(event), reason=" ", actor=officer, at=at)
    still = elsewhere(event, starts_at=event.starts_at, ends_at=event.ends_at)
    with refused("nothing_moves"):
        move_event(event=event, to=still, reason="Pluie", actor=officer, at=at)
    with refused("nowhere"):
        move_event(event=event, to=elsewhere(event, address=""), reason="x", actor=officer, at=at)
    taken = make_event(venue=make_venue(), starts_at=event.starts_at + DAY)
    with refused("room_taken"):
        move_event(
            event=event, to=elsewhere(event, venue=taken.venue), reason="x", actor=officer, at=at
        )
    assert not event.moves.exists()
    assert told(event) == []


def test_a_postponed_event_gets_a_new_date(officer):
    event, at = make_event(), timezone.now()
    with refused("not_postponed"):
        reopen_event(event=event, to=elsewhere(event), reason="x", actor=officer, at=at)
    with refused("reason_missing"):
        postpone_event(event=event, reason="", actor=officer, at=at)
    postpone_event(event=event, reason="Grève", actor=officer, at=at)
    event.refresh_from_db()
    assert (event.state, event.closing_reason, event.sequence) == ("postponed", "Grève", 1)
    with refused("not_scheduled"):
        move_event(event=event, to=elsewhere(event), reason="x", actor=officer, at=at)
    reopen_event(event=event, to=elsewhere(event), reason="Reprise", actor=officer, at=at)
    event.refresh_from_db()
    assert (event.state, event.closing_reason, event.sequence) == ("scheduled", "", 2)
    assert told(event) == ["postponed", "moved"]


def test_a_cancelled_event_stays_with_its_reason(officer):
    event, at = make_event(), timezone.now()
    cancel_event(event=event, reason="Orage annoncé", actor=officer, at=at)
    event.refresh_from_db()
    assert (event.state, event.closing_reason) == ("cancelled", "Orage annoncé")
    assert Event.objects.public().exists()
    assert told(event) == ["cancelled"]
    with refused("event_over"):
        cancel_event(event=event, reason="encore", actor=officer, at=at)
    with refused("event_over"):
        change_event(event=event, plan=same_plan(event), actor=officer, at=at)
    with refused("not_published"):
        draft = make_event(state=EventState.DRAFT)
        cancel_event(event=draft, reason="x", actor=officer, at=at)


def test_an_event_is_held_once_it_has_begun(officer):
    event = make_event()
    with refused("not_begun"):
        hold_event(event=event, actor=officer, at=event.starts_at - HOUR)
    hold_event(event=event, actor=officer, at=event.starts_at)
    event.refresh_from_db()
    assert (event.state, event.held_at) == ("held", event.starts_at)


def test_a_copy_takes_what_is_prepared_and_nobody_registered(officer):
    event = make_event()
    make_registration(make_seating(event, capacity=7).event)
    Speaker.objects.create(event=event, name="Nadia Ferrand")
    BudgetLine.objects.create(event=event, label="Sonorisation", planned=30000, spent=28000)
    LogisticsTask.objects.create(
        event=event, label="Clés", due_on=event.starts_at.date(), done_at=timezone.now()
    )
    copy = copy_event(
        event=event, starts_at=event.starts_at + 7 * DAY, actor=officer, at=timezone.now()
    )
    assert copy.pk != event.pk
    assert copy.uid != event.uid
    assert (copy.state, copy.ends_at) == ("draft", event.ends_at + 7 * DAY)
    assert copy.speakers.get().name == "Nadia Ferrand"
    assert event.speakers.count() == 1
    line = copy.budget_lines.get()
    assert (line.planned, line.spent) == (30000, None)
    task = copy.logistics.get()
    assert (task.done_at, task.due_on) == (None, event.starts_at.date() + 7 * DAY)
    assert (copy.seating.capacity, copy.seating.taken) == (7, 0)
    assert not copy.registrations.exists()


@pytest.mark.parametrize(("month", "day"), [(1, 15), (4, 15)])
def test_a_copy_opens_registration_at_the_same_hour_of_the_clocks(officer, month, day):
    """From a winter's meeting to one of winter, and to one of summer."""
    start = datetime.datetime(2026, 12, 15, 18, tzinfo=PARIS)
    event = make_event(starts_at=start)
    opens = datetime.datetime(2026, 12, 1, 10, tzinfo=PARIS)
    make_seating(event, opens_at=opens, closes_at=start - 2 * HOUR)
    moved = datetime.datetime(2027, month, day, 18, tzinfo=PARIS)
    copy = copy_event(event=event, starts_at=moved, actor=officer, at=timezone.now())
    seating = Seating.objects.get(event=copy)
    assert seating.opens_at.astimezone(PARIS) == datetime.datetime(
        2027, month, day - 14, 10, tzinfo=PARIS
    )
    assert seating.closes_at == moved - 2 * HOUR
    assert copy.ends_at == moved + 2 * HOUR


def test_a_move_closes_registration_at_the_same_hour_of_the_clocks(officer):
    start = datetime.datetime(2027, 2, 9, 18, tzinfo=PARIS)
    before = start - 9 * DAY
    event = make_event(starts_at=start)
    make_seating(
        event,
        opens_at=before,
        closes_at=datetime.datetime(2027, 2, 8, 12, tzinfo=PARIS),
    )
    to = Whereabouts(
        starts_at=datetime.datetime(2027, 6, 9, 18, tzinfo=PARIS),
        ends_at=datetime.datetime(2027, 6, 9, 20, tzinfo=PARIS),
        address=event.address,
        point=event.point,
    )
    move_event(event=event, to=to, reason="Travaux", actor=officer, at=before)
    closes = Seating.objects.get(event=event).closes_at
    assert closes.astimezone(PARIS) == datetime.datetime(2027, 6, 8, 12, tzinfo=PARIS)


def test_an_hour_that_the_clocks_skip_is_refused():
    skipped = datetime.datetime(2027, 3, 28, 2, 30, tzinfo=PARIS)
    with refused("time_skipped"):
        local_time.instant(local=skipped, zone=PARIS)
    with refused("time_skipped"):
        local_time.instant(local=skipped, zone=PARIS, fold=local_time.SECOND)
    assert local_time.instant(local=skipped, zone=REUNION).hour == 22


def test_an_hour_that_comes_twice_is_asked_for():
    twice = datetime.datetime(2027, 10, 31, 2, 30, tzinfo=PARIS)
    with refused("time_twice"):
        local_time.instant(local=twice, zone=PARIS)
    first = local_time.instant(local=twice, zone=PARIS, fold=local_time.FIRST)
    second = local_time.instant(local=twice, zone=PARIS, fold=local_time.SECOND)
    assert (first.hour, second.hour) == (0, 1)
