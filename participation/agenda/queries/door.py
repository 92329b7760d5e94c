"""Who is expected at the door of an event, and who came."""

import datetime
import re
import uuid
from typing import NamedTuple

from django.db.models import IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from participation.agenda import links
from participation.agenda.choices import EventState, RegistrationState
from participation.agenda.models import CheckIn, Event, HeadCount, Registration, WalkIn
from participation.agenda.querysets import RegistrationQuerySet

BEFORE = datetime.timedelta(hours=6)
"""The door opens that long before the start: a team trains, a room is made ready."""
AFTER = datetime.timedelta(hours=24)
"""A telephone that found no network in the room sends what it kept until then."""
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_LINK = re.compile(r"/inscription/([^/\s?#]+)")


class Counts(NamedTuple):
    """People, not registrations: expected, checked in, come without registering."""

    expected: int
    arrived: int
    walk_ins: int

    @property
    def present(self) -> int:
        return self.arrived + self.walk_ins


def door_events(*, at: datetime.datetime) -> list[Event]:
    """Public events whose door is open now or opens within a week, soonest first."""
    return list(
        Event.objects.public()
        .filter(
            state__in=(EventState.SCHEDULED, EventState.HELD),
            ends_at__gt=at - AFTER,
            starts_at__lte=at + BEFORE + datetime.timedelta(days=7),
        )
        .select_related("venue")
        .order_by("starts_at", "pk")[:50]
    )


def expected(*, event: Event) -> RegistrationQuerySet:
    """Those registered, by name, each with the `check_in` that was not undone (its key)."""
    check_in = CheckIn.objects.filter(registration=OuterRef("pk"), undone_at__isnull=True)
    return (
        Registration.objects.filter(event=event, state=RegistrationState.CONFIRMED)
        .annotate(check_in=Subquery(check_in.values("key")[:1]))
        .order_by("name", "pk")
    )


def counts_of(*, event: Event) -> Counts:
    """In one query."""
    seated = Registration.objects.filter(event=OuterRef("pk"), state=RegistrationState.CONFIRMED)
    row = (
        Event.objects.filter(pk=event.pk)
        .order_by()
        .values_list(_sum(seated, "event", "seats"), arrived(), walked_in())
        .get()
    )
    return Counts(*row)


def arrived() -> Coalesce:
    """How many of those registered came, to annotate events with."""
    return _sum(Registration.objects.filter(event=OuterRef("pk")), "event", "arrived")


def walked_in() -> Coalesce:
    """How many came without registering, to annotate events with."""
    return _sum(WalkIn.objects.filter(event=OuterRef("pk")), "event", "people")


def last_count(*, event: Event) -> HeadCount | None:
    """The latest head count."""
    return HeadCount.objects.filter(event=event).order_by("-counted_at", "-pk").first()


def find_by_code(*, event: Event, code: str) -> Registration | None:
    """Whose ticket this is: its number, or a mail's link or its token; of any event of the site.

    The caller compares `event`: a ticket of another meeting is said to be one.
    """
    code = code.strip()
    found = _UUID.search(code)
    if found is not None:
        wanted = Q(ticket=uuid.UUID(found.group()))
    else:
        link = _LINK.search(code)
        key = links.opened(link.group(1) if link else code, links.REGISTRATION)
        wanted = Q(pk=key or 0)
    return Registration.objects.filter(wanted).first()


def _sum(rows: object, by: str, field: str) -> Coalesce:
    summed = rows.order_by().values(by).annotate(sum=Sum(field)).values("sum")  # type: ignore[attr-defined]  # a queryset
    return Coalesce(Subquery(summed), Value(0), output_field=IntegerField())
