"""The agenda at the size of a large city: items, events and registrations, all invented."""

import datetime

from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateRange

from participation.agenda.choices import (
    Certainty,
    EventKind,
    EventState,
    ItemKind,
    Precision,
    RegistrationState,
)
from participation.agenda.models import (
    AgendaItem,
    CitizenAgenda,
    Event,
    Registration,
    Seating,
    Theme,
)

ENTRIES = 10_000
REGISTRATIONS = 200_000
_PER_EVENT = 400
_BATCH = 2000
_FIRST = datetime.date(2026, 4, 1)
_DAYS = 6 * 365 - 60
_CERTAINTIES = (
    Certainty.ANNOUNCED,
    Certainty.ANNOUNCED,
    Certainty.IN_PROGRESS,
    Certainty.DONE,
    Certainty.MOVED,
)


def grow_agenda(agenda: CitizenAgenda, wanted: int, at: datetime.datetime) -> None:
    """Up to `wanted` items and events together, half of each, over the whole mandate."""
    themes = list(Theme.objects.order_by("position", "name"))
    places = list(agenda.territory.children.order_by("code")) if agenda.territory else []
    many_items = max(0, wanted // 2 - AgendaItem.objects.count())
    AgendaItem.objects.bulk_create(
        (
            AgendaItem(
                agenda=agenda,
                kind=ItemKind.values[number % len(ItemKind.values)],
                title=f"Sujet n° {number + 1} de la mesure",
                summary="Sujet inventé pour mesurer la vitesse.",
                theme=themes[number % len(themes)],
                territory=places[number % len(places)] if places else None,
                window=DateRange(_day(number), _day(number) + datetime.timedelta(days=30)),
                precision=Precision.values[number % len(Precision.values)],
                certainty=_CERTAINTIES[number % len(_CERTAINTIES)],
                endorsed_at=at,
                announced_at=at,
                created_at=at,
                updated_at=at,
            )
            for number in range(many_items)
        ),
        batch_size=_BATCH,
    )
    before = Event.objects.count()
    Event.objects.bulk_create(
        (
            Event(
                kind=EventKind.values[number % len(EventKind.values)],
                title=f"Rencontre n° {number + 1} de la mesure",
                slug=f"mesure-{number + 1}",
                summary="Rencontre inventée pour mesurer la vitesse.",
                theme=themes[number % len(themes)],
                territory=places[number % len(places)] if places else None,
                starts_at=_evening(number),
                ends_at=_evening(number) + datetime.timedelta(hours=2),
                address="place du Capitole, Toulouse",
                point=Point(1.40 + number % 90 / 1000, 43.57 + number % 70 / 1000, srid=4326),
                state=EventState.SCHEDULED,
                published_at=at,
                created_at=at,
                updated_at=at,
            )
            for number in range(before, wanted // 2)
        ),
        batch_size=_BATCH,
    )


def grow_registrations(wanted: int, at: datetime.datetime) -> None:
    """Up to `wanted` registrations, four hundred for each event in turn."""
    missing = wanted - Registration.objects.count()
    events = Event.objects.filter(slug__startswith="mesure-", seating__isnull=True)
    for event in events.order_by("pk")[: max(0, -(-missing // _PER_EVENT))]:
        Seating.objects.create(
            event=event,
            capacity=_PER_EVENT,
            opens_at=event.starts_at - datetime.timedelta(days=60),
            closes_at=event.starts_at,
        )
        many = min(_PER_EVENT, missing)
        Registration.objects.bulk_create(
            (
                Registration(
                    event=event,
                    name=f"Personne inventée {number + 1}",
                    email=f"mesure-{number + 1}@demo.example",
                    state=RegistrationState.CONFIRMED,
                    created_at=at,
                    queued_at=at,
                )
                for number in range(many)
            ),
            batch_size=_BATCH,
        )
        missing -= many


def _day(number: int) -> datetime.date:
    return _FIRST + datetime.timedelta(days=number * 37 % _DAYS)


def _evening(number: int) -> datetime.datetime:
    return datetime.datetime.combine(_day(number), datetime.time(17), tzinfo=datetime.UTC)
