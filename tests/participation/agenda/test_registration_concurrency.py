"""Several connections at once, committed for real: seats, offers and reminders."""

import datetime
import json
import uuid
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from participation.agenda import links, services
from participation.agenda.choices import RegistrationState
from participation.agenda.models import CheckIn, Registration, Reminder, Seating, WalkIn
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
)
from tests.participation.budgets.committed import at_once

pytestmark = pytest.mark.usefixtures("committed")
NOW = timezone.now()


def waiting_for_link(event):
    return make_registration(event, state=RegistrationState.UNCONFIRMED, queued_at=None)


def confirmation(row):
    token = links.signed(row.pk, links.REGISTRATION)
    return partial(services.confirm_registration, token=token, at=NOW)


def jobs(task, **args):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = %s AND args @> %s::jsonb",
            [task, json.dumps(args)],
        )
        return cursor.fetchall()


def test_500_people_for_100_seats():
    seating = make_seating(capacity=100)
    rows = [waiting_for_link(seating.event) for _ in range(500)]
    answers = at_once([confirmation(row) for row in rows], threads=24)
    assert [type(answer) for answer in answers] == [Registration] * 500
    states = list(Registration.objects.values_list("state", flat=True))
    assert states.count(RegistrationState.CONFIRMED) == 100
    assert states.count(RegistrationState.WAITING) == 400
    seating.refresh_from_db()
    assert seating.taken == 100
    confirmed = Registration.objects.filter(state=RegistrationState.CONFIRMED)
    waiting = Registration.objects.filter(state=RegistrationState.WAITING)
    last_in = confirmed.order_by("-queued_at").values_list("queued_at", flat=True)[0]
    order = list(waiting.order_by("queued_at", "pk").values_list("queued_at", flat=True))
    assert last_in < order[0]
    assert len(set(order)) == 400


def test_two_clicks_on_the_last_seat():
    seating = make_seating(capacity=1)
    rows = [waiting_for_link(seating.event) for _ in range(2)]
    at_once([confirmation(row) for row in rows], threads=2)
    assert sorted(Registration.objects.values_list("state", flat=True)) == [
        RegistrationState.CONFIRMED,
        RegistrationState.WAITING,
    ]


def test_one_link_used_16_times_at_once_takes_one_seat():
    seating = make_seating(capacity=5)
    row = waiting_for_link(seating.event)
    answers = at_once([confirmation(row)] * 16)
    assert {answer.pk for answer in answers} == {row.pk}
    assert Seating.objects.get().taken == 1
    assert len(jobs("agenda.mail_registration", what="confirmed")) == 1


def test_a_cancellation_against_the_departure_of_the_next():
    """The one who waits leaves while the seat is freed: no seat is lost, none is doubled."""
    for _ in range(8):
        seating = make_seating(event=make_event(), capacity=1)
        seated = make_registration(seating.event)
        first, second = (
            make_registration(seating.event, state=RegistrationState.WAITING) for _ in range(2)
        )
        calls = [
            partial(
                services.cancel_registration,
                token=links.signed(row.pk, links.REGISTRATION),
                at=NOW,
            )
            for row in (seated, first)
        ]
        assert [type(answer) for answer in at_once(calls, threads=2)] == [Registration] * 2
        second.refresh_from_db()
        seating.refresh_from_db()
        assert second.state == RegistrationState.OFFERED
        assert seating.taken == 1


def test_one_person_registering_twice_at_once_is_registered_once():
    seating, user = make_seating(capacity=5), make_user()
    calls = [
        partial(
            services.register,
            event=seating.event,
            user=user,
            party=services.Party(name="Zoé"),
            submission_key=uuid.uuid4(),
            at=NOW,
        )
        for _ in range(8)
    ]
    answers = at_once(calls)
    assert sum(isinstance(answer, Registration) for answer in answers) == 1
    assert Seating.objects.get().taken == 1


def test_reminders_sent_by_eight_workers_at_once_are_sent_once():
    seating = make_seating(make_event(in_hours=20), capacity=50, reminders=[24])
    earlier = NOW - datetime.timedelta(days=3)
    for _ in range(20):
        make_registration(seating.event, queued_at=earlier)
    counts = at_once([partial(services.send_reminders, at=NOW)] * 8)
    assert sum(counts) == 20
    assert Reminder.objects.count() == 20
    assert len(jobs("agenda.mail_registration", what="reminder")) == 20


def test_several_phones_check_the_same_person_in():
    """Two phones, and copies of what one of them sent: one arrival, nobody counted twice."""
    seating = make_seating(make_event(in_hours=1))
    row, officer = make_registration(seating.event, seats=2), make_agenda_officer()
    keys = [uuid.uuid4() for _number in range(3)]

    def arrival(key):
        return partial(
            services.check_in,
            event=seating.event,
            registration=row,
            people=None,
            key=key,
            arrived_at=NOW,
            actor=officer,
            at=NOW,
        )

    answers = at_once([arrival(key) for key in keys * 4], threads=12)
    made = CheckIn.objects.get()
    found = [answer for answer in answers if isinstance(answer, CheckIn)]
    assert {answer.pk for answer in found} == {made.pk}
    assert len(found) == 4
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert {answer.verdict.codes for answer in refused} == {("already_in",)}
    row.refresh_from_db()
    assert row.arrived == 2


def test_copies_of_one_walk_in_are_one():
    event, officer, key = make_event(in_hours=1), make_agenda_officer(), uuid.uuid4()
    act = partial(
        services.walk_in,
        event=event,
        name="",
        people=2,
        key=key,
        arrived_at=NOW,
        actor=officer,
        at=NOW,
    )
    answers = at_once([act] * 8, threads=8)
    assert {type(answer) for answer in answers} == {WalkIn}
    assert WalkIn.objects.count() == 1
