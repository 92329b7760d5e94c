"""Events from files of others: what is kept, mended and refused; all at once, and once."""

import datetime
import time
import uuid

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile

from participation.agenda.choices import EventState
from participation.agenda.models import Event, Series
from participation.agenda.presentation.ical import calendar_of
from participation.agenda.services.imports import EventPlan, import_events
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import make_agenda_officer, make_event, make_theme, make_venue
from tests.factories.mapping import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]


@pytest.fixture
def theme():
    return make_theme("Mobilités")


def vevent(*lines: str, uid: str = "un@ailleurs", title: str = "Café de quartier") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT"])


START = "DTSTART;TZID=Europe/Paris:20270510T180000"
END = "DTEND;TZID=Europe/Paris:20270510T200000"


def ics(*events: str, encoding: str = "utf-8") -> bytes:
    body = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Essai//FR", *events, "END:VCALENDAR", ""]
    return "\r\n".join(body).encode(encoding)


def brought(content: bytes, theme, **more):
    plan = EventPlan(theme=theme, **more.pop("plan", {}))
    more.setdefault("actor", make_agenda_officer())
    return import_events(content=content, plan=plan, at=now(), **more)


def codes(content: bytes, theme, **more) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        brought(content, theme, **more)
    assert not Event.objects.exists()
    return caught.value.verdict.codes


def reason(content: bytes, theme) -> str:
    report = brought(content, theme, dry_run=True)
    assert (report.new, len(report.refused)) == (0, 1)
    return report.refused[0].reason


def note(content: bytes, theme) -> str:
    report = brought(content, theme)
    assert report.new == 1
    return report.mended[0].reason if report.mended else ""


def test_an_event_comes_in_as_a_draft(theme):
    content = ics(
        vevent(START, END, "LOCATION:Place du Capitole\\, Toulouse", "GEO:43.604;1.443",
               "DESCRIPTION:Venez\\nnombreux ; tous", "BEGIN:VALARM", "ACTION:DISPLAY",
               "TRIGGER:-PT15M", "DESCRIPTION:rappel", "END:VALARM")
    )  # fmt: skip
    report = brought(content, theme)
    event = Event.objects.get()
    assert (report.new, report.mended, report.refused) == (1, (), ())
    assert event.state == EventState.DRAFT
    assert event.starts_at == datetime.datetime(2027, 5, 10, 16, tzinfo=datetime.UTC)
    assert event.ends_at - event.starts_at == datetime.timedelta(hours=2)
    assert event.address == "Place du Capitole, Toulouse"
    assert event.body == "Venez\nnombreux ; tous"
    assert (event.point.x, event.point.y) == (1.443, 43.604)
    assert (event.theme, event.kind, event.sequence) == (theme, "other", 0)


def test_a_dry_run_writes_nothing(theme):
    assert brought(ics(vevent(START, END)), theme, dry_run=True).new == 1
    assert not Event.objects.exists()


def test_only_those_who_organise_events_import(theme):
    assert codes(ics(vevent(START, END)), theme, actor=make_user()) == ("not_allowed",)


@pytest.mark.parametrize(
    ("start", "utc", "said"),
    [
        ("DTSTART:20270510T180000Z", "18:00", ""),
        ("DTSTART:20270510T180000", "16:00", "heures sans fuseau"),
        ("DTSTART;TZID=Romance Standard Time:20270510T180000", "16:00", ""),
        ("DTSTART;TZID=/citadel.org/20210210/Europe/Paris:20270510T180000", "16:00", ""),
        ("DTSTART;TZID=America/New_York:20270510T180000", "22:00", "heures de America/New_York"),
        ("DTSTART;TZID=Indian/Reunion:20270510T180000", "14:00", ""),
    ],
)
def test_hours_of_every_zone_are_the_right_instant(theme, start, utc, said):
    told = note(ics(vevent(start, "DURATION:PT1H")), theme)
    event = Event.objects.get()
    assert f"{event.starts_at.astimezone(datetime.UTC):%H:%M}" == utc
    assert event.timezone == ("Indian/Reunion" if "Reunion" in start else "Europe/Paris")
    assert told.startswith(said)
    assert bool(told) == bool(said)


def test_a_zone_defined_by_the_file_itself_is_known(theme):
    zone = "\r\n".join([
        "BEGIN:VTIMEZONE", "TZID:Chez nous", "BEGIN:STANDARD", "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE",
    ])  # fmt: skip
    brought(ics(zone, vevent("DTSTART;TZID=Chez nous:20270510T180000", "DURATION:PT1H")), theme)
    assert Event.objects.get().starts_at.astimezone(datetime.UTC).hour == 15


def test_whole_days_last_from_midnight_to_midnight(theme):
    brought(ics(vevent("DTSTART;VALUE=DATE:20270510")), theme)
    event = Event.objects.get()
    assert event.local_start.isoformat() == "2027-05-10T00:00:00+02:00"
    assert event.local_end.isoformat() == "2027-05-11T00:00:00+02:00"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["DTSTART;TZID=Lune/Mer:20270510T180000", END], "fuseau"),
        ([START, "DTEND;TZID=Europe/Paris:20270510T170000"], "fin n’est pas après"),
        ([START, "DTEND;TZID=Europe/Paris:20280610T170000"], "plus d’un an"),
        ([START, END, "RRULE:FREQ=WEEKLY"], "récurrence n’a pas de fin"),
        ([START, END, "RRULE:FREQ=DAILY;COUNT=4000"], "plus de 366"),
        ([START, END, "STATUS:CANCELLED"], "annulée"),
        (["DTSTART;TZID=Europe/Paris:20270328T023000", "DURATION:PT1H"], "n’existe pas"),
        (["DTSTART:demain soir"], "abîmée"),
        ([START, END, "ligne sans deux-points"], "abîmée"),
        ([END], "début"),
        ([START, END, "GEO:143;1"], "Terre"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(theme, lines, said):
    assert said in reason(ics(vevent(*lines)), theme)


def test_an_event_never_closed_harms_no_other(theme):
    broken = "BEGIN:VEVENT\r\nUID:deux\r\nSUMMARY:Coupé\r\n" + START
    report = brought(ics(broken, vevent(START, END)), theme, dry_run=True)
    assert report.new == 1
    assert (report.refused[0].number, report.refused[0].label) == (4, "Coupé")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([START], "n’a pas de fin"),
        (["DTSTART;TZID=Europe/Paris:20261025T023000", "DURATION:PT1H"], "deux fois"),
    ],
)
def test_what_is_mended_is_told(theme, lines, said):
    assert said in note(ics(vevent(*lines)), theme)


def test_a_place_that_is_no_room_of_ours_is_told(theme):
    ours = make_venue(name="Salle des fêtes", address="3 rue du Port")
    content = ics(
        vevent(START, END, "LOCATION:salle  des Fêtes", uid="nom"),
        vevent(START, END, "LOCATION:Salle des fêtes\\, 3 rue du Port", uid="entier"),
        vevent(START, END, "LOCATION:Salle du bas", uid="ailleurs", title="Loto"),
        vevent(START, END, uid="nulle-part"),
    )
    for dry_run in (True, False):
        report = brought(content, theme, dry_run=dry_run)
        assert [(fault.label, fault.reason) for fault in report.unknown_places] == [
            ("Loto", "lieu inconnu, gardé comme adresse\N{NO-BREAK SPACE}: Salle du bas")
        ]
    rooms = Event.objects.order_by("pk").values_list("venue", flat=True)
    assert list(rooms) == [ours.pk, ours.pk, None, None]


def test_a_room_chosen_for_a_draft_stays_when_the_file_comes_again(theme):
    content = ics(vevent(START, END, "LOCATION:Salle du bas"))
    assert len(brought(content, theme).unknown_places) == 1
    chosen = make_venue(name="Salle basse")
    Event.objects.update(venue=chosen)
    assert brought(content, theme).unknown_places == ()
    assert Event.objects.get().venue == chosen


def test_latin_1_is_read_as_such(theme):
    assert "Windows" in note(ics(vevent(START, END), encoding="latin-1"), theme)
    assert Event.objects.get().title == "Café de quartier"


def test_a_recurrence_makes_events_at_the_same_hour_of_the_clocks(theme):
    report = brought(
        ics(
            vevent(
                "DTSTART;TZID=Europe/Paris:20270318T180000",
                "DURATION:PT2H",
                "RRULE:FREQ=WEEKLY;UNTIL=20270415T160000Z",
                "EXDATE;TZID=Europe/Paris:20270325T180000",
            ),
            vevent(
                "RECURRENCE-ID;TZID=Europe/Paris:20270408T180000",
                "DTSTART;TZID=Europe/Paris:20270409T190000",
                "DURATION:PT1H",
            ),
        ),
        theme,
    )
    assert (report.new, report.refused) == (4, ())
    events = Event.objects.order_by("starts_at")
    assert [f"{each.local_start:%m-%d %H}" for each in events] == [
        "03-18 18", "04-01 18", "04-09 19", "04-15 18",
    ]  # fmt: skip
    series = Series.objects.get()
    assert series.exceptions == [datetime.date(2027, 3, 25)]
    assert all(each.series_id == series.pk for each in events)


def test_the_same_file_again_brings_drafts_up_to_date_and_leaves_what_is_published(theme):
    officer = make_agenda_officer()
    first = ics(vevent(START, END), vevent(START, END, uid="deux@ailleurs", title="Balade"))
    brought(first, theme, actor=officer)
    Event.objects.filter(title="Balade").update(
        state=EventState.SCHEDULED, published_at=now(), address="Ici"
    )
    again = ics(
        vevent(START, END, title="Café reporté"),
        vevent(START, END, uid="deux@ailleurs", title="Balade 2"),
    )
    report = brought(again, theme, actor=officer)
    assert (report.new, report.updated, report.known) == (0, 1, 1)
    assert set(Event.objects.values_list("title", flat=True)) == {"Café reporté", "Balade"}


def test_the_same_uid_twice_in_a_file_is_told(theme):
    report = brought(ics(vevent(START, END), vevent(START, END)), theme, dry_run=True)
    assert (report.new, len(report.refused)) == (1, 1)
    assert "ligne 4" in report.refused[0].reason


def test_our_own_file_finds_its_event(theme):
    report = brought(calendar_of(make_event()), theme)
    assert (report.new, report.known) == (0, 1)


def test_one_wrong_line_stops_everything_unless_asked(theme):
    content = ics(vevent(START, END), vevent("DTSTART:x", uid="deux"))
    assert codes(content, theme) == ("rows_refused",)
    assert brought(content, theme, leave_refused=True).new == 1
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        ics(*[vevent(START, END, uid=str(number)) for number in range(50_000)]),
        b"titre;debut\n" + b"Essai;10/05/2027 18:00\n" * 50_000,
    ],
    ids=["ics", "csv"],
)
def test_fifty_thousand_events_are_refused_at_once(theme, content):
    start = time.process_time()
    with pytest.raises(Refused) as caught:
        brought(content, theme)
    assert time.process_time() - start < 2
    assert caught.value.verdict.codes == ("file_refused",)
    assert "5000" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"bonjour", b"PK\x03\x04abc", b"\xff\xfe\x00"])
def test_what_is_no_calendar_is_refused(theme, content):
    assert codes(content, theme) == ("file_refused",)


def test_an_empty_calendar_is_told(theme):
    assert codes(ics(), theme) == ("nothing_to_import",)


TABLE = (
    "Titre;Début;Fin;Lieu;Thème;Type;Identifiant\n"
    "Atelier;10/05/2027 18:00;10/05/2027 20:00;Mairie;Mobilités;Atelier;a1\n"
    "Sans fin;2027-05-11T18:00;;;;;a2\n"
    "Mauvais;hier;;;;;a3\n"
    ";10/05/2027 18:00;;;;;a4\n"
    "Ailleurs;10/05/2027 18:00;;;Inconnu;;a5\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_is_read_line_by_line(theme, encoding):
    report = brought(TABLE.encode(encoding), make_theme("Autre"), leave_refused=True)
    assert report.new == 2
    assert [fault.number for fault in report.refused] == [4, 5, 6]
    workshop = Event.objects.get(title="Atelier")
    assert (workshop.theme, workshop.kind, workshop.address) == (theme, "workshop", "Mairie")
    assert workshop.local_start.hour == 18


def test_a_spreadsheet_is_read_too(theme):
    table = tablib.Dataset(headers=["titre", "debut", "fin"])
    table.append(["Atelier", datetime.datetime(2027, 5, 10, 18), "10/05/2027 20:00"])  # noqa: DTZ001 -- a cell has no zone
    assert brought(table.export("xlsx"), theme).new == 1
    assert Event.objects.get().local_start.hour == 18


def test_foreign_uids_never_meet_ours(theme):
    ours = make_event()
    brought(ics(vevent(START, END, uid=f"{ours.uid}@ailleurs")), theme)
    assert Event.objects.count() == 2
    assert all(isinstance(each.uid, uuid.UUID) for each in Event.objects.order_by("pk"))


def test_the_office_shows_what_would_happen_then_does_it(client, theme):
    client.force_login(make_agenda_officer())
    here = "/gestion/agenda/importer/"
    assert client.get(here).status_code == 200
    content = ics(vevent(START, END), vevent("DTSTART:x", uid="deux", title="Abîmé"))
    content = content.replace(b"END:VEVENT", b"LOCATION:Salle du bas\r\nEND:VEVENT", 1)
    upload = SimpleUploadedFile("agenda.ics", content)
    asked = client.post(here, {"step": "file", "file": upload})
    assert "agenda.ics" in asked.content.decode()
    data = {"theme": theme.pk, "kind": "other", "timezone": "Europe/Paris"}
    told = client.post(here, {"step": "check", **data})
    assert told.context["report"].new == 1
    assert "Abîmé" in told.content.decode()
    assert "1 lieu inconnu\N{NO-BREAK SPACE}: gardé comme adresse" in told.content.decode()
    assert not Event.objects.exists()
    assert client.post(here, {"step": "write", **data}).status_code == 422
    done = client.post(here, {"step": "write", "leave_refused": "on", **data})
    assert done.status_code == 302
    assert Event.objects.count() == 1
    gone = client.post(here, {"step": "write", **data})
    assert gone.status_code == 302
    assert Event.objects.count() == 1


def test_the_office_is_closed_to_others(client):
    client.force_login(make_user(is_staff=True, permissions=("wagtailadmin.access_admin",)))
    assert client.get("/gestion/agenda/importer/").status_code in (302, 403)
