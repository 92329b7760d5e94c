"""Questions of a room, and what is heard there."""

import datetime
import uuid

import pytest
from django.utils import timezone

from participation.agenda.choices import EventState, QuestionState
from participation.agenda.models import HeardContribution, LiveQuestion
from participation.agenda.services import ask, enter_heard, sort_question
from participation.core.choices import Source, Visibility
from participation.core.models import Activity
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import make_agenda_officer, make_event
from tests.factories.core import make_process

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def going_on(**fields):
    """An event that began an hour ago."""
    fields.setdefault("questions_open", True)
    return make_event(starts_at=NOW - datetime.timedelta(hours=1), **fields)


def asked(event, body="Quand commencent les travaux ?", key=None, **fields):
    fields.setdefault("at", NOW)
    return ask(
        event=event, body=body, author_label="Zoé", submission_key=key or uuid.uuid4(), **fields
    )


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.codes


def test_a_question_waits_to_be_read():
    row = asked(going_on(), body="  Quand   commencent\nles travaux ? ")
    assert (row.body, row.state) == ("Quand commencent les travaux ?", QuestionState.PENDING)


def test_a_double_tap_asks_once():
    event, key = going_on(), uuid.uuid4()
    assert asked(event, key=key).pk == asked(event, key=key).pk
    assert LiveQuestion.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "minutes", "code"),
    [
        ({"questions_open": False}, 0, "questions_off"),
        ({"state": EventState.CANCELLED, "closing_reason": "Orage"}, 0, "event_off"),
        ({}, -91, "not_now"),
        ({}, 120, "not_now"),
    ],
)
def test_questions_are_taken_only_while_the_event_is_held(fields, minutes, code):
    event = going_on(**fields)
    at = NOW + datetime.timedelta(minutes=minutes)
    assert codes(lambda: asked(event, at=at)) == (code,)
    assert not LiveQuestion.objects.exists()


def test_half_an_hour_before_the_start_a_question_is_taken():
    assert asked(going_on(), at=NOW - datetime.timedelta(minutes=90)).pk


def test_an_empty_question_is_refused():
    assert codes(lambda: asked(going_on(), body="  ")) == ("no_question",)


def test_a_question_of_501_characters_is_refused():
    event = going_on()
    assert asked(event, body="a" * 500).pk
    assert codes(lambda: asked(event, body="a" * 501)) == ("too_long",)


def test_staff_shows_then_marks_as_answered():
    row, officer = asked(going_on()), make_agenda_officer()
    for state in (QuestionState.SHOWN, QuestionState.ANSWERED):
        row = sort_question(question=row, state=state, actor=officer, at=NOW)
        assert row.state == state


def test_two_agents_at_once_one_is_told():
    row, officer = asked(going_on()), make_agenda_officer()
    sort_question(question=row, state=QuestionState.SHOWN, actor=officer, at=NOW)

    def again():
        sort_question(question=row, state=QuestionState.SHOWN, actor=officer, at=NOW)

    assert codes(again) == ("already_so",)


def test_a_question_set_aside_is_not_answered():
    row, officer = asked(going_on()), make_agenda_officer()
    sort_question(question=row, state=QuestionState.DISMISSED, actor=officer, at=NOW)

    def answer():
        sort_question(question=row, state=QuestionState.ANSWERED, actor=officer, at=NOW)

    assert codes(answer) == ("wrong_move",)


def test_residents_sort_no_question():
    row = asked(going_on())

    def show():
        sort_question(question=row, state=QuestionState.SHOWN, actor=make_user(), at=NOW)

    assert codes(show) == ("not_allowed",)


def heard(event, key=None, actor=None, **fields):
    values = {"title": "Un banc", "body": "Il manque un banc.", "said_by": "Zoé", **fields}
    return enter_heard(
        event=event,
        submission_key=key or uuid.uuid4(),
        actor=actor or make_agenda_officer(),
        at=values.pop("at", NOW),
        **values,
    )


def test_what_is_heard_is_a_public_contribution_of_the_process():
    process = make_process()
    row = heard(going_on(process=process)).contribution
    assert (row.source, row.visibility, row.author, row.author_label) == (
        Source.EVENT,
        Visibility.PUBLISHED,
        None,
        "Zoé",
    )
    assert (row.activity.kind, row.activity.process) == ("meetings", process)


def test_two_meetings_of_one_process_share_one_activity():
    process = make_process()
    heard(going_on(process=process))
    heard(going_on(process=process))
    assert Activity.objects.filter(process=process, kind="meetings").count() == 1


def test_the_same_key_enters_once():
    event, key = going_on(process=make_process()), uuid.uuid4()
    assert heard(event, key=key).pk == heard(event, key=key).pk
    assert HeardContribution.objects.count() == 1


def test_without_a_process_nothing_is_entered():
    assert codes(lambda: heard(going_on())) == ("no_process",)
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "not_begun"), (91, "too_late")], ids=["before", "months after"]
)
def test_what_is_heard_is_entered_in_its_time(days, code):
    event = going_on(process=make_process())
    assert codes(lambda: heard(event, at=NOW + datetime.timedelta(days=days))) == (code,)


def test_residents_enter_nothing_in_the_name_of_others():
    event = going_on(process=make_process())
    assert codes(lambda: heard(event, actor=make_user())) == ("not_allowed",)
