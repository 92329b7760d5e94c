"""What verbs on registrations share, under the lock of the seating's row."""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import LIVE, SEATED, EventState, RegistrationState
from participation.agenda.models import (
    Event,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
    Seating,
)
from participation.agenda.policies.registration import fits_rules, may_register
from participation.agenda.queries.seats import next_waiting, seats_left
from participation.agenda.tasks.registration import mail_registration
from participation.core.verdict import Refused, Verdict, refuse


@dataclass(frozen=True)
class Party:
    """Who comes: `seats` counts the person and the companions; answers by question's key."""

    name: str
    seats: int = 1
    is_minor: bool = False
    guardian: str = ""
    needs: str = ""
    answers: dict[int, str] = field(default_factory=dict)


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
    row: Registration, state: str, seating: Seating, at: datetime.datetime, reason: str = ""
) -> None:
    was_seated = row.state in SEATED
    row.state, row.offered_until, row.closed_at, row.closed_reason = state, None, at, reason
    row.save(update_fields=["state", "offered_until", "closed_at", "closed_reason"])
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
    if not email.strip():
        return None
    return Registration.objects.filter(
        event=event, email__iexact=email.strip(), state__in=LIVE
    ).first()


def is_complete(
    *, event: Event, seating: Seating | None, party: Party, at: datetime.datetime
) -> Verdict:
    """Whether this party may register now, and answered what is required."""
    verdict = may_register(event=event, seating=seating, at=at)
    if not verdict:
        return verdict
    verdict = fits_rules(
        seating=sure(seating),
        seats=party.seats,
        is_minor=party.is_minor,
        guardian=party.guardian,
    )
    required = RegistrationQuestion.objects.filter(event=event, required=True)
    if any(not party.answers.get(question.pk, "").strip() for question in required):
        verdict &= refuse("answer_missing", _("Answer the required questions."))
    return verdict


def create_registration(
    event: Event,
    party: Party,
    email: str,
    language: str,
    submission_key: uuid.UUID,
    at: datetime.datetime,
    user: Any = None,
) -> Registration:
    row = Registration.objects.create(
        event=event,
        user=user,
        name=" ".join(party.name.split())[:120],
        email=email.strip().lower(),
        language=language,
        seats=party.seats,
        is_minor=party.is_minor,
        guardian=party.guardian.strip() if party.is_minor else "",
        needs=party.needs.strip(),
        submission_key=submission_key,
        created_at=at,
    )
    asked = RegistrationQuestion.objects.filter(event=event, pk__in=party.answers)
    RegistrationAnswer.objects.bulk_create(
        RegistrationAnswer(registration=row, question=question, text=party.answers[question.pk])
        for question in asked
        if party.answers[question.pk].strip()
    )
    return row


def sure(seating: Seating | None) -> Seating:
    if seating is None:
        raise Refused(refuse("no_registration", _("One does not register to this event.")))
    return seating
