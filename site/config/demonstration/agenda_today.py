"""The meeting of the day: whenever the demonstration is opened, there is a door to hold."""

import datetime

from django.contrib.gis.geos import Point

from config.demonstration.agenda import OWNER, PARIS
from participation.accounts.models import User
from participation.agenda.choices import EventKind, EventState, QuestionState, RegistrationState
from participation.agenda.models import (
    Event,
    LiveQuestion,
    ProgrammeEntry,
    Registration,
    Seating,
    Theme,
)
from participation.agenda.services.events import hold_event
from participation.core.models import Directorate

_SLUG = "rencontre-du-jour"
_RESIDENT = "habitante@demo.example"
_OFFICER = "participation@demo.example"
_GUESTS = 14
_NEEDS = {2: "Place pour un fauteuil roulant.", 7: "Boucle magnétique."}
_QUESTIONS = (
    ("Quand les bancs de la place seront-ils posés ?", "Ange", QuestionState.SHOWN),
    ("Y aura-t-il une autre réunion pour celles et ceux qui travaillent le soir ?", "", QuestionState.PENDING),
    ("Qui décide, à la fin ?", "Les Amis du quartier", QuestionState.PENDING),
)  # fmt: skip
_FIRST_HOUR, _LAST_HOUR = 6, 20


def meeting_of_today(at: datetime.datetime) -> Event | None:
    """The meeting of this day, made once, its door already open; None without demonstration.

    It starts in one to two hours, in the evening at the latest. Those of former days were held.
    """
    officer = User.objects.filter(email=_OFFICER).first()
    theme = Theme.objects.filter(slug="democratie-locale").first()
    if officer is None or theme is None:
        return None
    here = at.astimezone(PARIS)
    slug = f"{_SLUG}-{here:%Y-%m-%d}"
    known = Event.objects.filter(slug=slug).first()
    if known is not None:
        return known
    former = Event.objects.filter(slug__startswith=_SLUG, state=EventState.SCHEDULED)
    for each in former.filter(starts_at__lt=at).order_by("starts_at"):
        hold_event(event=each, actor=officer, at=at)
    hour = min(max(here.hour + 2, _FIRST_HOUR), _LAST_HOUR)
    start = datetime.datetime.combine(here.date(), datetime.time(hour), tzinfo=PARIS)
    told = at - datetime.timedelta(days=15)
    event = Event.objects.create(
        kind=EventKind.PUBLIC_MEETING,
        title="Rencontre du jour : essayez l’accueil",
        slug=slug,
        summary="Une rencontre est toujours prévue le jour où vous ouvrez la démonstration.",
        body="Rencontre inventée pour la démonstration : elle sert à essayer le billet, le pointage des "
        "arrivées, les questions de la salle et le compte rendu. Personne ne vous attend.",
        theme=theme,
        directorate=Directorate.objects.filter(name=OWNER).first(),
        starts_at=start,
        ends_at=start + datetime.timedelta(hours=2),
        address="place du Capitole, Toulouse",
        point=Point(1.44367, 43.60440, srid=4326),
        wheelchair=True,
        questions_open=True,
        state=EventState.SCHEDULED,
        published_at=told,
        created_at=told,
        updated_at=told,
    )
    ProgrammeEntry.objects.create(event=event, starts_at=datetime.time(hour), title="Accueil")
    Seating.objects.create(
        event=event,
        capacity=60,
        companions=1,
        opens_at=told,
        closes_at=event.ends_at,
        reminders=[],
    )
    _register(event, at)
    for body, author, state in _QUESTIONS:
        LiveQuestion.objects.create(
            event=event, body=body, author_label=author, state=state, asked_at=at
        )
    return event


def _register(event: Event, at: datetime.datetime) -> None:
    """The resident of the demonstration, and some of the town."""
    town = User.objects.filter(email__startswith="habitant-").order_by("email")[:_GUESTS]
    people = [*User.objects.filter(email=_RESIDENT).order_by("pk"), *town]
    asked = at - datetime.timedelta(days=3)
    for place, person in enumerate(people):
        Registration.objects.create(
            event=event,
            user=person,
            name=person.public_name,
            email=person.email,
            needs=_NEEDS.get(place, ""),
            state=RegistrationState.CONFIRMED,
            created_at=asked,
            queued_at=asked,
        )
