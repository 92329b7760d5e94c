"""Real rows of the citizen agenda. Times are relative to the real clock."""

import datetime
import itertools
import uuid
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from participation.accounts.models import User
from participation.agenda.choices import (
    PRIVATE,
    Certainty,
    EventKind,
    EventState,
    ItemKind,
    RegistrationState,
)
from participation.agenda.models import (
    AgendaItem,
    CitizenAgenda,
    Event,
    EventProposal,
    Registration,
    Seating,
    Theme,
    Venue,
)
from tests.factories.accounts import make_user

_numbers = itertools.count(1)

OFFICER_PERMISSIONS = (
    "wagtailadmin.access_admin",
    "agenda.plan_agenda",
    "agenda.run_events",
    "agenda.welcome_events",
    "agenda.view_agendaitem",
    "agenda.view_event",
    "core.answer_contribution",
    "core.moderate_contribution",
)


def make_agenda_officer(**fields: Any) -> User:
    """A participation officer: plans the agenda and organises events, in the back office."""
    fields.setdefault("permissions", OFFICER_PERMISSIONS)
    return make_user(is_staff=True, **fields)


def make_agenda(**fields: Any) -> CitizenAgenda:
    """The mandate 2026–2032; the same row when called again."""
    known = CitizenAgenda.objects.first()
    if known is not None and not fields:
        return known
    fields.setdefault("title", "Mandat 2026–2032")
    fields.setdefault("mandate", DateRange(datetime.date(2026, 3, 22), datetime.date(2032, 3, 22)))
    return CitizenAgenda.objects.create(**fields)


def make_theme(name: str = "", **fields: Any) -> Theme:
    number = next(_numbers)
    fields.setdefault("slug", f"theme-{number}")
    return Theme.objects.create(name=name or f"Thème {number}", **fields)


def make_item(**fields: Any) -> AgendaItem:
    """An announced item of next month, or of `days` (start and end, from today)."""
    now = timezone.now()
    start, end = fields.pop("days", (30, 60))
    today = timezone.localdate(now)
    fields.setdefault("agenda", None)
    fields["agenda"] = fields["agenda"] or make_agenda()
    fields.setdefault("theme", None)
    fields["theme"] = fields["theme"] or make_theme()
    fields.setdefault("kind", ItemKind.CONSULTATION)
    fields.setdefault("title", f"Concertation {next(_numbers)}")
    fields.setdefault("certainty", Certainty.ANNOUNCED)
    fields.setdefault(
        "window",
        DateRange(today + datetime.timedelta(days=start), today + datetime.timedelta(days=end)),
    )
    if fields["certainty"] not in PRIVATE:
        fields.setdefault("endorsed_at", now)
        fields.setdefault("announced_at", now)
    return AgendaItem.objects.create(**{"created_at": now, "updated_at": now, **fields})


def make_venue(**fields: Any) -> Venue:
    number = next(_numbers)
    return Venue.objects.create(
        **{"name": f"Salle {number}", "address": f"{number} rue du Parvis", **fields}
    )


def make_event(**fields: Any) -> Event:
    """A scheduled public meeting in ten days (`in_hours` otherwise), two hours long."""
    now = timezone.now()
    number = next(_numbers)
    starts = fields.pop("starts_at", None) or now + datetime.timedelta(
        hours=fields.pop("in_hours", 240)
    )
    fields.setdefault("theme", None)
    fields["theme"] = fields["theme"] or make_theme()
    fields.setdefault("state", EventState.SCHEDULED)
    if fields["state"] != EventState.DRAFT:
        fields.setdefault("published_at", now)
    if fields.get("venue") is None:
        fields.setdefault("address", "Place du Capitole")
    values = {
        "kind": EventKind.PUBLIC_MEETING,
        "title": f"Réunion publique {number}",
        "slug": f"reunion-publique-{number}",
        "starts_at": starts,
        "ends_at": starts + datetime.timedelta(hours=2),
        "created_at": now,
        "updated_at": now,
        **fields,
    }
    return Event.objects.create(**values)


def make_seating(event: Event | None = None, capacity: int = 10, **fields: Any) -> Seating:
    """Registration open now until the start of the event."""
    event = event or make_event()
    now = timezone.now()
    fields.setdefault("opens_at", min(now, event.starts_at) - datetime.timedelta(days=1))
    fields.setdefault("closes_at", event.starts_at)
    return Seating.objects.create(event=event, capacity=capacity, **fields)


def make_registration(event: Event, **fields: Any) -> Registration:
    """A confirmed registration; the event needs a seating."""
    number = next(_numbers)
    now = timezone.now()
    values = {
        "name": f"Inscrite {number}",
        "email": f"inscrite{number}@exemple.invalid",
        "state": RegistrationState.CONFIRMED,
        "created_at": now,
        "queued_at": now,
        **fields,
    }
    return Registration.objects.create(event=event, **values)


def make_event_proposal(**fields: Any) -> EventProposal:
    """A meal that an organisation proposes, which waits for its answer."""
    fields.setdefault("proposer", None)
    fields["proposer"] = fields["proposer"] or make_user()
    values = {
        "organisation": "Les Amis du canal",
        "title": "Fête du canal",
        "body": "Un repas.",
        "wished_dates": "En mai",
        "submission_key": uuid.uuid4(),
        "sent_at": timezone.now(),
        **fields,
    }
    return EventProposal.objects.create(**values)
