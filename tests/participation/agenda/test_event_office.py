"""The back office of events, screen by screen."""

import datetime
import io

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from participation.agenda.choices import EventKind, EventState
from participation.agenda.models import BudgetLine, Event, EventDocument, Seating, Stop
from participation.agenda.services.ordering import move_part
from participation.agenda.services.organising import adopt_as_stop
from participation.core import registry
from participation.core.verdict import Refused
from participation.mapping.services.follow_up import adopt
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
    make_theme,
    make_venue,
)
from tests.factories.mapping import make_map_contribution

pytestmark = pytest.mark.django_db

LIST_QUERIES = 12
DAY = datetime.timedelta(days=1)


@pytest.fixture
def officer():
    return make_agenda_officer()


@pytest.fixture
def desk(officer, client: Client) -> Client:
    client.force_login(officer)
    return client


def url(name: str, *args) -> str:
    return reverse(f"agenda_event:{name}", args=args)


def typed(**fields) -> dict:
    """What a browser sends of the form of an event."""
    day = (timezone.now() + 20 * DAY).date()
    return {
        "kind": "workshop",
        "title": "Atelier vélo",
        "theme": make_theme().pk,
        "day": day.isoformat(),
        "start": "18:30",
        "end": "20:30",
        "timezone": "Europe/Paris",
        "attendance": "in_person",
        "address": "Place du Capitole",
        **fields,
    }


def test_only_those_who_run_events_come_in(client: Client):
    event = make_event()
    client.force_login(make_user(is_staff=True, permissions=("wagtailadmin.access_admin",)))
    for page in (url("index"), url("new"), url("board", event.pk), url("move", event.pk)):
        assert client.get(page).status_code in (302, 403)


def test_an_officer_writes_publishes_and_moves_an_event(desk: Client):
    answer = desk.post(url("new"), typed())
    event = Event.objects.get()
    assert answer.url == url("board", event.pk)
    assert (event.local_start.hour, event.local_end.hour) == (18, 20)
    assert desk.get(url("board", event.pk)).status_code == 200
    desk.post(url("publish", event.pk))
    event.refresh_from_db()
    assert event.state == EventState.SCHEDULED
    day = (event.local_start + DAY).date().isoformat()
    form = {"day": day, "start": "19:00", "end": "21:00", "address": "Salle des fêtes"}
    refused = desk.post(url("move", event.pk), form)
    assert refused.status_code == 422
    desk.post(url("move", event.pk), {**form, "reason": "La place est en travaux"})
    event.refresh_from_db()
    assert (event.address, event.local_start.hour) == ("Salle des fêtes", 19)
    page = desk.get(reverse("agenda:event", args=[event.slug])).content.decode()
    assert "La place est en travaux" in page


def test_an_hour_that_does_not_exist_is_refused_in_the_form(desk: Client):
    answer = desk.post(url("new"), typed(day="2027-03-28", start="02:30", end="04:00"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["start"]
    assert not Event.objects.exists()


def test_an_end_before_its_start_is_refused_in_the_form(desk: Client):
    answer = desk.post(url("new"), typed(end="17:00"))
    assert answer.status_code == 422
    assert not Event.objects.exists()


def test_a_taken_room_comes_back_as_a_sentence(desk: Client):
    venue = make_venue()
    first = make_event(venue=venue, title="Conseil de quartier")
    draft = make_event(venue=venue, starts_at=first.starts_at, state=EventState.DRAFT)
    page = desk.post(url("publish", draft.pk), follow=True)
    assert "Conseil de quartier" in page.content.decode()


def test_the_other_buttons_call_their_services(desk: Client):
    event = make_event()
    desk.post(url("postpone", event.pk), {"reason": "Grève"})
    event.refresh_from_db()
    assert event.state == EventState.POSTPONED
    when = event.local_start + DAY
    new_date = {
        "day": when.date().isoformat(),
        "start": "18:00",
        "end": "20:00",
        "address": event.address,
        "reason": "Reprise",
    }
    desk.post(url("move", event.pk), new_date)
    event.refresh_from_db()
    assert event.state == EventState.SCHEDULED
    desk.post(url("copy", event.pk), {"day": when.date().isoformat(), "start": "10:00"})
    assert Event.objects.filter(state=EventState.DRAFT).count() == 1
    desk.post(url("cancel", event.pk), {"reason": "Orage"})
    event.refresh_from_db()
    assert event.state == EventState.CANCELLED
    begun = make_event(in_hours=-1)
    desk.post(url("hold", begun.pk))
    begun.refresh_from_db()
    assert begun.state == EventState.HELD


def test_rows_are_added_changed_and_removed(desk: Client):
    event = make_event()
    desk.post(url("speakers", event.pk), {"name": "Nadia Ferrand", "role": "Urbaniste"})
    desk.post(url("programme", event.pk), {"starts_at": "18:30", "title": "Accueil"})
    desk.post(url("logistics", event.pk), {"label": "Clés", "owner": "Accueil", "done": "on"})
    desk.post(url("asked", event.pk), {"label": "Repas ?", "kind": "yes_no"})
    desk.post(
        url("stops", event.pk),
        {"title": "Fontaine", "place_kind": "point", "place_vertices": "43.6045, 1.4442"},
    )
    assert event.speakers.get().role == "Urbaniste"
    assert event.programme.get().title == "Accueil"
    assert event.logistics.get().done_at is not None
    assert event.questions.get().label == "Repas ?"
    stop = event.stops.get()
    assert (stop.position, round(stop.point.x, 4), round(stop.point.y, 4)) == (1, 1.4442, 43.6045)
    desk.post(url("speakers_one", event.pk, event.speakers.get().pk), {"name": "N. Ferrand"})
    assert event.speakers.get().name == "N. Ferrand"
    desk.post(url("part_remove", event.pk, "speakers", event.speakers.get().pk))
    assert not event.speakers.exists()


def test_costs_are_typed_in_euros_and_added_up_in_cents(desk: Client):
    event = make_event()
    desk.post(url("costs", event.pk), {"label": "Son", "planned_euros": "300.50"})
    desk.post(
        url("costs", event.pk), {"label": "Eau", "planned_euros": "20", "spent_euros": "18.9"}
    )
    assert list(BudgetLine.objects.order_by("pk").values_list("planned", "spent")) == [
        (30050, None),
        (2000, 1890),
    ]
    total = desk.get(url("costs", event.pk)).context["total"]
    assert "320,50" in total
    assert "18,90" in total


def picture() -> SimpleUploadedFile:
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "domicile"
    Image.new("RGB", (40, 30), "teal").save(held, "JPEG", exif=exif)
    return SimpleUploadedFile("vacances.jpg", held.getvalue(), "image/jpeg")


def test_a_photo_is_written_again_and_described(desk: Client):
    event = make_event()
    form = {"kind": "photo", "title": "La salle", "file": picture()}
    assert desk.post(url("documents", event.pk), form).status_code == 422
    desk.post(url("documents", event.pk), {**form, "file": picture(), "alt": "Une salle pleine"})
    row = EventDocument.objects.get()
    assert "vacances" not in row.file.name
    assert b"domicile" not in row.file.read()
    assert row.consent is False


def test_a_file_that_is_none_is_refused(desk: Client):
    event = make_event()
    form = {
        "kind": "document",
        "title": "Plan",
        "file": SimpleUploadedFile("plan.pdf", b"<html><script>"),
    }
    assert desk.post(url("documents", event.pk), form).status_code == 422
    assert not EventDocument.objects.exists()


def test_seats_never_go_under_those_taken(desk: Client):
    event = make_event()
    make_registration(make_seating(event, capacity=5).event, seats=3)
    seating = Seating.objects.get()
    form = {
        "capacity": 2,
        "reserved": 0,
        "companions": 1,
        "opens_at": "2026-01-01T10:00",
        "closes_at": f"{event.local_start:%Y-%m-%dT%H:%M}",
        "offer_hours": 24,
        "reminder_hours": "48, 3",
    }
    assert desk.post(url("seating", event.pk), form).status_code == 422
    assert desk.post(url("seating", event.pk), {**form, "capacity": 8}).status_code == 302
    seating.refresh_from_db()
    assert (seating.capacity, seating.taken, seating.reminders) == (8, 3, [48, 3])


def test_a_poster_is_printed_in_two_sizes(desk: Client):
    event = make_event(title="Réunion <b>publique</b>", sign_language=True)
    widths = []
    for size in ("a4", "a3"):
        answer = desk.get(url("poster", event.pk, size))
        assert answer["Content-Type"] == "application/pdf"
        (page,) = PdfReader(io.BytesIO(answer.content)).pages
        read = " ".join(page.extract_text().split())
        assert "Réunion <b>publique</b>" in read
        assert "langue des signes" in read.lower()
        widths.append(round(page.mediabox.width / 72 * 2.54, 1))
    assert widths == [21.0, 29.7]
    assert desk.get(url("poster", event.pk, "a0")).status_code == 404


def test_rooms_are_added_and_changed(desk: Client):
    desk.post(reverse("agenda_venue:new"), {"name": "Salle 12", "address": "1 rue Pargaminières"})
    event = make_event()
    assert desk.get(reverse("agenda_venue:index")).status_code == 200
    page = desk.get(url("change", event.pk)).content.decode()
    assert "Salle 12" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    desk: Client, django_assert_num_queries, count
):
    for _ in range(count):
        make_event(venue=make_venue())
    desk.get(url("index"))
    with django_assert_num_queries(LIST_QUERIES):
        desk.get(url("index"))


def test_the_list_begins_with_what_comes_next_then_later_and_the_past_last(desk: Client):
    hours = {"Dans un mois": 720, "Hier": -24, "En cours": -1, "Demain": 24, "Il y a un mois": -720}
    for title, in_hours in hours.items():
        make_event(title=title, in_hours=in_hours)
    for place in range(30):  # more than a page
        make_event(title=f"Ensuite {place:02}", in_hours=1000 + place)
    shown = [
        event.title
        for page in (1, 2)
        for event in desk.get(url("index"), {"p": page}).context["object_list"]
    ]
    later = [f"Ensuite {place:02}" for place in range(30)]
    assert shown == ["En cours", "Demain", "Dans un mois", *later, "Hier", "Il y a un mois"]


def test_every_screen_of_an_event_opens(desk: Client):
    event = make_event(kind=EventKind.VISIT)
    names = "board change move postpone cancel copy seating programme speakers documents stops"
    for name in (*names.split(), "logistics", "costs", "asked"):
        assert desk.get(url(name, event.pk)).status_code == 200, name
    assert not Stop.objects.exists()


def test_a_map_contribution_becomes_a_stop_of_a_visit_once():
    actor = make_user(is_staff=True, permissions=("mapping.follow_up_map", "agenda.run_events"))
    row = make_map_contribution(title="Fontaine à sec", geometry=Point(1.45, 43.6, srid=4326))
    visit = make_event(kind=EventKind.VISIT)
    make_event()
    (offered,) = [each for each in registry.destinations() if each.key == "visit-stop"]
    places = [value for value, _label in offered.places(actor, timezone.now())]
    assert places == [str(visit.pk)]
    trace = adopt(
        contribution=row,
        destination="visit-stop",
        place=str(visit.pk),
        actor=actor,
        at=timezone.now(),
    )
    stop = visit.stops.get()
    assert (stop.title, stop.contribution) == ("Fontaine à sec", row.contribution)
    assert trace.path == reverse("agenda:event", args=[visit.slug])
    with pytest.raises(Refused) as again:
        adopt_as_stop(
            contribution=row.contribution, place=str(visit.pk), actor=actor, at=timezone.now()
        )
    assert again.value.verdict.codes == ("unfit",)
    assert offered.places(make_user(), timezone.now()) == []


def titles(event):
    return [stop.title for stop in event.stops.order_by("position")]


def test_stops_change_places_and_the_ends_stay(desk: Client):
    event = make_event()
    stops = [
        Stop.objects.create(event=event, position=number, title=name, point=Point(1.44, 43.6))
        for number, name in ((1, "Fontaine"), (4, "Marché"), (9, "École"))
    ]

    def move(stop, way):
        return desk.post(url("part_order", event.pk, "stops", stop.pk), {"way": way})

    page = desk.get(url("stops", event.pk)).content.decode()
    assert (page.count('value="up"'), page.count('value="down"')) == (2, 2)
    assert move(stops[2], "up").status_code == 302
    assert titles(event) == ["Fontaine", "École", "Marché"]
    move(stops[0], "down")
    assert titles(event) == ["École", "Fontaine", "Marché"]
    move(stops[2], "up")
    move(stops[1], "down")
    assert titles(event) == ["École", "Fontaine", "Marché"]
    assert list(event.stops.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
    assert move(stops[0], "sideways").status_code == 400
    for name in ("part_order", "part_remove"):
        assert desk.post(url(name, event.pk, "nothing", stops[0].pk)).status_code == 404


def test_what_has_no_order_is_not_ordered(desk: Client):
    event = make_event()
    desk.post(url("programme", event.pk), {"starts_at": "18:30", "title": "Accueil"})
    row = event.programme.get()
    answer = desk.post(url("part_order", event.pk, "programme", row.pk), {"way": "up"})
    assert answer.status_code == 400


def test_only_who_runs_events_orders_their_rows():
    event = make_event()
    stop = Stop.objects.create(event=event, position=1, title="Fontaine", point=Point(1.44, 43.6))
    with pytest.raises(Refused):
        move_part(part=stop, earlier=True, actor=make_user())
