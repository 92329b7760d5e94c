"""What an event needs to take place: its parts, its documents, its seats, its room."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participation.agenda import policies
from participation.agenda.choices import DocumentKind, EventKind, EventState
from participation.agenda.models import (
    BudgetLine,
    Event,
    EventDocument,
    LogisticsTask,
    ProgrammeEntry,
    RegistrationQuestion,
    Seating,
    Speaker,
    Stop,
    Venue,
)
from participation.agenda.services.events.shared import locked
from participation.agenda.services.seating import offer_free_seats
from participation.core import audit, files
from participation.core.models import Contribution
from participation.core.verdict import ALLOWED, Verdict, refuse

Part = Speaker | ProgrammeEntry | Stop | LogisticsTask | BudgetLine | RegistrationQuestion
MAX_PARTS = 200
"""Rows of one kind that an event has at most."""


@transaction.atomic
def save_part(*, event: Event, part: Part, actor: Any) -> Part:
    """Add a row of an event, or change one. A new one comes last, where rows have an order.

    Codes: `not_allowed`, `too_many`, `unfit` (what the row itself refuses).
    """
    verdict = policies.may_run_events(user=actor)
    locked(event)  # two rows added at once don't get the same place
    part.event = event
    siblings = type(part).objects.filter(event=event)
    if part.pk is None:
        if siblings.count() >= MAX_PARTS:
            verdict &= refuse("too_many", _("At most %(limit)d rows."), limit=MAX_PARTS)
        if not isinstance(part, ProgrammeEntry | LogisticsTask | BudgetLine):
            last = siblings.aggregate(last=Max("position"))["last"]
            part.position = 1 if last is None else last + 1
    (verdict & _fits(part)).or_refuse()
    part.save()
    audit.record(action="parvis.event.part", instance=event, actor=actor, kept=str(part)[:80])
    return part


@transaction.atomic
def remove_part(*, part: Part | EventDocument, actor: Any) -> None:
    """Take a row of an event away, with its file. Code: `not_allowed`."""
    policies.may_run_events(user=actor).or_refuse()
    audit.record(
        action="parvis.event.part", instance=part.event, actor=actor, removed=str(part)[:80]
    )
    if isinstance(part, EventDocument):
        storage, name = part.file.storage, part.file.name or ""
        transaction.on_commit(lambda: storage.delete(name))
    part.delete()


@transaction.atomic
def add_document(
    *,
    event: Event,
    kind: DocumentKind,
    title: str,
    upload: UploadedFile,
    actor: Any,
    at: datetime.datetime,
    alt: str = "",
    consent: bool = False,
) -> EventDocument:
    """Keep a file of an event; pictures are written again, without what their camera says.

    Codes: `not_allowed`, `unfit`, `not_a_picture`, and those of `core.files.inspect`.
    """
    policies.may_run_events(user=actor).or_refuse()
    safe = files.inspect(upload, upload.size or 0)
    if kind == DocumentKind.PHOTO and safe.suffix not in ("jpg", "png"):
        refuse("not_a_picture", _("A photo is a picture (JPEG, PNG, WebP).")).or_refuse()
    row = EventDocument(
        event=event,
        kind=kind,
        title=title.strip(),
        alt=alt.strip(),
        consent=consent,
        size=len(safe.content),
        added_at=at,
    )
    row.file.save(f"file.{safe.suffix}", ContentFile(safe.content), save=False)
    _fits(row).or_refuse()
    row.save()
    audit.record(action="parvis.event.part", instance=event, actor=actor, kept=row.title)
    return row


@transaction.atomic
def save_seating(*, event: Event, seating: Seating, actor: Any, at: datetime.datetime) -> Seating:
    """How people register to an event; seats taken stay taken, seats added are offered at once
    to those who wait.

    Codes: `not_allowed`, `seats_taken` (fewer seats than those taken), `unfit`.
    """
    verdict = policies.may_change(event=event, user=actor)
    known = Seating.objects.select_for_update(no_key=True).filter(event=event).first()
    seating.event = event
    seating.taken = known.taken if known else 0
    if seating.capacity is not None and seating.capacity < seating.taken:
        verdict &= refuse(
            "seats_taken", _("%(taken)d seats are already taken."), taken=seating.taken
        )
    (verdict & _fits(seating)).or_refuse()
    seating._state.adding = known is None
    seating.save()
    if known is not None:
        offer_free_seats(seating, at)
    audit.record(
        action="parvis.event.seating", instance=event, actor=actor, capacity=seating.capacity
    )
    return seating


@transaction.atomic
def save_venue(*, venue: Venue, actor: Any) -> Venue:
    """Add a room or change one. Codes: `not_allowed`, `unfit`."""
    (policies.may_run_events(user=actor) & _fits(venue)).or_refuse()
    venue.save()
    audit.record(action="parvis.event.venue", instance=venue, actor=actor, name=venue.name)
    return venue


def adopting_visits(user: Any, moment: datetime.datetime) -> list[tuple[str, str]]:
    """(key, title and date) of the visits on the site to come, soonest first: what became of a
    contribution is public."""
    if not policies.may_run_events(user=user):
        return []
    visits = (
        Event.objects.public()
        .filter(kind=EventKind.VISIT, ends_at__gt=moment, state=EventState.SCHEDULED)
        .order_by("starts_at", "pk")
    )
    return [(str(each.pk), f"{each.title} – {each.local_start:%d/%m/%Y %H:%M}") for each in visits]


@transaction.atomic
def adopt_as_stop(
    *, contribution: Contribution, place: str, actor: Any, at: datetime.datetime
) -> str:
    """Make a stop of the visit `place`, at the end; the address of its page.

    Codes: `unknown_place`, `no_point`, and those of `save_part`.
    """
    known = {value for value, _label in adopting_visits(actor, at)}
    if place not in known:
        refuse("unknown_place", _("Choose where it goes.")).or_refuse()
    point = contribution.point
    if point is None:
        refuse("no_point", _("This contribution has no place on the map.")).or_refuse()
    assert point is not None  # noqa: S101 -- refused just above
    event = Event.objects.get(pk=int(place))
    stop = Stop(
        title=contribution.title[:120],
        text=contribution.body[:500],
        point=point,
        contribution=contribution,
    )
    save_part(event=event, part=stop, actor=actor)
    return reverse("agenda:event", args=[event.slug])


def _fits(row: Any) -> Verdict:
    """What the row's own rules say of it, as one refusal with their words. Code: `unfit`."""
    try:
        row.full_clean()
    except ValidationError as error:
        return refuse("unfit", " ".join(error.messages))
    return ALLOWED
