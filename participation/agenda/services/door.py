"""At the door: people checked in, those who come without registering, heads counted.

A device makes the key of what it notes; sent again, the key finds the first. What is sent late,
after a cut of the network, keeps the time at which it was noted.
"""

import datetime
import uuid
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import RegistrationState
from participation.agenda.models import CheckIn, Event, HeadCount, Registration, WalkIn
from participation.agenda.policies import may_welcome
from participation.agenda.policies.door import may_note_arrivals
from participation.agenda.queries.door import BEFORE
from participation.core import audit
from participation.core.dates import date_format
from participation.core.verdict import Refused, refuse

MAX_PEOPLE = 100_000
"""People in one room: more is a slip of the finger."""


@transaction.atomic
def check_in(
    *,
    event: Event,
    registration: Registration | None,
    people: int | None,
    key: uuid.UUID,
    arrived_at: datetime.datetime,
    actor: Any,
    at: datetime.datetime,
) -> CheckIn:
    """Note that a party arrived: `people` of it, all unless said.

    Raises `Refused`: `not_allowed`, those of `may_note_arrivals`, `unknown_ticket`,
    `other_event`, `not_registered`, `wrong_number`, `already_in` (since when).
    """
    may_welcome(user=actor).or_refuse()
    known = CheckIn.objects.filter(key=key).first()
    if known is not None:
        return known
    may_note_arrivals(event=event, at=at).or_refuse()
    if registration is None:
        raise Refused(refuse("unknown_ticket", _("This code is no ticket of this site.")))
    if registration.event_id != event.pk:
        refuse("other_event", _("This ticket is one of another event.")).or_refuse()
    row = Registration.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.pk)
    known = CheckIn.objects.filter(key=key).first()  # another sending has just won
    if known is not None:
        return known
    if row.state != RegistrationState.CONFIRMED:
        refuse(
            "not_registered",
            _("No seat is kept for this person: %(state)s."),
            state=row.get_state_display(),
        ).or_refuse()
    if row.arrived_at is not None:
        when = date_format(row.arrived_at.astimezone(event.zone), "TIME_FORMAT")
        refuse("already_in", _("Already checked in at %(when)s."), when=when).or_refuse()
    number = row.seats if people is None else people
    if not 1 <= number <= row.seats:
        refuse(
            "wrong_number", _("This ticket is for %(seats)s people."), seats=row.seats
        ).or_refuse()
    row.arrived, row.arrived_at = number, _noted(event, arrived_at, at)
    row.save(update_fields=["arrived", "arrived_at"])
    made = CheckIn.objects.create(
        key=key,
        registration=row,
        people=number,
        arrived_at=row.arrived_at,
        noted_at=at,
        noted_by=actor,
    )
    audit.record(action="parvis.event.checked_in", instance=event, actor=actor, registration=row.pk)
    return made


@transaction.atomic
def undo_check_in(*, event: Event, key: uuid.UUID, actor: Any, at: datetime.datetime) -> CheckIn:
    """Take back a check-in made by mistake; done twice, it is done once.

    Raises `Refused`: `not_allowed`, those of `may_note_arrivals`, `unknown_check_in`.
    """
    may_welcome(user=actor).or_refuse()
    may_note_arrivals(event=event, at=at).or_refuse()
    made = (
        CheckIn.objects.select_related("registration")
        .filter(key=key, registration__event=event)
        .first()
    )
    if made is None:
        raise Refused(refuse("unknown_check_in", _("This check-in is not known here.")))
    row = Registration.objects.select_for_update(of=("self",), no_key=True).get(
        pk=made.registration_id
    )
    made.refresh_from_db(fields=["undone_at"])
    if made.undone_at is not None:
        return made
    made.undone_at = at
    made.save(update_fields=["undone_at"])
    row.arrived, row.arrived_at = 0, None
    row.save(update_fields=["arrived", "arrived_at"])
    audit.record(
        action="parvis.event.check_in_undone", instance=event, actor=actor, registration=row.pk
    )
    return made


@transaction.atomic
def walk_in(
    *,
    event: Event,
    name: str,
    people: int,
    key: uuid.UUID,
    arrived_at: datetime.datetime,
    actor: Any,
    at: datetime.datetime,
) -> WalkIn:
    """Note people who come without having registered, with a name if they wish.

    Raises `Refused`: `not_allowed`, those of `may_note_arrivals`, `wrong_number`.
    """
    may_welcome(user=actor).or_refuse()
    _lock_key(key)
    known = WalkIn.objects.filter(key=key).first()
    if known is not None:
        return known
    may_note_arrivals(event=event, at=at).or_refuse()
    if not 1 <= people <= 20:
        refuse("wrong_number", _("Note 1 to 20 people at once.")).or_refuse()
    row = WalkIn.objects.create(
        key=key,
        event=event,
        name=" ".join(name.split())[:120],
        people=people,
        arrived_at=_noted(event, arrived_at, at),
        noted_by=actor,
    )
    audit.record(action="parvis.event.walk_in", instance=event, actor=actor, people=people)
    return row


@transaction.atomic
def remove_walk_in(*, event: Event, key: uuid.UUID, actor: Any, at: datetime.datetime) -> None:
    """Take back what was noted by mistake; done twice, it is done once.

    Raises `Refused`: `not_allowed`, those of `may_note_arrivals`.
    """
    may_welcome(user=actor).or_refuse()
    may_note_arrivals(event=event, at=at).or_refuse()
    removed, _by_model = WalkIn.objects.filter(event=event, key=key).delete()
    if removed:
        audit.record(action="parvis.event.walk_in_removed", instance=event, actor=actor)


@transaction.atomic
def count_heads(
    *,
    event: Event,
    people: int,
    walk_ins: int,
    submission_key: uuid.UUID,
    actor: Any,
    at: datetime.datetime,
) -> HeadCount:
    """Note how many people are in the room, and how many of them had not registered.

    The latest count is the attendance that is published. Raises `Refused`: `not_allowed`, those
    of `may_note_arrivals`, `wrong_number`.
    """
    may_welcome(user=actor).or_refuse()
    _lock_key(submission_key)
    known = HeadCount.objects.filter(submission_key=submission_key).first()
    if known is not None:
        return known
    may_note_arrivals(event=event, at=at).or_refuse()
    if not 0 <= walk_ins <= people <= MAX_PEOPLE:
        refuse("wrong_number", _("Those not registered are among the people counted.")).or_refuse()
    row = HeadCount.objects.create(
        event=event,
        people=people,
        walk_ins=walk_ins,
        counted_at=at,
        counted_by=actor,
        submission_key=submission_key,
    )
    audit.record(action="parvis.event.head_count", instance=event, actor=actor, people=people)
    return row


def _noted(event: Event, arrived_at: datetime.datetime, at: datetime.datetime) -> datetime.datetime:
    """The time of the device, within what is possible: the clock of a telephone may be wrong."""
    return arrived_at if event.starts_at - BEFORE <= arrived_at <= at else at


def _lock_key(key: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('agenda-door'), hashtext(%s))", [str(key)]
        )
