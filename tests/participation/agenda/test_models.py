"""What PostgreSQL promises about the agenda."""

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from participation.agenda.choices import Certainty, EventState, RegistrationState
from participation.agenda.models import AgendaEntry, ItemMove, Minutes, Seating
from participation.core.models import Phase
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_event,
    make_item,
    make_registration,
    make_seating,
    make_venue,
)
from tests.factories.core import make_activity, make_process

pytestmark = pytest.mark.django_db


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_an_event_ends_after_its_start():
    with refused("agenda_event_ends_after_start"):
        make_event(ends_at=timezone.now())


def test_a_room_holds_one_event_at_a_time():
    venue = make_venue()
    first = make_event(venue=venue)
    make_event(venue=venue, starts_at=first.ends_at)
    make_event(venue=venue, starts_at=first.starts_at, state=EventState.DRAFT)
    with refused("agenda_room_free"):
        make_event(venue=venue, starts_at=first.starts_at + datetime.timedelta(minutes=30))


def test_a_cancelled_event_frees_its_room():
    venue = make_venue()
    first = make_event(venue=venue, state=EventState.CANCELLED, closing_reason="Orage annoncé")
    assert make_event(venue=venue, starts_at=first.starts_at).pk


def test_seats_are_counted_by_the_database():
    seating = make_seating(capacity=3)
    row = make_registration(seating.event, seats=2)
    make_registration(seating.event, state=RegistrationState.WAITING)
    seating.refresh_from_db()
    assert seating.taken == 2
    row.state = RegistrationState.CANCELLED
    row.save()
    seating.refresh_from_db()
    assert seating.taken == 0


def test_one_seat_too_many_is_refused():
    seating = make_seating(capacity=2)
    make_registration(seating.event, seats=2)
    with refused("agenda_seats_not_exceeded"):
        make_registration(seating.event)


def test_seats_of_a_deleted_registration_are_free_again():
    seating = make_seating(capacity=2)
    make_registration(seating.event, seats=2).delete()
    assert Seating.objects.get().taken == 0


def test_one_live_registration_per_address():
    seating = make_seating()
    make_registration(seating.event, email="a@exemple.invalid", state=RegistrationState.CANCELLED)
    make_registration(seating.event, email="a@exemple.invalid")
    with refused("agenda_registered_once"):
        make_registration(seating.event, email="A@exemple.invalid")


def test_nothing_is_announced_without_a_visa():
    with refused("agenda_item_announced_with_visa"):
        make_item(endorsed_at=None)


def test_nothing_is_dropped_without_a_reason():
    with refused("agenda_item_dropped_with_reason"):
        make_item(certainty=Certainty.DROPPED)


def test_a_former_date_is_never_rewritten():
    item = make_item()
    move = ItemMove.objects.create(
        item=item,
        former_window=item.window,
        former_precision=item.precision,
        reason="Étude prolongée",
        moved_by=make_user(),
        moved_at=timezone.now(),
    )
    move.reason = "Autre chose"
    with pytest.raises(DatabaseError, match="agenda_item_move_kept"):
        move.save()


def test_published_minutes_keep_their_words():
    now = timezone.now()
    minutes = Minutes.objects.create(
        event=make_event(state=EventState.HELD),
        body="Ont été présentés…",
        state="published",
        written_at=now,
        approved_by=make_user(),
        approved_at=now,
        published_at=now,
    )
    minutes.correction = "Le montant est de 12 000 €."
    minutes.save()
    minutes.body = "Autre texte"
    with pytest.raises(DatabaseError, match="agenda_minutes_published_kept"), transaction.atomic():
        minutes.save()


def test_the_public_agenda_is_what_is_public_and_nothing_else():
    now = timezone.now()
    item = make_item()
    make_item(certainty=Certainty.VALIDATED)
    make_item(certainty=Certainty.DROPPED, drop_reason="Sans suite", announced_at=None)
    event = make_event()
    make_event(state=EventState.DRAFT)
    process = make_process(restitution_due_on=now.date())
    period = DateTimeTZRange(now, now + datetime.timedelta(days=30))
    phase = Phase.objects.create(
        activity=make_activity(process=process), step="collect", title="Dépôt", period=period
    )
    hidden = make_process(published_at=None, restitution_due_on=now.date())
    make_event(process=hidden)
    Phase.objects.create(
        activity=make_activity(process=hidden), step="collect", title="Dépôt", period=period
    )
    assert set(AgendaEntry.objects.values_list("key", flat=True)) == {
        f"item-{item.pk}",
        f"event-{event.pk}",
        f"phase-{phase.pk}",
        f"restitution-{process.pk}",
    }
