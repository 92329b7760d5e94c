"""What verbs on registrations share, under the lock of the seating's row."""

import datetime
import uuid

from django.db import connection
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import LIVE, SEATED, EventState, RegistrationState
from participation.agenda.models import Event, Registration, Seating
from participation.agenda.queries.seats import next_waiting, seats_left
from participation.agenda.tasks.registration import mail_registration
from participation.core.verdict import refuse


def offer_free_seats(seating: Seating, at: datetime.datetime) -> None:
    """Offer what is free, in order, under the lock of the seating."""
    event = seating.event
    if event.state != EventState.SCHEDULED or at >= event.starts_at:
        return
    seating.refresh_from_db(fields=["taken"])
    while True:
        row = next_waiting(seating=seating, seats=seats_left(seating))
        if row is None:
            return
        row.state = RegistrationState.OFFERED
        until = at + datetime.timedelta(hours=seating.offer_hours)
        row.offered_until = min(until, event.starts_at)
        row.save(update_fields=["state", "offered_until"])
        mail_registration.defer(registration_id=row.pk, what="offer")
        seating.refresh_from_db(fields=["taken"])


def seat_or_queue(row: Registration, seating: Seating) -> None:
    fits = row.seats <= seats_left(seating)
    if not fits and not seating.waiting_list:
        refuse("full", _("This event is full.")).or_refuse()
    row.state = RegistrationState.CONFIRMED if fits else RegistrationState.WAITING
    row.queued_at = database_clock()
    row.save(update_fields=["state", "queued_at"])
    mail_registration.defer(registration_id=row.pk, what="confirmed" if fits else "waiting")


def close_registration(
    row: Registration, state: str, seating: Seating, at: datetime.datetime
) -> None:
    was_seated = row.state in SEATED
    row.state, row.offered_until, row.closed_at = state, None, at
    row.save(update_fields=["state", "offered_until", "closed_at"])
    mail_registration.defer(registration_id=row.pk, what="cancelled")
    if was_seated:
        offer_free_seats(seating, at)


def locked_registration(key: int, event: int) -> tuple[Seating, Registration]:
    seating = Seating.objects.select_for_update(of=("self",)).select_related("event").get(pk=event)
    row = Registration.objects.select_for_update(of=("self",)).get(pk=key)
    row.event = seating.event
    return seating, row


def locked_seating(event: Event) -> Seating | None:
    return (
        Seating.objects.select_for_update(of=("self",))
        .select_related("event")
        .filter(pk=event.pk)
        .first()
    )


def database_clock() -> datetime.datetime:
    """Now by the database's clock: read under the lock, it orders those who wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime.datetime = cursor.fetchone()[0]
    return now


def find_by_submission(event: Event, submission_key: uuid.UUID) -> Registration | None:
    return Registration.objects.filter(event=event, submission_key=submission_key).first()


def find_alive(event: Event, email: str) -> Registration | None:
    return Registration.objects.filter(
        event=event, email__iexact=email.strip(), state__in=LIVE
    ).first()
