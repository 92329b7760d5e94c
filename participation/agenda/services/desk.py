"""Registrations that staff takes, gives or cancels, with the rules and the lock of everybody."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.accounts.models import User
from participation.agenda.choices import SEATED, RegistrationState
from participation.agenda.models import Event, Registration
from participation.agenda.policies import may_run_events
from participation.agenda.policies.registration import (
    fits_rules,
    may_change_registration,
    takes_place,
)
from participation.agenda.queries.seats import kept_left
from participation.agenda.services.seating import (
    Party,
    close_registration,
    create_registration,
    database_clock,
    find_alive,
    find_by_submission,
    is_complete,
    locked_registration,
    locked_seating,
    seat_or_queue,
    sure,
)
from participation.agenda.tasks.registration import mail_registration
from participation.core import audit
from participation.core.verdict import refuse


@transaction.atomic
def add_by_staff(
    *,
    event: Event,
    email: str,
    language: str,
    party: Party,
    submission_key: uuid.UUID,
    actor: Any,
    at: datetime.datetime,
) -> Registration:
    """Register somebody who telephoned: a seat at once, else the waiting list, as anybody.

    Without an address (`email` empty) nothing is mailed. The same key again finds the first.
    Raises `Refused`: `not_allowed`, those of `may_register` and of `fits_rules`,
    `answer_missing`, `no_name`, `already_registered`, `full`.
    """
    may_run_events(user=actor).or_refuse()
    seating = locked_seating(event)
    event = seating.event if seating is not None else event
    known = find_by_submission(event, submission_key)
    if known is not None:
        return known
    is_complete(event=event, seating=seating, party=party, at=at).or_refuse()
    _named(party)
    if find_alive(event, email) is not None:
        refuse("already_registered", _("This address is already registered.")).or_refuse()
    spoken = _language_of(email, language)
    row = create_registration(event, party, email, spoken, submission_key, at)
    seat_or_queue(row, sure(seating))
    audit.record(
        action="parvis.event.registered_by_staff", instance=event, actor=actor, registration=row.pk
    )
    return row


@transaction.atomic
def give_kept_seat(
    *,
    event: Event,
    email: str,
    language: str,
    party: Party,
    submission_key: uuid.UUID,
    actor: Any,
    at: datetime.datetime,
) -> Registration:
    """Give a seat kept by the organiser; somebody who waits leaves the list for it.

    Mails are in the language of the account of that address, else in `language`. The same key
    again finds the first seat. Raises `Refused`: `not_allowed`, `no_registration`, those of
    `takes_place` and of `fits_rules`, `no_name`, `no_kept_seat`, `already_registered`.
    """
    may_run_events(user=actor).or_refuse()
    seating = sure(locked_seating(event))
    event = seating.event
    known = find_by_submission(event, submission_key)
    if known is not None:
        return known
    takes_place(event=event, at=at).or_refuse()
    fits_rules(
        seating=seating, seats=party.seats, is_minor=party.is_minor, guardian=party.guardian
    ).or_refuse()
    _named(party)
    if kept_left(seating) < party.seats:
        refuse("no_kept_seat", _("There are not so many kept seats left.")).or_refuse()
    row = find_alive(event, email)
    if row is not None and row.state in SEATED:
        refuse("already_registered", _("This address is already registered.")).or_refuse()
    if row is None:
        spoken = _language_of(email, language)
        row = create_registration(event, party, email, spoken, submission_key, at)
    # The key of who waited gives way: only the latest click is ever sent again.
    row.on_reserved_seat, row.seats, row.submission_key = True, party.seats, submission_key
    row.queued_at = row.queued_at or database_clock()
    row.state = RegistrationState.CONFIRMED
    row.save(update_fields=["on_reserved_seat", "seats", "queued_at", "state", "submission_key"])
    mail_registration.defer(registration_id=row.pk, what="confirmed")
    audit.record(action="parvis.event.kept_seat", instance=event, actor=actor, registration=row.pk)
    return row


@transaction.atomic
def cancel_by_staff(
    *, registration: Registration, reason: str, actor: Any, at: datetime.datetime
) -> Registration:
    """Cancel somebody's registration; the reason is told by mail, the seat offered to the next.

    Raises `Refused`: `not_allowed`, `no_reason`, those of `may_change_registration`.
    """
    may_run_events(user=actor).or_refuse()
    reason = " ".join(reason.split())[:300]
    if not reason:
        refuse("no_reason", _("Tell this person why.")).or_refuse()
    seating, row = locked_registration(registration.pk, registration.event_id)
    may_change_registration(registration=row, event=row.event, at=at).or_refuse()
    close_registration(row, RegistrationState.CANCELLED, seating, at, reason)
    audit.record(
        action="parvis.event.registration_cancelled",
        instance=row.event,
        actor=actor,
        registration=row.pk,
    )
    return row


def _named(party: Party) -> None:
    if not party.name.strip():
        refuse("no_name", _("Give the name: it is read at the door.")).or_refuse()


def _language_of(email: str, language: str) -> str:
    """The language of the account that has this address, else the one that was said."""
    known = User.objects.filter(email__iexact=email.strip(), is_active=True).exclude(email="")
    return known.values_list("language", flat=True).first() or language
