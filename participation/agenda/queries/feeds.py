"""What a feed holds: one selection of the public agenda, and the print of its content."""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FloatField, Func, Max, Q, Sum
from django.utils.text import slugify

from maps.models import Territory
from participation.agenda.models import (
    AgendaEntry,
    AgendaItem,
    Event,
    FeedKey,
    Registration,
    Theme,
)
from participation.core.models import Activity, Follow, Process
from participation.core.queries import database_for_exports
from participation.core.written import Written

_CHUNK = 1000
_FIELDS = (
    "key",
    "source",
    "source_id",
    "uid",
    "kind",
    "title",
    "summary",
    "starts_at",
    "ends_at",
    "precision",
    "certainty",
    "takes_part",
    "council_body",
    "place",
    "timezone",
    "path_part",
    "sequence",
    "updated_at",
    "theme__name",
    "territory__name",
    "process_id",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a feed keeps of the public agenda: its name, empty for the whole; its condition."""

    name: str
    where: Q


@dataclass(frozen=True, slots=True)
class Print:
    """What a selection holds now. `digest` changes with anything that its feed would say."""

    number: int
    digest: str
    latest: datetime.datetime | None


def whole() -> Selection:
    return Selection("", Q())


def of_theme(theme: Theme) -> Selection:
    return Selection(theme.name, Q(theme=theme.pk))


def of_territory(territory: Territory) -> Selection:
    """What concerns a territory, or a part of it."""
    key = territory.pk
    inside = Q(territory__parent=key) | Q(territory__parent__parent=key)
    return Selection(territory.name, Q(territory=key) | inside)


def of_process(process: Process) -> Selection:
    return Selection(process.title, Q(process=process.pk))


def of_council(name: str) -> Selection:
    return Selection(name, Q(council_body=name))


def followed_by(user: Any) -> Selection:
    """What somebody follows: the processes, or anything in them; and where they registered."""
    follows = Follow.objects.filter(user=user).order_by()
    booked = Registration.objects.live().filter(user=user).order_by()
    return Selection(
        "",
        Q(process__in=follows.filter(process__isnull=False).values("process"))
        | Q(process__in=follows.filter(activity__isnull=False).values("activity__process"))
        | Q(
            process__in=follows.filter(contribution__isnull=False).values(
                "contribution__activity__process"
            )
        )
        | Q(source="event", source_id__in=booked.values("event")),
    )


def council_named(slug: str) -> str | None:
    """The council whose name makes that address, as the public agenda writes it."""
    names = (
        Event.objects.public()
        .exclude(council_body="")
        .order_by("council_body")
        .values_list("council_body", flat=True)
        .distinct()
    )
    return next((name for name in names if slugify(name) == slug), None)


def print_of(selection: Selection) -> Print:
    """One query: how many lines there are, and which of their states. A line that changes takes a
    mark that none ever had; one that goes takes its own away."""
    found = (
        AgendaEntry.objects.filter(selection.where)
        .order_by()
        .aggregate(
            number=Count("*"),
            latest=Max("updated_at"),
            newest=Max("mark"),
            marks=Sum("mark"),
        )
    )
    state = f"{found['number']}:{found['newest']}:{found['marks']}"
    digest = hashlib.sha256(state.encode()).hexdigest()[:32]
    return Print(found["number"], digest, found["latest"])


def zones_of(selection: Selection) -> list[str]:
    """The time zones of its lines."""
    rows = AgendaEntry.objects.filter(selection.where).order_by("timezone")
    return list(rows.values_list("timezone", flat=True).distinct())


def lines_of(selection: Selection) -> Iterator[Any]:
    """The lines as named tuples, in the order of time, read a thousand at a time."""
    return (
        AgendaEntry.objects.using(database_for_exports())
        .filter(selection.where)
        .annotate(
            latitude=Func(F("point"), function="ST_Y", output_field=FloatField()),
            longitude=Func(F("point"), function="ST_X", output_field=FloatField()),
        )
        .order_by("starts_at", "key")
        .values_list(*_FIELDS, "latitude", "longitude", named=True)
        .iterator(chunk_size=_CHUNK)
    )


def latest_of(selection: Selection, number: int) -> list[Any]:
    """The lines that changed last, the newest first."""
    rows = AgendaEntry.objects.filter(selection.where).order_by("-updated_at", "-key")
    return list(rows.values_list(*_FIELDS, named=True)[:number])


def reasons() -> dict[str, str]:
    """Why what was announced is dropped, cancelled or postponed, by the key of its line."""
    items = AgendaItem.objects.public().exclude(drop_reason="").order_by("pk")
    events = Event.objects.public().exclude(closing_reason="").order_by("pk")
    return {
        **{f"item-{key}": why for key, why in items.values_list("pk", "drop_reason")},
        **{f"event-{key}": why for key, why in events.values_list("pk", "closing_reason")},
    }


def public_activities() -> list[Activity]:
    """Those whose phases the agenda shows."""
    return _ACTIVITIES.read()


_ACTIVITIES = Written(lambda: Activity.objects.public().order_by("process", "position", "pk"))


def key_of_feed(digest: bytes) -> FeedKey | None:
    """The private feed of that fingerprint, revoked or not, with its person."""
    return FeedKey.objects.filter(digest=digest).select_related("user").first()


def live_key(user: Any) -> FeedKey | None:
    return FeedKey.objects.filter(user=user, revoked_at__isnull=True).first()
