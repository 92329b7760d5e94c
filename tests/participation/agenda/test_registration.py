"""Registering to events: the rules, the order, the mails, the pages."""

import datetime
import uuid

import icalendar
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from participation.agenda import links, services
from participation.agenda.choices import EventState, RegistrationState
from participation.agenda.models import Registration, Reminder
from participation.agenda.queries.seats import rank_of, seats_left
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


def token(row):
    return links.signed(row.pk, links.REGISTRATION)


def enter(event, user=None, at=NOW, key=None, **party):
    return services.register(
        event=event,
        user=user or make_user(),
        party=services.Party(name="Zoé", **party),
        submission_key=key or uuid.uuid4(),
        at=at,
    )


def guest(event, email="zoe@exemple.invalid", at=NOW, key=None):
    return services.register_guest(
        event=event,
        email=email,
        language="fr",
        party=services.Party(name="Zoé"),
        submission_key=key or uuid.uuid4(),
        at=at,
    )


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.codes


def states(event):
    rows = Registration.objects.filter(event=event).order_by("pk")
    return list(rows.values_list("state", flat=True))


def test_seats_then_the_waiting_list_companions_counted():
    seating = make_seating(capacity=3)
    first = enter(seating.event, seats=2)
    second = enter(seating.event, seats=2)
    third = enter(seating.event)
    assert (first.state, second.state, third.state) == ("confirmed", "waiting", "confirmed")
    assert rank_of(second) == 1


def test_kept_seats_are_not_for_everyone_and_staff_gives_them():
    seating = make_seating(capacity=2, reserved=1)
    assert enter(seating.event).state == RegistrationState.CONFIRMED
    waiting = enter(seating.event)
    assert waiting.state == RegistrationState.WAITING
    given = services.give_kept_seat(
        event=seating.event,
        email=waiting.email,
        language="fr",
        submission_key=uuid.uuid4(),
        party=services.Party(name="Zoé"),
        actor=make_agenda_officer(),
        at=NOW,
    )
    assert (given.pk, given.state) == (waiting.pk, RegistrationState.CONFIRMED)
    seating.refresh_from_db()
    assert (seating.taken, seats_left(seating)) == (2, 0)
    assert codes(
        lambda: services.give_kept_seat(
            event=seating.event,
            email="autre@exemple.invalid",
            language="fr",
            submission_key=uuid.uuid4(),
            party=services.Party(name="Ana"),
            actor=make_agenda_officer(),
            at=NOW,
        )
    ) == ("no_kept_seat",)


def test_kept_seats_are_given_by_those_who_organise():
    seating = make_seating(reserved=1)
    assert codes(
        lambda: services.give_kept_seat(
            event=seating.event,
            email="a@exemple.invalid",
            language="fr",
            submission_key=uuid.uuid4(),
            party=services.Party(name="Ana"),
            actor=make_user(),
            at=NOW,
        )
    ) == ("not_allowed",)


def test_the_same_key_finds_the_same_registration():
    seating, user, key = make_seating(), make_user(), uuid.uuid4()
    assert enter(seating.event, user, key=key).pk == enter(seating.event, user, key=key).pk
    assert Registration.objects.count() == 1


def test_without_account_the_seat_is_taken_when_the_link_is_used_and_once():
    seating = make_seating(capacity=1)
    row = guest(seating.event)
    seating.refresh_from_db()
    assert (row.state, seating.taken) == (RegistrationState.UNCONFIRMED, 0)
    for _ in range(2):
        again = services.confirm_registration(token=token(row), at=NOW)
        assert (again.pk, again.state) == (row.pk, RegistrationState.CONFIRMED)
    seating.refresh_from_db()
    assert seating.taken == 1


def test_a_link_of_more_than_three_days_is_refused_and_its_row_forgotten():
    row = guest(make_seating().event)
    late = NOW + services.LINK_LIFE + HOUR
    assert codes(lambda: services.confirm_registration(token=token(row), at=late)) == (
        "link_expired",
    )
    assert services.forget_unconfirmed_registrations(at=NOW) == 0
    assert services.forget_unconfirmed_registrations(at=late) == 1


def test_a_forged_link_is_refused():
    assert codes(lambda: services.confirm_registration(token="faux", at=NOW)) == ("link_unknown",)


def test_an_address_already_registered_gets_its_link_again():
    seating = make_seating()
    row = guest(seating.event)
    assert guest(seating.event, email="ZOE@exemple.invalid").pk == row.pk


def test_an_address_registers_ten_times_a_day():
    for _ in range(10):
        guest(make_seating(make_event()).event)
    event = make_seating(make_event()).event
    assert codes(lambda: guest(event)) == ("too_many_today",)
    assert guest(event, at=NOW + 25 * HOUR).pk


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"opens_at": NOW + HOUR}, "not_open_yet"),
        ({"opens_at": NOW - 2 * HOUR, "closes_at": NOW}, "closed"),
    ],
)
def test_registration_has_its_dates(fields, code):
    event = make_seating(**fields).event
    assert codes(lambda: enter(event)) == (code,)
    assert codes(lambda: guest(event)) == (code,)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (EventState.CANCELLED, "event_cancelled"),
        (EventState.POSTPONED, "event_postponed"),
        (EventState.HELD, "event_held"),
    ],
)
def test_an_event_that_is_off_takes_nobody(state, code):
    event = make_seating(make_event(state=state, closing_reason="Orage")).event
    assert codes(lambda: enter(event)) == (code,)


def test_minors_come_with_a_responsible_adult_or_not_at_all():
    event = make_seating().event
    assert codes(lambda: enter(event, is_minor=True)) == ("no_guardian",)
    assert enter(event, is_minor=True, guardian="Ana Roux").guardian == "Ana Roux"
    adults = make_seating(make_event(), minors=False).event
    assert codes(lambda: enter(adults, is_minor=True, guardian="Ana")) == ("no_minors",)


def test_companions_are_limited():
    event = make_seating(companions=1).event
    assert codes(lambda: enter(event, seats=3)) == ("too_many_companions",)


def test_without_a_waiting_list_a_full_event_says_so():
    seating = make_seating(capacity=1, waiting_list=False)
    enter(seating.event)
    assert codes(lambda: enter(seating.event)) == ("full",)


def test_a_freed_seat_is_offered_to_the_first_whose_party_fits():
    seating = make_seating(capacity=1, offer_hours=24)
    seated = enter(seating.event)
    pair, alone = enter(seating.event, seats=2), enter(seating.event)
    services.cancel_registration(token=token(seated), at=NOW)
    assert states(seating.event) == ["cancelled", "waiting", "offered"]
    alone.refresh_from_db()
    assert alone.offered_until == NOW + 24 * HOUR
    taken = services.accept_offer(token=token(alone), at=NOW + HOUR)
    assert taken.state == RegistrationState.CONFIRMED
    assert codes(lambda: services.accept_offer(token=token(pair), at=NOW)) == ("not_offered",)


def test_an_offer_that_lapses_goes_to_the_next():
    seating = make_seating(capacity=1, offer_hours=2)
    seated, _first, _second = (enter(seating.event) for _ in range(3))
    services.cancel_registration(token=token(seated), at=NOW)
    assert states(seating.event) == ["cancelled", "offered", "waiting"]
    assert services.end_offers(at=NOW + HOUR) == 0
    assert services.end_offers(at=NOW + 2 * HOUR) == 1
    assert services.end_offers(at=NOW + 2 * HOUR) == 0
    assert states(seating.event) == ["cancelled", "lapsed", "offered"]


def test_fewer_companions_free_seats_more_need_them():
    seating = make_seating(capacity=2)
    pair = enter(seating.event, seats=2)
    enter(seating.event)
    services.change_seats(token=token(pair), seats=1, at=NOW)
    assert states(seating.event) == ["confirmed", "offered"]
    assert codes(lambda: services.change_seats(token=token(pair), seats=2, at=NOW)) == (
        "no_seat_left",
    )


def test_a_reminder_is_sent_once_and_anew_when_the_event_moves():
    event = make_event(starts_at=NOW + 20 * HOUR)
    make_seating(event, reminders=[48, 24])
    make_registration(event, queued_at=NOW - 72 * HOUR)
    make_registration(event, queued_at=NOW)  # has just read the confirmation
    assert services.send_reminders(at=NOW) == 1
    assert services.send_reminders(at=NOW) == 0
    assert list(Reminder.objects.values_list("hours", flat=True)) == [24]
    event.starts_at, event.ends_at = NOW + 23 * HOUR, NOW + 25 * HOUR
    event.save()
    assert services.send_reminders(at=NOW) == 1


def test_a_confirmation_carries_the_event_for_calendars():
    row = enter(make_seating().event)
    mail_registration(registration_id=row.pk, what="confirmed")
    message = mail.outbox[-1]
    name, content, kind = message.attachments[0]
    calendar = icalendar.Calendar.from_ical(content)
    entry = calendar.walk("VEVENT")[0]
    assert (name, kind, calendar["METHOD"]) == ("rencontre.ics", "text/calendar", "PUBLISH")
    assert entry["UID"] == str(row.event.uid)
    assert reverse("agenda:register", args=[row.event.slug]) in message.body


@pytest.mark.parametrize(
    "what",
    [
        "link",
        "waiting",
        "offer",
        "lapsed",
        "cancelled",
        "moved",
        "cancelled_event",
        "postponed",
        "reminder",
    ],
)
def test_every_mail_says_its_event(what):
    row = enter(make_seating(make_event(title="Réunion d’école")).event)
    mail_registration(registration_id=row.pk, what=what)
    assert "Réunion d’école" in mail.outbox[-1].subject


def test_a_visitor_registers_confirms_and_leaves(client):
    event = make_seating(capacity=1).event
    page = reverse("agenda:register", args=[event.slug])
    assert client.get(page).status_code == 200
    wrong = client.post(page, {"name": "Zoé", "key": uuid.uuid4(), "companions": 0})
    assert wrong.status_code == 422
    assert 'value="Zoé"' in wrong.content.decode()
    sent = client.post(
        page,
        {"name": "Zoé", "email": "z@exemple.invalid", "key": uuid.uuid4(), "companions": 0},
    )
    assert sent.url == reverse("agenda:registration_sent", args=[event.slug])
    assert client.get(sent.url).status_code == 200
    row = Registration.objects.get()
    link = reverse("agenda:registration", args=[event.slug, token(row)])
    assert client.get(link).status_code == 200
    row.refresh_from_db()
    assert row.state == RegistrationState.UNCONFIRMED  # reading changes nothing
    client.post(link, {"act": "confirm"})
    assert "a-qr" in client.get(link).content.decode()
    client.post(link, {"act": "cancel"})
    assert states(event) == ["cancelled"]


def test_somebody_with_an_account_is_registered_at_once(client):
    event, user = make_seating().event, make_user()
    client.force_login(user)
    page = reverse("agenda:register", args=[event.slug])
    client.post(page, {"name": "Zoé", "key": uuid.uuid4(), "companions": 1})
    row = Registration.objects.get()
    assert (row.user, row.email, row.seats, row.state) == (user, user.email, 2, "confirmed")


def test_a_program_that_fills_the_trap_registers_nobody(client):
    event = make_seating().event
    client.post(
        reverse("agenda:register", args=[event.slug]),
        {"name": "Z", "email": "z@exemple.invalid", "key": uuid.uuid4(), "companions": 0}
        | {"website": "x"},
    )
    assert not Registration.objects.exists()


def test_a_ticket_of_another_event_is_not_found(client):
    row = enter(make_seating().event)
    other = make_seating(make_event()).event
    assert (
        client.get(reverse("agenda:registration", args=[other.slug, token(row)])).status_code == 404
    )
