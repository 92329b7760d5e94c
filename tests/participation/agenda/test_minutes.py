"""Minutes, decisions and what people thought."""

import datetime

import pytest
from django.utils import timezone

from participation.agenda import services
from participation.agenda.choices import EventState, MinutesState, OutcomeKind
from participation.agenda.models import (
    HeadCount,
    Minutes,
    Outcome,
    Satisfaction,
    SatisfactionRequest,
)
from participation.agenda.queries.after import aftermath
from participation.core.models import Follow, Notification
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
)
from tests.factories.core import make_process

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TEXT = "Ont été présentés : le tracé, le calendrier, les coûts."


def held(hours_ago=24, **fields):
    fields.setdefault("state", EventState.HELD)
    return make_event(starts_at=NOW - datetime.timedelta(hours=hours_ago), **fields)


@pytest.fixture
def officer():
    return make_agenda_officer()


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.codes


def published(event, officer):
    services.write_minutes(event=event, body=TEXT, actor=officer, at=NOW)
    services.approve_minutes(event=event, actor=officer, at=NOW)
    return services.publish_minutes(event=event, actor=officer, at=NOW)


def test_minutes_go_from_draft_to_approved_to_published(officer):
    event = held()
    assert published(event, officer).state == MinutesState.PUBLISHED
    assert aftermath(event=event).minutes.body == TEXT


def test_the_public_reads_no_draft_and_no_approved_minutes(officer):
    event = held()
    services.write_minutes(event=event, body=TEXT, actor=officer, at=NOW)
    assert aftermath(event=event).minutes is None
    services.approve_minutes(event=event, actor=officer, at=NOW)
    assert aftermath(event=event).minutes is None


def test_rewriting_approved_minutes_makes_them_a_draft_again(officer):
    event = held()
    services.write_minutes(event=event, body=TEXT, actor=officer, at=NOW)
    services.approve_minutes(event=event, actor=officer, at=NOW)
    row = services.write_minutes(event=event, body="Autre texte", actor=officer, at=NOW)
    assert (row.state, row.approved_by, row.approved_at) == (MinutesState.DRAFT, None, None)


def test_published_minutes_take_a_correction_only(officer):
    event = held()
    published(event, officer)
    assert codes(
        lambda: services.write_minutes(event=event, body="Autre", actor=officer, at=NOW)
    ) == ("already_published",)
    services.correct_minutes(event=event, correction="12 000 €, pas 21 000 €.", actor=officer)
    row = Minutes.objects.get()
    assert (row.body, row.correction) == (TEXT, "12 000 €, pas 21 000 €.")


def test_nothing_is_published_before_it_is_approved_and_the_event_held(officer):
    event = held(state=EventState.SCHEDULED)
    services.write_minutes(event=event, body=TEXT, actor=officer, at=NOW)
    assert codes(lambda: services.publish_minutes(event=event, actor=officer, at=NOW)) == (
        "not_approved",
        "not_held",
    )


def test_empty_minutes_are_not_approved(officer):
    event = held()
    assert codes(lambda: services.approve_minutes(event=event, actor=officer, at=NOW)) == ("empty",)
    services.write_minutes(event=event, body=" ", actor=officer, at=NOW)
    assert codes(lambda: services.approve_minutes(event=event, actor=officer, at=NOW)) == ("empty",)


def test_an_event_to_come_has_no_minutes(officer):
    event = make_event()
    assert codes(lambda: services.write_minutes(event=event, body=TEXT, actor=officer, at=NOW)) == (
        "not_begun",
    )
    draft = held(state=EventState.DRAFT)
    assert codes(lambda: services.write_minutes(event=draft, body=TEXT, actor=officer, at=NOW)) == (
        "draft",
    )


def test_followers_of_the_process_are_told_once_of_the_minutes(officer):
    process, follower = make_process(), make_user()
    Follow.objects.create(user=follower, process=process, created_at=NOW)
    published(held(process=process), officer)
    told = Notification.objects.get()
    assert (told.recipient, told.kind) == (follower, "event-minutes")


def record(event, officer, **fields):
    values = {
        "kind": OutcomeKind.ACTION,
        "text": "Poser trois bancs",
        "owner": "Service des espaces verts",
        "directorate": None,
        "due_on": datetime.date(2027, 3, 1),
        **fields,
    }
    return services.record_outcome(event=event, actor=officer, at=NOW, **values)


def test_decisions_and_actions_are_public_with_the_minutes(officer):
    event = held()
    first = record(event, officer)
    second = record(event, officer, kind=OutcomeKind.DECISION, owner="", due_on=None)
    assert aftermath(event=event).outcomes == []
    published(event, officer)
    assert aftermath(event=event).outcomes == [first, second]


@pytest.mark.parametrize("fields", [{"owner": " "}, {"due_on": None}])
def test_an_action_has_somebody_and_a_date(officer, fields):
    assert codes(lambda: record(held(), officer, **fields)) == ("action_unowned",)
    assert not Outcome.objects.exists()


def test_an_action_is_done_once(officer):
    row = record(held(), officer)
    services.finish_action(outcome=row, note="Posés", actor=officer, at=NOW)
    row.refresh_from_db()
    assert (row.done_at, row.done_note) == (NOW, "Posés")
    assert codes(lambda: services.finish_action(outcome=row, note="", actor=officer, at=NOW)) == (
        "already_done",
    )


def test_a_decision_is_not_finished(officer):
    row = record(held(), officer, kind=OutcomeKind.DECISION, owner="", due_on=None)
    assert codes(lambda: services.finish_action(outcome=row, note="", actor=officer, at=NOW)) == (
        "not_an_action",
    )


def test_an_outcome_leaves_only_before_the_minutes_are_published(officer):
    event = held()
    services.remove_outcome(outcome=record(event, officer), actor=officer)
    row = record(event, officer)
    published(event, officer)
    assert codes(lambda: services.remove_outcome(outcome=row, actor=officer)) == (
        "already_published",
    )
    assert list(Outcome.objects.all()) == [row]


def test_residents_write_no_minutes():
    assert codes(
        lambda: services.write_minutes(event=held(), body=TEXT, actor=make_user(), at=NOW)
    ) == ("not_allowed",)


def registered(event, arrived=0, **fields):
    if not hasattr(event, "seating"):
        make_seating(event, capacity=500)
    return make_registration(event, arrived=arrived, **fields)


def test_those_who_came_are_asked_once():
    event = held()
    came = registered(event, arrived=1)
    registered(event)
    assert services.ask_satisfaction(at=NOW) == 1
    assert services.ask_satisfaction(at=NOW) == 0
    assert list(SatisfactionRequest.objects.values_list("registration", flat=True)) == [came.pk]


def test_where_nobody_was_checked_in_all_are_asked():
    event = held()
    rows = {registered(event).pk, registered(event).pk}
    assert services.ask_satisfaction(at=NOW) == 2
    assert set(SatisfactionRequest.objects.values_list("registration", flat=True)) == rows


@pytest.mark.parametrize(
    ("hours_ago", "state"),
    [(10, EventState.HELD), (240, EventState.HELD), (24, EventState.SCHEDULED)],
    ids=["too early", "too late", "not held"],
)
def test_nobody_is_asked_out_of_time(hours_ago, state):
    registered(held(hours_ago=hours_ago, state=state), arrived=1)
    assert services.ask_satisfaction(at=NOW) == 0


def say(row, **fields):
    values = {"rating": 4, "heard": True, "comment": "Bien.", "at": NOW, **fields}
    services.say_satisfaction(registration=row, **values)


def test_an_answer_is_tied_to_the_event_alone_and_given_once():
    row = registered(held(), arrived=1)
    services.ask_satisfaction(at=NOW)
    say(row)
    assert codes(lambda: say(row)) == ("already_answered",)
    answer = Satisfaction.objects.get()
    assert (answer.event, answer.rating, answer.comment) == (row.event, 4, "Bien.")
    points_at = {field.name for field in Satisfaction._meta.get_fields() if field.is_relation}
    assert points_at == {"event"}


def test_who_was_not_asked_does_not_answer():
    row = registered(held(), arrived=1)
    assert codes(lambda: say(row)) == ("link_unknown",)


def test_a_month_later_the_form_is_closed():
    row = registered(held(), arrived=1)
    services.ask_satisfaction(at=NOW)
    assert codes(lambda: say(row, at=NOW + datetime.timedelta(days=31))) == ("too_late",)


@pytest.mark.parametrize("rating", [0, 6])
def test_a_rating_is_from_one_to_five(rating):
    row = registered(held(), arrived=1)
    services.ask_satisfaction(at=NOW)
    assert codes(lambda: say(row, rating=rating)) == ("no_rating",)


def test_few_answers_give_no_average(officer):
    event = held()
    HeadCount.objects.create(event=event, people=40, counted_at=NOW, counted_by=officer)
    for _ in range(4):
        Satisfaction.objects.create(event=event, rating=5, answered_on=NOW.date())
    assert [str(each["value"]) for each in aftermath(event=event).figures] == ["40"]
    Satisfaction.objects.create(event=event, rating=1, answered_on=NOW.date())
    assert len(aftermath(event=event).figures) == 2
    assert "4,2" in str(aftermath(event=event).figures[1]["value"])
