"""The demonstration's agenda: the mandate 2026–2032 of Toulouse, and events around today."""

import datetime
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import LineString, Point
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.text import slugify

from config.demonstration.agenda_events import MEETINGS, STOPS, VENUES, Meeting
from config.demonstration.agenda_mandate import RESERVED, THEMES, Announced, items
from maps.models import Territory
from participation.accounts.models import User
from participation.agenda.choices import (
    PRIVATE,
    Attendance,
    Certainty,
    EventKind,
    EventState,
    MinutesState,
    OutcomeKind,
    RegistrationState,
    SchoolZone,
)
from participation.agenda.models import (
    AgendaItem,
    CitizenAgenda,
    Event,
    EventMove,
    HeadCount,
    ItemMove,
    Minutes,
    Outcome,
    ProcessTheme,
    ProgrammeEntry,
    Registration,
    ReservedPeriod,
    Seating,
    Speaker,
    Stop,
    Theme,
    Venue,
)
from participation.core.models import Directorate, Process

PARIS = ZoneInfo("Europe/Paris")
OWNER = "Direction de la participation citoyenne"
_TITLE = "Agenda de la participation, mandat 2026–2032"
_SPEAKERS = (
    ("Dany Maquette", "élue inventée pour la démonstration"),
    ("Maé Gabarit", "chargée de participation, inventée elle aussi"),
)
_PROCESS_THEMES = {
    "toulouse-2026": "democratie-locale",
    "toulouse-2027": "democratie-locale",
    "velo-et-fraicheur": "mobilites",
}


def mandate(
    city: Territory, officer: User, elected: User, residents: list[User], at: datetime.datetime
) -> CitizenAgenda:
    """The whole agenda, made once."""
    known = CitizenAgenda.objects.filter(title=_TITLE).first()
    if known is not None:
        return known
    agenda = CitizenAgenda.objects.create(
        title=_TITLE,
        mandate=DateRange(datetime.date(2026, 3, 22), datetime.date(2032, 3, 22)),
        territory=city,
        school_zone=SchoolZone.C,
        introduction="Tout ce à quoi vous pouvez prendre part, de l’annonce au bilan. Agenda imaginé "
        "pour la démonstration : le rythme est celui de la loi, les sujets sont inventés.",
    )
    themes = {
        slug: Theme.objects.create(slug=slug, name=name, icon=icon, tone=tone, position=place)
        for place, (slug, name, icon, tone) in enumerate(THEMES)
    }
    ReservedPeriod.objects.bulk_create(
        ReservedPeriod(label=each.label, period=DateRange(each.start, each.end), notice=each.notice)
        for each in RESERVED
    )
    processes = {row.slug: row for row in Process.objects.filter(slug__in=_PROCESS_THEMES)}
    ProcessTheme.objects.bulk_create(
        ProcessTheme(process=row, theme=themes[_PROCESS_THEMES[slug]])
        for slug, row in processes.items()
    )
    districts = list(city.children.order_by("code"))
    owner = Directorate.objects.get_or_create(name=OWNER)[0]
    for announced in items(at.astimezone(PARIS).date()):
        _announce(announced, agenda, themes, districts, processes, owner, officer, elected, at)
    rooms = [_room(row, districts) for row in VENUES]
    for number, meeting in enumerate(MEETINGS):
        event = _hold(meeting, number, rooms, themes, districts, processes, owner, officer, at)
        _fill(meeting, event, residents, at)
    return agenda


def _announce(
    announced: Announced,
    agenda: CitizenAgenda,
    themes: dict[str, Theme],
    districts: list[Territory],
    processes: dict[str, Process],
    owner: Directorate,
    officer: User,
    elected: User,
    at: datetime.datetime,
) -> None:
    told = announced.certainty not in PRIVATE
    said = at - datetime.timedelta(days=60)
    row = AgendaItem.objects.create(
        agenda=agenda,
        kind=announced.kind,
        title=announced.title,
        summary=announced.summary,
        theme=themes[announced.theme],
        territory=districts[announced.district - 1] if announced.district else None,
        process=processes.get(announced.process),
        directorate=owner,
        window=DateRange(announced.start, announced.end),
        precision=announced.precision,
        certainty=announced.certainty,
        drop_reason=announced.drop_reason,
        endorsed_by=elected if told else None,
        endorsed_at=said if told else None,
        announced_at=said if told else None,
        sequence=1 if announced.certainty in (Certainty.MOVED, Certainty.DROPPED) else 0,
        created_at=said,
        updated_at=said,
    )
    if announced.former is not None:
        start, end, precision, reason = announced.former
        ItemMove.objects.create(
            item=row,
            former_window=DateRange(start, end),
            former_precision=precision,
            reason=reason,
            moved_by=officer,
            moved_at=said,
        )


def _district_of(point: Point, districts: list[Territory]) -> Territory | None:
    return next((each for each in districts if each.geometry.contains(point)), None)


def _room(row: tuple[str, str, float, float, int, bool], districts: list[Territory]) -> Venue:
    name, address, longitude, latitude, seats, wheelchair = row
    point = Point(longitude, latitude, srid=4326)
    return Venue.objects.create(
        name=name,
        address=f"{address}, Toulouse",
        point=point,
        territory=_district_of(point, districts),
        seats=seats,
        wheelchair=wheelchair,
    )


def _hold(
    meeting: Meeting,
    number: int,
    rooms: list[Venue],
    themes: dict[str, Theme],
    districts: list[Territory],
    processes: dict[str, Process],
    owner: Directorate,
    officer: User,
    at: datetime.datetime,
) -> Event:
    start = _at(at, meeting.day, meeting.hour)
    venue = rooms[meeting.venue] if meeting.venue is not None else None
    is_visit = meeting.kind == EventKind.VISIT
    point = Point(STOPS[0][2], STOPS[0][3], srid=4326) if is_visit else None
    away = meeting.attendance == Attendance.ONLINE
    is_past = meeting.day < 0 and meeting.state == EventState.SCHEDULED
    told = min(at, start) - datetime.timedelta(days=20)
    event = Event.objects.create(
        kind=meeting.kind,
        title=meeting.title,
        slug=f"{slugify(meeting.title)[:70].strip('-')}-{number + 1}",
        summary=meeting.summary or "Rencontre inventée pour la démonstration.",
        body="Rencontre inventée pour la démonstration : personne ne vous attend à cette date.",
        process=processes.get(meeting.process),
        theme=themes[meeting.theme],
        territory=venue.territory if venue else (districts[0] if is_visit else None),
        directorate=owner,
        council_body=meeting.council,
        starts_at=start,
        ends_at=start + datetime.timedelta(hours=meeting.hours),
        attendance=meeting.attendance,
        venue=venue,
        address="" if venue or away else "place du Capitole, Toulouse",
        point=point,
        route=LineString([(x, y) for _t, _s, x, y in STOPS], srid=4326) if is_visit else None,
        online_url="https://visio.exemple.invalid/salle" if away else "",
        wheelchair=venue.wheelchair if venue else not is_visit,
        sign_language=meeting.kind == EventKind.PUBLIC_MEETING,
        child_care=meeting.kind == EventKind.NEIGHBOURHOOD,
        state=EventState.HELD if is_past else meeting.state,
        closing_reason=meeting.reason,
        published_at=told,
        held_at=start + datetime.timedelta(hours=meeting.hours) if is_past else None,
        sequence=1 if meeting.reason or meeting.moved_from is not None else 0,
        created_at=told,
        updated_at=told,
    )
    if meeting.moved_from is not None:
        former = _at(at, meeting.moved_from, meeting.hour)
        EventMove.objects.create(
            event=event,
            former_starts_at=former,
            former_ends_at=former + datetime.timedelta(hours=meeting.hours),
            former_place=event.place,
            reason="La salle était prise par un bureau de vote professionnel : la réunion glisse de quelques jours.",
            moved_by=officer,
            moved_at=told,
        )
    if meeting.minutes:
        _write_up(event, meeting, officer)
    return event


def _at(at: datetime.datetime, day: int, hour: int) -> datetime.datetime:
    """`hour` of the clocks of Toulouse, `day` days from today."""
    today = at.astimezone(PARIS).date() + datetime.timedelta(days=day)
    return datetime.datetime.combine(today, datetime.time(hour), tzinfo=PARIS)


def _write_up(event: Event, meeting: Meeting, officer: User) -> None:
    written = event.ends_at + datetime.timedelta(hours=20)
    Minutes.objects.create(
        event=event,
        body=meeting.minutes,
        state=MinutesState.PUBLISHED,
        written_at=written,
        approved_by=officer,
        approved_at=written,
        published_at=written,
    )
    if meeting.people:
        HeadCount.objects.create(
            event=event, people=meeting.people, counted_at=event.ends_at, counted_by=officer
        )
    if meeting.decided:
        Outcome.objects.create(event=event, kind=OutcomeKind.DECISION, text=meeting.decided)
    is_old = meeting.day < -30
    Outcome.objects.create(
        event=event,
        kind=OutcomeKind.ACTION,
        text="Répondre par écrit aux questions posées (exemple).",
        owner="Mission participation",
        due_on=(event.ends_at + datetime.timedelta(days=30)).date(),
        done_at=event.ends_at + datetime.timedelta(days=21) if is_old else None,
        done_note="vingt-deux réponses envoyées" if is_old else "",
        position=1,
    )


def _fill(meeting: Meeting, event: Event, residents: list[User], at: datetime.datetime) -> None:
    """Who speaks, in which order, where a visit stops; registration and those registered."""
    Speaker.objects.bulk_create(
        Speaker(event=event, name=name, role=role, position=place)
        for place, (name, role) in enumerate(_SPEAKERS)
    )
    ProgrammeEntry.objects.bulk_create(
        ProgrammeEntry(event=event, starts_at=datetime.time(meeting.hour, minute), title=title)
        for minute, title in ((0, "Accueil"), (15, "Présentation"), (45, "Échanges"))
    )
    if meeting.kind == EventKind.VISIT:
        Stop.objects.bulk_create(
            Stop(event=event, position=place, title=title, text=text, point=Point(x, y, srid=4326))
            for place, (title, text, x, y) in enumerate(STOPS, start=1)
        )
    if meeting.seats is None:
        return
    Seating.objects.create(
        event=event,
        capacity=meeting.seats,
        opens_at=at - datetime.timedelta(days=15),
        closes_at=event.starts_at - datetime.timedelta(hours=2),
        reminders=[48, 3],
    )
    for person in residents[: meeting.taken]:
        Registration.objects.create(
            event=event,
            user=person,
            name=person.public_name,
            email=person.email,
            state=RegistrationState.CONFIRMED,
            created_at=at - datetime.timedelta(days=3),
            queued_at=at - datetime.timedelta(days=3),
        )
