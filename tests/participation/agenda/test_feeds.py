"""Feeds of the agenda: what calendar programs, readers of news and other programs read."""

import datetime
import time
from zoneinfo import ZoneInfo

import icalendar
import pytest
from defusedxml import ElementTree
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.agenda.choices import (
    Certainty,
    EventKind,
    EventState,
    Precision,
    RegistrationState,
)
from participation.agenda.models import AgendaItem, Event, FeedKey
from participation.agenda.presentation import rfc5545
from participation.agenda.presentation.ical import calendar_of
from participation.agenda.services.feeds import open_feed, revoke_feed
from participation.core.choices import Step
from participation.core.models import Follow, Phase
from tests.factories.accounts import make_territory, make_user
from tests.factories.agenda import (
    make_agenda,
    make_event,
    make_item,
    make_registration,
    make_seating,
    make_theme,
    make_venue,
)
from tests.factories.core import make_activity, make_process
from tests.participation.agenda.calendars import by_all, by_icalendar

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WHOLE = "/agenda/agenda.ics"


def body_of(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def paris(*parts: int, fold: int = 0) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=PARIS, fold=fold)


def only(read: dict) -> dict:
    assert len(read) == 1
    return next(iter(read.values()))


def test_three_programs_read_the_same_agenda(client):
    theme = make_theme("Mobilités, places ; et \\ rues")
    venue = make_venue(
        name="Salle « Été »", address="1, rue du Parvis; Toulouse", point=Point(1.45, 43.6)
    )
    meeting = make_event(
        theme=theme,
        venue=venue,
        title="Réunion publique : la rue aux enfants, " + "élèves " * 12,
        summary="Une ligne ; deux, trois\nla suivante \\o/ 🚲" * 4,
    )
    item = make_item(
        theme=theme,
        precision=Precision.SEASON,
        window=DateRange(datetime.date(2027, 3, 1), datetime.date(2027, 6, 1)),
    )
    response = client.get(WHOLE)
    body = body_of(response)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    read = by_all(body)
    assert read[str(item.uid)] == {
        "title": item.title,
        "start": "2027-03-01",
        "end": "2027-06-01",
        "sequence": 0,
        "status": "TENTATIVE",
        "place": "",
    }
    assert read[str(meeting.uid)]["title"] == meeting.title
    assert read[str(meeting.uid)]["place"] == "Salle « Été », 1, rue du Parvis; Toulouse"
    assert read[str(meeting.uid)]["status"] == "CONFIRMED"
    event = next(
        each
        for each in icalendar.Calendar.from_ical(body).walk("VEVENT")
        if each["UID"] == str(meeting.uid)
    )
    assert str(event["DESCRIPTION"]) == meeting.summary
    assert event["GEO"].to_ical() == "43.6;1.45"
    assert event["URL"].endswith(f"/agenda/rencontres/{meeting.slug}/")
    assert event["CATEGORIES"].cats[0] == theme.name
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt
    assert event["DTSTAMP"].dt == meeting.updated_at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("start", "utc"),
    [
        (paris(2027, 3, 28, 1, 30), "2027-03-28T00:30:00Z"),
        (paris(2027, 3, 28, 3, 30), "2027-03-28T01:30:00Z"),
        (paris(2026, 10, 25, 2, 30), "2026-10-25T00:30:00Z"),
        (paris(2026, 10, 25, 2, 30, fold=1), "2026-10-25T01:30:00Z"),
        (paris(2026, 10, 25, 3, 30), "2026-10-25T02:30:00Z"),
        (paris(2031, 7, 14, 18, 0), "2031-07-14T16:00:00Z"),
        (paris(2031, 12, 14, 18, 0), "2031-12-14T17:00:00Z"),
    ],
)
def test_instants_hold_across_both_changes_of_hour(client, start, utc):
    make_event(starts_at=start.astimezone(datetime.UTC))
    assert only(by_all(body_of(client.get(WHOLE))))["start"] == utc


def test_an_overseas_meeting_carries_its_own_zone(client):
    start = datetime.datetime(2027, 7, 1, 18, 0, tzinfo=ZoneInfo("Indian/Reunion"))
    make_event(starts_at=start, timezone="Indian/Reunion")
    make_event(starts_at=paris(2027, 7, 1, 18, 0))
    body = body_of(client.get(WHOLE))
    assert b"DTSTART;TZID=Indian/Reunion:20270701T180000\r\n" in body
    zones = icalendar.Calendar.from_ical(body).walk("VTIMEZONE")
    assert [str(zone["TZID"]) for zone in zones] == ["Europe/Paris", "Indian/Reunion"]
    assert sorted(each["start"] for each in by_all(body).values()) == [
        "2027-07-01T14:00:00Z",
        "2027-07-01T16:00:00Z",
    ]


def test_every_precision_of_an_item_is_whole_days_of_its_own_zone(client):
    agenda = make_agenda(timezone="Indian/Reunion")
    for precision in Precision:
        make_item(
            agenda=agenda,
            precision=precision,
            window=DateRange(datetime.date(2028, 1, 1), datetime.date(2028, 2, 1)),
        )
    read = by_all(body_of(client.get(WHOLE)))
    assert {(each["start"], each["end"]) for each in read.values()} == {
        ("2028-01-01", "2028-02-01")
    }
    assert len(read) == 4


def test_a_move_is_the_same_entry_with_a_higher_sequence(client):
    event = make_event()
    before = by_all(body_of(client.get(WHOLE)))
    etag = client.get(WHOLE)["ETag"]
    Event.objects.filter(pk=event.pk).update(
        starts_at=event.starts_at + datetime.timedelta(days=7),
        ends_at=event.ends_at + datetime.timedelta(days=7),
        sequence=1,
        updated_at=timezone.now(),
    )
    response = client.get(WHOLE, headers={"if-none-match": etag})
    after = by_all(body_of(response))
    assert before.keys() == after.keys()
    assert (only(before)["sequence"], only(after)["sequence"]) == (0, 1)
    assert only(before)["start"] < only(after)["start"]


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (EventState.CANCELLED, "Annulé\u00a0: Rencontre"),
        (EventState.POSTPONED, "Reporté\u00a0: Rencontre"),
    ],
)
def test_nobody_is_sent_to_what_does_not_take_place(client, state, title):
    event = make_event(title="Rencontre", state=state, closing_reason="La salle est en travaux.")
    body = body_of(client.get(WHOLE))
    assert only(by_all(body))["status"] == "CANCELLED"
    assert only(by_all(body))["title"] == title
    assert b"La salle est en travaux." in body
    assert only(by_icalendar(calendar_of(event)))["status"] == "CANCELLED"


def test_what_is_sure_is_told(client):
    statuses = {
        Certainty.ANNOUNCED: "TENTATIVE",
        Certainty.MOVED: "TENTATIVE",
        Certainty.IN_PROGRESS: "CONFIRMED",
        Certainty.DONE: "CONFIRMED",
        Certainty.DROPPED: "CANCELLED",
    }
    items = {
        str(make_item(certainty=each, drop_reason="Abandonné.", announced_at=timezone.now(),
                      endorsed_at=timezone.now()).uid): status
        for each, status in statuses.items()
    }  # fmt: skip
    read = by_all(body_of(client.get(WHOLE)))
    assert {uid: each["status"] for uid, each in read.items()} == items


def test_what_is_not_public_is_in_no_feed(client):
    make_item(certainty=Certainty.VALIDATED)
    make_event(state=EventState.DRAFT)
    make_event(process=make_process(published_at=None))
    for path in (WHOLE, "/agenda/agenda.json", "/agenda/flux.atom"):
        assert b"VEVENT" not in body_of(client.get(path))
    assert by_all(body_of(client.get(WHOLE))) == {}


def test_phases_and_restitutions_of_processes_are_there(client):
    process = make_process(restitution_due_on=datetime.date(2027, 5, 3), title="Le parc")
    activity = make_activity(process=process, title="Idées")
    opens = paris(2027, 1, 4, 9, 0)
    phase = Phase.objects.create(
        activity=activity, step=Step.COLLECT, title="Dépôt", period=(opens, None)
    )
    read = by_all(body_of(client.get(WHOLE)))
    assert read[f"phase-{phase.pk}@127.0.0.1"]["start"] == "2027-01-04T08:00:00Z"
    assert read[f"phase-{phase.pk}@127.0.0.1"]["end"] is None
    due = read[f"restitution-{process.pk}@127.0.0.1"]
    assert (due["start"], due["end"]) == ("2027-05-03", "2027-05-04")


def test_each_selection_has_its_feed(client):
    city = make_territory(kind="municipality", code="31555")
    place = make_territory(parent=city)
    theme, process = make_theme(slug="mobilites"), make_process(slug="plan-velo")
    rows = {
        "/agenda/themes/mobilites.ics": make_event(theme=theme),
        f"/agenda/territoires/{place.pk}.ics": make_event(territory=place),
        "/agenda/demarches/plan-velo.ics": make_event(process=process),
        "/agenda/conseils/conseil-de-quartier-nord.ics": make_event(
            council_body="Conseil de quartier Nord"
        ),
    }
    make_event()
    for path, event in rows.items():
        assert list(by_icalendar(body_of(client.get(path)))) == [str(event.uid)], path
        names = body_of(client.get(path.replace(".ics", ".json"))).decode()
        assert event.title in names
    around = by_icalendar(body_of(client.get(f"/agenda/territoires/{city.pk}.ics")))
    assert str(rows[f"/agenda/territoires/{place.pk}.ics"].uid) in around
    assert len(by_icalendar(body_of(client.get(WHOLE)))) == 5


@pytest.mark.parametrize(
    "path",
    ["themes/rien.ics", "territoires/999999.ics", "demarches/rien.ics", "conseils/rien.ics"],
)
def test_an_unknown_selection_is_not_an_empty_feed(client, path):
    assert client.get(f"/agenda/{path}").status_code == 404


def test_the_feed_of_a_process_not_yet_published_is_not_there(client):
    make_process(slug="secret", published_at=None)
    assert client.get("/agenda/demarches/secret.ics").status_code == 404


def test_one_event_is_the_same_entry_as_in_the_feed(client):
    event = make_event(venue=make_venue(point=Point(1.4, 43.6)), council_body="Conseil")
    in_feed = body_of(client.get(WHOLE)).split(b"BEGIN:VEVENT")[1].split(b"END:VEVENT")[0]
    alone = client.get(f"/agenda/rencontres/{event.slug}.ics")
    assert in_feed in alone.content
    assert alone.content == calendar_of(Event.objects.get(pk=event.pk))
    again = client.get(
        f"/agenda/rencontres/{event.slug}.ics", headers={"if-none-match": alone["ETag"]}
    )
    assert again.status_code == 304


def test_nothing_new_costs_one_query(client, django_assert_num_queries):
    make_event()
    first = client.get(WHOLE)
    for header, value in (
        ("if-none-match", first["ETag"]),
        ("if-modified-since", first["Last-Modified"]),
    ):
        with django_assert_num_queries(1):
            assert client.get(WHOLE, headers={header: value}).status_code == 304
    assert first["Cache-Control"] == "public, max-age=300"


def test_a_moved_phase_is_new_although_no_date_says_so(client):
    process = make_process()
    phase = Phase.objects.create(
        activity=make_activity(process=process),
        step=Step.COLLECT,
        title="Dépôt",
        period=(paris(2027, 1, 4, 9, 0), None),
    )
    first = client.get(WHOLE)
    phase.period = (paris(2027, 1, 11, 9, 0), None)
    phase.save(update_fields=["period"])
    again = client.get(WHOLE, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    ("path", "expected"), [(WHOLE, 6), ("/agenda/agenda.json", 5), ("/agenda/flux.atom", 3)]
)
def test_a_feed_costs_the_same_whatever_its_length(client, path, expected):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            body_of(client.get(path))
        return len(caught)

    make_event()
    assert queries() == expected
    for _number in range(3):
        make_event()
        make_item()
    assert queries() == expected


def test_five_thousand_entries_within_a_second_of_processor():
    at = timezone.now()
    lines = [
        rfc5545.Line(
            uid=f"{number}@essai",
            sequence=number % 3,
            starts_at=at + datetime.timedelta(hours=number),
            ends_at=at + datetime.timedelta(hours=number + 2),
            whole_days=False,
            timezone="Europe/Paris",
            title=f"Réunion publique du quartier {number}",
            text="Venez en parler ; l’équipe sera là, et vos élus aussi.\n" * 4,
            status="CONFIRMED",
            place="Salle des fêtes, 3 rue du Parvis",
            latitude=43.6,
            longitude=1.44,
            url=f"https://exemple.invalid/agenda/rencontres/reunion-{number}/",
            categories=("Mobilités", "Réunion publique"),
            updated_at=at,
        )
        for number in range(5000)
    ]
    start = time.process_time()
    pieces = list(
        rfc5545.calendar(lines, name="Agenda", url="https://x.invalid", zones=["Europe/Paris"])
    )
    assert time.process_time() - start < 1
    assert len(pieces) > 40  # sent as it is made


def test_atom_tells_the_latest_change_first(client):
    old = make_event(title="Ancienne")
    Event.objects.filter(pk=old.pk).update(updated_at=timezone.now() - datetime.timedelta(days=3))
    make_event(title="Nouvelle", summary="Venez <b>tous</b>.")
    root = ElementTree.fromstring(body_of(client.get("/agenda/flux.atom")))
    space = "{http://www.w3.org/2005/Atom}"
    titles = [each.findtext(f"{space}title") for each in root.iter(f"{space}entry")]
    assert titles == ["Nouvelle", "Ancienne"]
    ids = [each.findtext(f"{space}id") for each in root.iter(f"{space}entry")]
    assert ids[1] == f"urn:parvis:agenda:event-{old.pk}:0"


def test_atom_says_when_by_the_clocks_of_the_place_and_no_finer_than_known(client):
    make_item(
        window=DateRange(datetime.date(2027, 3, 1), datetime.date(2027, 6, 1)),
        precision=Precision.SEASON,
    )
    make_event(starts_at=paris(2027, 7, 1, 0, 30))
    root = ElementTree.fromstring(body_of(client.get("/agenda/flux.atom")))
    summaries = [each.text for each in root.iter("{http://www.w3.org/2005/Atom}summary")]
    assert "jeudi 1er juillet 2027, de 00:30 à 02:30" in summaries[0]
    assert "· printemps 2027" in summaries[1]


def test_json_tells_each_documented_field(client):
    event = make_event(starts_at=paris(2027, 7, 1, 18, 0), kind=EventKind.WORKSHOP)
    make_item(precision=Precision.MONTH)
    entry = next(each for each in _entries(client) if each["uid"] == str(event.uid))
    assert entry["starts"] == "2027-07-01T18:00:00+02:00"
    assert entry["kind"] == "workshop"
    assert entry["status"] == "confirmed"
    documented = (_docs().split("### Le fil JSON")[1]).split("###")[0]
    for field in entry:
        assert f"`{field}`" in documented, field


def _entries(client) -> list[dict]:
    import json

    return json.loads(body_of(client.get("/agenda/agenda.json")))["entries"]


def _docs() -> str:
    from django.conf import settings

    return (settings.ROOT / "docs/agenda.md").read_text()


# What I follow


def test_a_private_feed_holds_what_its_owner_follows_and_where_they_registered(client):
    person, process = make_user(), make_process()
    activity = make_activity(process=make_process())
    mine = make_event(process=process)
    through = make_event(process=activity.process)
    booked = make_event()
    make_seating(booked)
    make_registration(booked, user=person)
    left = make_event()
    make_seating(left)
    make_registration(left, user=person, state=RegistrationState.CANCELLED)
    make_event(process=make_process())
    now = timezone.now()
    Follow.objects.create(user=person, process=process, created_at=now)
    Follow.objects.create(user=person, activity=activity, created_at=now)
    secret = open_feed(user=person, at=now)
    response = client.get(f"/agenda/suivi/{secret}.ics")
    body = body_of(response)
    assert set(by_all(body)) == {str(each.uid) for each in (mine, through, booked)}
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert secret.encode() not in body.replace(b"\r\n ", b"")


def test_only_the_fingerprint_is_kept(client):
    secret = open_feed(user=make_user(), at=timezone.now())
    key = FeedKey.objects.get()
    assert len(key.digest) == 32
    assert secret.encode() not in bytes(key.digest)


def test_a_revoked_address_says_so_and_another_one_is_unknown(client, caplog):
    person = make_user()
    first = open_feed(user=person, at=timezone.now())
    second = open_feed(user=person, at=timezone.now())
    gone = client.get(f"/agenda/suivi/{first}.ics")
    assert gone.status_code == 410
    assert "révoquée" in gone.content.decode()
    assert client.get(f"/agenda/suivi/{second}.ics").status_code == 200
    assert revoke_feed(user=person, at=timezone.now())
    assert not revoke_feed(user=person, at=timezone.now())
    assert client.get(f"/agenda/suivi/{second}.ics").status_code == 410
    assert client.get(f"/agenda/suivi/{first[:-1]}.ics").status_code == 404
    assert first not in caplog.text
    assert first[:-1] not in caplog.text


def test_a_closed_account_closes_its_feed(client):
    person = make_user()
    secret = open_feed(user=person, at=timezone.now())
    person.is_active = False
    person.save()
    assert client.get(f"/agenda/suivi/{secret}.ics").status_code == 404


def test_the_address_is_shown_once(client, site_is_set_up):
    person = make_user()
    client.force_login(person)
    assert "adresse-privee" not in client.get("/agenda/mon-agenda/").content.decode()
    made = client.post("/agenda/mon-agenda/creer/")
    address = made.context["address"]
    assert address in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    again = client.get("/agenda/mon-agenda/").content.decode()
    assert address not in again
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
    followed = client.get(reverse("space:follows")).content.decode()
    assert reverse("agenda:revoke_feed") in followed
    client.post("/agenda/mon-agenda/revoquer/")
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 410


def test_a_visitor_has_no_private_feed_to_make(client):
    assert client.post("/agenda/mon-agenda/creer/").status_code == 302
    assert client.get("/agenda/mon-agenda/creer/").status_code == 405
    assert not FeedKey.objects.exists()
    assert not AgendaItem.objects.exists()
