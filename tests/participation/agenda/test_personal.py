"""What the agenda holds of people: the copy, leaving, and what time erases."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.agenda import instrument, services
from participation.agenda.models import (
    FeedKey,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
)
from participation.agenda.services.feeds import open_feed
from participation.core.account.services import delete_account
from tests.factories.accounts import make_user
from tests.factories.agenda import make_event, make_registration, make_seating
from tests.factories.core import make_activity

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def asked(user, event):
    row = make_registration(
        event, user=user, email=user.email, name="Zoé", needs="boucle", guardian="Ana"
    )
    question = RegistrationQuestion.objects.create(event=event, label="Repas ?", kind="text")
    RegistrationAnswer.objects.create(registration=row, question=question, text="végétarien")
    return row


def test_the_copy_tells_registrations_and_feeds():
    person = make_user()
    asked(person, make_seating().event)
    asked(make_user(), make_seating().event)
    open_feed(user=person, at=NOW)
    registration, feed = instrument.personal_data(person)
    assert (registration["needs"], registration["answers"]) == ("boucle", {"Repas ?": "végétarien"})
    assert feed["type"] == "private_feed"


def test_leaving_gives_the_seat_to_the_next_and_empties_the_past():
    person = make_user()
    coming = make_seating(capacity=1).event
    row = asked(person, coming)
    waiting = make_registration(coming, state="waiting")
    past = asked(person, make_seating(make_event(in_hours=-240)).event)
    open_feed(user=person, at=NOW)
    delete_account(user=person, withdraw=False, at=NOW)
    for each in (row, waiting, past):
        each.refresh_from_db()
    assert (row.state, waiting.state, past.state) == ("cancelled", "offered", "confirmed")
    for each in (row, past):
        assert (each.name, each.needs, each.guardian, each.user) == ("", "", "", None)
        assert each.email.endswith(".invalid")
    assert not RegistrationAnswer.objects.exists()
    assert not FeedKey.objects.exists()


def test_old_registrations_are_emptied_and_counts_stay(settings):
    settings.AGENDA_REGISTRATION_MONTHS = 2
    old = make_seating(make_event(in_hours=-24 * 63)).event
    recent = asked(make_user(), make_seating(make_event(in_hours=-24 * 50)).event)
    for _each in range(2):
        make_registration(old, name="Zoé", seats=2, arrived=2)
    assert services.forget_old_registrations(at=NOW) == 2
    assert services.forget_old_registrations(at=NOW) == 0
    rows = Registration.objects.filter(event=old)
    assert [(row.name, row.seats, row.arrived) for row in rows] == [("", 2, 2)] * 2
    old.seating.refresh_from_db()
    assert old.seating.taken == 4
    recent.refresh_from_db()
    assert recent.name == "Zoé"
    assert services.forget_old_registrations(at=NOW + datetime.timedelta(days=62)) == 1


def test_the_landing_is_the_agenda_of_that_process(client):
    activity = make_activity()
    address = instrument.landing(activity)
    assert address == f"{reverse('agenda:home')}?demarche={activity.process_id}"
