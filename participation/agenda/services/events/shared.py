"""What the verbs of events share: locks, addresses, rooms, telling people."""

import datetime
from itertools import count
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from participation.agenda.models import Event
from participation.core.dates import date_format
from participation.core.verdict import ALLOWED, Verdict, refuse

_ROOM_FREE = "agenda_room_free"
_LONGEST = datetime.timedelta(days=31)


def locked(event: Event) -> Event:
    """The event as it is now, kept from other writers until the end of the transaction."""
    return Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)


def span(*, starts_at: datetime.datetime, ends_at: datetime.datetime) -> Verdict:
    """Whether these instants make an event. Codes: `ends_before_start`, `too_long`."""
    if ends_at <= starts_at:
        return refuse("ends_before_start", _("An end comes after its start."))
    if ends_at - starts_at > _LONGEST:
        return refuse("too_long", _("An event lasts a month at most."))
    return ALLOWED


def reasoned(reason: str) -> Verdict:
    """Code: `reason_missing`."""
    if reason.strip():
        return ALLOWED
    return refuse("reason_missing", _("Say why: the reason is public."))


def save(event: Event) -> None:
    """Write the event; PostgreSQL alone knows whether its room is free. Code: `room_taken`."""
    try:
        with transaction.atomic():  # the refusal must not spoil the caller's transaction
            event.save()
    except IntegrityError as error:
        if _ROOM_FREE not in str(error):
            raise
        _room_taken(event).or_refuse()


def _room_taken(event: Event) -> Verdict:
    """Which event has the room, when it is still there to be named."""
    other = (
        Event.objects.filter(
            venue=event.venue_id, starts_at__lt=event.ends_at, ends_at__gt=event.starts_at
        )
        .exclude(pk=event.pk)
        .filter(state__in=("scheduled", "held"))
        .first()
    )
    if other is None:
        return refuse("room_taken", _("This room is taken at that time."))
    return refuse(
        "room_taken",
        _("This room is taken at that time by “%(title)s” (%(day)s, %(start)s to %(end)s)."),
        title=other.title,
        day=date_format(other.local_start, "SHORT_DATE_FORMAT"),
        start=f"{other.local_start:%H:%M}",
        end=f"{other.local_end:%H:%M}",
    )


def free_slug(*, title: str, day: datetime.date) -> str:
    """An address that no event has, from its title; with its day, then a number when taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('agenda-slug'))")
    base = slugify(title)[:70].strip("-") or "rencontre"
    dated = f"{base}-{day:%Y-%m-%d}"
    candidates = (
        base if number == 0 else dated if number == 1 else f"{dated}-{number}" for number in count()
    )
    return next(slug for slug in candidates if not Event.objects.filter(slug=slug).exists())


def tell_registered_later(*, event: Event, what: str) -> None:
    """Have those registered told that it is `moved`, `postponed` or `cancelled`."""
    job: Any = app.configure_task("agenda.tell_registered", queue="mail")
    job.defer(event_id=event.pk, what=what)
