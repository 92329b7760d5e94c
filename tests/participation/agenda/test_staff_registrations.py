"""Seats that staff gives, takes by telephone or cancels; a capacity that rises."""

import datetime
import uuid

import pytest
from django.core import mail
from django.utils import timezone

from participation.agenda import services
from participation.agenda.choices import EventState, QuestionKind, RegistrationState
from participation.agenda.models import Registration, RegistrationQuestion
from participation.agenda.queries.seats import rank_of
from participation.agenda.services.organising import save_seating
from participation.agenda.tasks import mail_registration
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = datetime.timedelta(hours=1)
WAITING, OFFERED = RegistrationState.WAITING, RegistrationState.OFFERED


@pytest.fixture
def officer():
    return make_agenda_officer()


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.codes


def add(event, actor, *, email="zoe@exemple.invalid", key=None, at=NOW, give=False, **party):
    act = services.give_kept_seat if give else services.add_by_staff
    return act(
        event=event,
        email=email,
        language="en",
        party=services.Party(name=party.pop("name", "Zoé"), **party),
        submission_key=key or uuid.uuid4(),
        actor=actor,
        at=at,
    )


def test_seats_added_are_offered_in_order_to_those_who_wait(officer):
    seating = make_seating(capacity=1)
    make_registration(seating.event)
    rows = [
        make_registration(seating.event, state=WAITING, queued_at=NOW + n * HOUR) for n in range(3)
    ]
    seating.refresh_from_db()
    seating.capacity = 3
    save_seating(event=seating.event, seating=seating, actor=officer, at=NOW)
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == [OFFERED, OFFERED, WAITING]
    assert rows[0].offered_until == NOW + 24 * HOUR
    seating.refresh_from_db()
    assert seating.taken == 3


def test_seats_no_longer_kept_are_offered_too(officer):
    seating = make_seating(capacity=2, reserved=1)
    make_registration(seating.event)
    row = make_registration(seating.event, state=WAITING)
    seating.refresh_from_db()
    seating.reserved = 0
    save_seating(event=seating.event, seating=seating, actor=officer, at=NOW)
    row.refresh_from_db()
    assert row.state == OFFERED


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (EventState.DRAFT, "not_published"),
        (EventState.CANCELLED, "event_cancelled"),
        (EventState.POSTPONED, "event_postponed"),
        (EventState.HELD, "event_held"),
    ],
)
def test_a_kept_seat_is_one_of_an_event_that_takes_place(officer, state, code):
    seating = make_seating(make_event(state=state, closing_reason="Grève"), reserved=2)
    assert codes(lambda: add(seating.event, officer, give=True)) == (code,)


def test_a_kept_seat_is_one_of_an_event_that_is_not_over(officer):
    seating = make_seating(reserved=1)
    late = seating.event.ends_at
    assert codes(lambda: add(seating.event, officer, give=True, at=late)) == ("event_held",)


def test_a_double_click_gives_one_kept_seat(officer):
    seating, key = make_seating(reserved=2), uuid.uuid4()
    first = add(seating.event, officer, give=True, key=key)
    assert add(seating.event, officer, give=True, key=key).pk == first.pk
    seating.refresh_from_db()
    assert seating.taken == 1


def test_a_double_click_gives_one_kept_seat_to_who_waited(officer):
    seating, key = make_seating(capacity=1, reserved=1), uuid.uuid4()
    row = make_registration(seating.event, state=WAITING, email="zoe@exemple.invalid")
    for _click in range(2):
        assert add(seating.event, officer, give=True, key=key).pk == row.pk
    assert codes(lambda: add(seating.event, officer, give=True)) == ("no_kept_seat",)


def test_mails_are_in_the_language_of_the_account(officer):
    make_user("zoe@exemple.invalid", language="fr")
    seating = make_seating(reserved=1)
    assert add(seating.event, officer, give=True).language == "fr"
    assert add(seating.event, officer, email="ana@exemple.invalid").language == "en"


def test_a_call_takes_a_seat_then_the_waiting_list_as_anybody(officer):
    seating = make_seating(capacity=1, companions=0)
    first = add(seating.event, officer)
    second = add(seating.event, officer, email="ana@exemple.invalid")
    assert (first.state, second.state) == (RegistrationState.CONFIRMED, WAITING)
    assert rank_of(second) == 1
    event = seating.event
    assert codes(lambda: add(event, officer)) == ("already_registered",)
    assert codes(lambda: add(event, officer, email="", seats=2)) == ("too_many_companions",)
    assert codes(lambda: add(event, officer, email="", name=" ")) == ("no_name",)
    late = seating.closes_at
    assert codes(lambda: add(event, officer, email="", at=late)) == ("closed",)
    assert codes(lambda: add(event, make_user(), email="")) == ("not_allowed",)


def test_a_call_answers_what_is_required_and_minors_have_an_adult(officer):
    event = make_seating().event
    question = RegistrationQuestion.objects.create(
        event=event, label="Repas ?", kind=QuestionKind.YES_NO, required=True
    )
    assert codes(lambda: add(event, officer)) == ("answer_missing",)
    answers = {question.pk: "yes"}
    assert codes(lambda: add(event, officer, is_minor=True, answers=answers)) == ("no_guardian",)
    row = add(event, officer, answers=answers)
    assert row.answers.get().words in ("Yes", "Oui")


def test_a_double_click_registers_a_caller_once(officer):
    event, key = make_seating().event, uuid.uuid4()
    assert add(event, officer, email="", key=key).pk == add(event, officer, email="", key=key).pk


def test_people_without_an_address_are_several_and_get_no_mail(officer):
    event = make_seating().event
    rows = [add(event, officer, email="", name=name) for name in ("Zoé", "Ana")]
    assert {row.state for row in rows} == {RegistrationState.CONFIRMED}
    mail_registration(registration_id=rows[0].pk, what="confirmed")
    assert mail.outbox == []


def test_a_cancelled_person_is_told_why_and_the_seat_goes_on(officer):
    seating = make_seating(capacity=1)
    row = make_registration(seating.event)
    next_one = make_registration(seating.event, state=WAITING)

    def cancel(reason):
        return services.cancel_by_staff(registration=row, reason=reason, actor=officer, at=NOW)

    assert codes(lambda: cancel("  ")) == ("no_reason",)
    cancel("La salle est plus petite.")
    next_one.refresh_from_db()
    assert next_one.state == OFFERED
    mail_registration(registration_id=row.pk, what="cancelled")
    assert "La salle est plus petite." in mail.outbox[-1].body


def test_what_was_told_is_forgotten_with_the_rest(officer):
    event = make_event(in_hours=-24 * 400)
    make_seating(event, closes_at=event.starts_at)
    row = make_registration(event, closed_reason="Malade")
    services.forget_old_registrations(at=NOW)
    assert Registration.objects.get(pk=row.pk).closed_reason == ""
