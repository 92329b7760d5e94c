"""The door: people checked in once, what is sent late, walk-ins, heads; and its pages."""

import datetime
import io
import json
import uuid

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.accounts.marks import person_mark
from participation.agenda import links, services
from participation.agenda.choices import EventState, RegistrationState
from participation.agenda.models import CheckIn, HeadCount, WalkIn
from participation.agenda.queries.after import attendance
from participation.agenda.queries.door import find_by_code
from participation.core.verdict import Refused
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
QUEUE = {"x-parvis-queue": "1"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event():
    event = make_event(in_hours=-1)
    make_seating(event, capacity=50)
    return event


@pytest.fixture
def greeter():
    return make_user(permissions=("agenda.welcome_events",))


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.codes


def enter(event, row, actor, *, key=None, people=None, at=None, arrived_at=None):
    at = at or timezone.now()
    return services.check_in(
        event=event,
        registration=row,
        people=people,
        key=key or uuid.uuid4(),
        arrived_at=arrived_at or at,
        actor=actor,
        at=at,
    )


def test_a_party_is_checked_in_once(event, greeter):
    row, key = make_registration(event, seats=3), uuid.uuid4()
    made = enter(event, row, greeter, key=key)
    assert enter(event, row, greeter, key=key).pk == made.pk
    row.refresh_from_db()
    assert (row.arrived, row.arrived_at) == (3, made.arrived_at)
    assert codes(lambda: enter(event, row, greeter)) == ("already_in",)
    assert CheckIn.objects.count() == 1


def test_part_of_a_party_may_come(event, greeter):
    row = make_registration(event, seats=3)
    assert codes(lambda: enter(event, row, greeter, people=4)) == ("wrong_number",)
    assert codes(lambda: enter(event, row, greeter, people=0)) == ("wrong_number",)
    assert enter(event, row, greeter, people=2).people == 2


@pytest.mark.parametrize(
    "state", [s for s in RegistrationState if s != RegistrationState.CONFIRMED]
)
def test_only_a_seat_lets_in(event, greeter, now, state):
    row = make_registration(event, state=state, offered_until=now)
    assert codes(lambda: enter(event, row, greeter)) == ("not_registered",)


def test_tickets_of_elsewhere_do_not_let_in(event, greeter):
    other = make_event()
    make_seating(other)
    assert codes(lambda: enter(event, make_registration(other), greeter)) == ("other_event",)
    assert codes(lambda: enter(event, None, greeter)) == ("unknown_ticket",)


def test_those_who_welcome_check_in_others_do_not(event):
    row = make_registration(event)
    assert codes(lambda: enter(event, row, make_user())) == ("not_allowed",)
    assert enter(event, row, make_agenda_officer()).people == 1


def test_the_door_opens_before_and_closes_after(event, greeter):
    row = make_registration(event)
    early, late = event.starts_at - 7 * HOUR, event.ends_at + 24 * HOUR
    assert codes(lambda: enter(event, row, greeter, at=early)) == ("too_early",)
    assert codes(lambda: enter(event, row, greeter, at=late)) == ("too_late",)
    event.state = EventState.CANCELLED
    assert codes(lambda: enter(event, row, greeter)) == ("event_off",)


def test_what_is_sent_late_keeps_its_time_unless_it_cannot_be(event, greeter, now):
    noted = now - datetime.timedelta(minutes=40)
    rows = [make_registration(event) for _number in range(3)]
    assert enter(event, rows[0], greeter, at=now, arrived_at=noted).arrived_at == noted
    assert enter(event, rows[1], greeter, at=now, arrived_at=now + HOUR).arrived_at == now
    long_ago = event.starts_at - 48 * HOUR
    assert enter(event, rows[2], greeter, at=now, arrived_at=long_ago).arrived_at == now


def test_a_mistake_is_undone_once_and_the_person_may_come(event, greeter, now):
    row = make_registration(event)
    made = enter(event, row, greeter)
    for _time in range(2):
        services.undo_check_in(event=event, key=made.pk, actor=greeter, at=now)
    row.refresh_from_db()
    assert (row.arrived, row.arrived_at) == (0, None)
    again = enter(event, row, greeter)
    # A late copy of the first undoing does not undo the second arrival.
    services.undo_check_in(event=event, key=made.pk, actor=greeter, at=now)
    row.refresh_from_db()
    assert row.arrived_at == again.arrived_at
    # Nor does a late copy of the first arrival make a third.
    assert enter(event, row, greeter, key=made.pk).pk == made.pk
    unknown = uuid.uuid4()
    assert codes(
        lambda: services.undo_check_in(event=event, key=unknown, actor=greeter, at=now)
    ) == ("unknown_check_in",)


def test_walk_ins_and_heads_make_the_attendance(event, greeter, now):
    enter(event, make_registration(event, seats=2), greeter)
    key = uuid.uuid4()
    for _time in range(2):
        services.walk_in(
            event=event, name="", people=3, key=key, arrived_at=now, actor=greeter, at=now
        )
    assert WalkIn.objects.get().people == 3
    assert attendance(event=event)[0]["value"] == 5
    for _time in range(2):
        services.count_heads(
            event=event, people=9, walk_ins=4, submission_key=key, actor=greeter, at=now
        )
    assert HeadCount.objects.count() == 1
    assert attendance(event=event)[0]["value"] == 9
    assert codes(
        lambda: services.count_heads(
            event=event, people=3, walk_ins=4, submission_key=uuid.uuid4(), actor=greeter, at=now
        )
    ) == ("wrong_number",)


def test_the_name_of_a_walk_in_is_forgotten_the_number_stays(greeter):
    event = make_event(in_hours=-24 * 400)
    WalkIn.objects.create(
        event=event, name="Ana", people=2, arrived_at=event.starts_at, noted_by=greeter
    )
    services.forget_old_registrations(at=timezone.now())
    row = WalkIn.objects.get()
    assert (row.name, row.people) == ("", 2)


def test_tickets_and_links_are_read(event):
    row = make_registration(event)
    token = links.signed(row.pk, links.REGISTRATION)
    link = reverse("agenda:registration", args=[event.slug, token])
    for code in (str(row.ticket), f" {str(row.ticket).upper()}\n", token, f"https://x.org{link}"):
        assert find_by_code(event=event, code=code) == row
    for code in ("", "n'importe quoi", str(uuid.uuid4()), f"{link[:-3]}abc", "x" * 600):
        assert find_by_code(event=event, code=code) is None


# ── Pages ───────────────────────────────────────────────────────────────────────────────────────


def door(name, event, *args):
    return reverse(f"agenda:{name}", args=[event.pk, *args])


def send(client, event, **said):
    said.setdefault("key", str(uuid.uuid4()))
    answer = client.post(door("door_note", event), said, headers=QUEUE)
    return json.loads(answer.content)


def test_who_may_welcome_comes_in_others_do_not(client: Client, event, greeter):
    pages = [reverse("agenda:doors")] + [
        door(name, event) for name in ("door", "door_count", "door_sheet")
    ]
    for page in pages:
        assert client.get(page).status_code == 302
    assert client.post(door("door_note", event), {}).status_code == 302
    client.force_login(make_user())
    for page in pages:
        assert client.get(page).status_code == 403
    assert client.post(door("door_note", event), {}).status_code == 403
    client.force_login(greeter)
    for page in pages:
        assert client.get(page).status_code == 200


def test_drafts_have_no_door(client: Client, greeter):
    client.force_login(greeter)
    event = make_event(state=EventState.DRAFT)
    for name in ("door", "door_count", "door_state"):
        params = {"person": person_mark(greeter)} if name == "door_state" else {}
        assert client.get(door(name, event), params).status_code == 404


def test_buttons_check_in_and_undo_without_a_script(client: Client, event, greeter):
    row = make_registration(event, name="Lou Garonne", seats=2)
    client.force_login(greeter)
    key = str(uuid.uuid4())
    said = {"act": "in", "registration": row.pk, "people": 1, "key": key}
    page = client.post(door("door_note", event), said, follow=True).content.decode()
    assert "Lou Garonne" in page
    row.refresh_from_db()
    assert row.arrived == 1
    client.post(door("door_note", event), {"act": "out", "key": key})
    row.refresh_from_db()
    assert row.arrived == 0
    client.post(door("door_note", event), {"act": "walk", "people": 2, "key": str(uuid.uuid4())})
    walked = WalkIn.objects.get()
    client.post(door("door_note", event), {"act": "unwalk", "key": str(walked.key)})
    assert not WalkIn.objects.exists()


def test_a_queue_sends_each_once_and_reads_conflicts(client: Client, event, greeter, now):
    row = make_registration(event, name="Lou Garonne")
    client.force_login(greeter)
    key = str(uuid.uuid4())
    noted = (now - datetime.timedelta(minutes=20)).isoformat()
    said = {"act": "in", "code": str(row.ticket), "key": key, "at": noted}
    for _time in range(2):
        assert send(client, event, **said)["done"] is True
    assert CheckIn.objects.get().arrived_at.isoformat() == noted
    refused = send(client, event, act="in", registration=row.pk)
    when = (
        f"{row.event.zone and (now - datetime.timedelta(minutes=20)).astimezone(event.zone):%H:%M}"
    )
    assert refused["done"] is False
    assert when in refused["reasons"][0]
    assert send(client, event, act="in", code="faux")["done"] is False
    assert send(client, event, act="dance")["done"] is False


def test_a_code_wins_over_what_the_page_believed(client: Client, event, greeter):
    """A link made by hand names a registration that its signature does not."""
    row = make_registration(event)
    client.force_login(greeter)
    forged = "/inscription/" + links.signed(row.pk, "something else")
    assert send(client, event, act="in", code=forged, registration=row.pk)["done"] is False
    assert not CheckIn.objects.exists()


def test_the_state_is_for_who_asks_and_may_welcome(client: Client, event, greeter):
    row = make_registration(event)
    mark = person_mark(greeter)
    assert "rows" not in client.get(door("door_state", event), {"person": mark}).json()
    client.force_login(greeter)
    said = client.get(door("door_state", event), {"person": mark}).json()
    assert said["rows"] == {str(row.pk): ["", 0, ""]}
    assert said["token"]
    enter(event, row, greeter)
    assert client.get(door("door_state", event), {"person": mark}).json()["present"] == 1
    assert client.get(door("door_state", event), {"person": "x"}).json() == {"person": mark}
    visitor = make_user()
    client.force_login(visitor)
    said = client.get(door("door_state", event), {"person": person_mark(visitor)}).json()
    assert "rows" not in said


def test_names_at_the_door_come_without_needs(client: Client, event, greeter):
    make_registration(event, name="Lou Garonne", needs="Fauteuil roulant")
    client.force_login(greeter)
    page = client.get(door("door", event)).content.decode()
    assert "Lou Garonne" in page
    assert "Fauteuil roulant" not in page


def test_the_camera_is_for_the_page_of_the_door_alone(client: Client, event, greeter):
    client.force_login(greeter)
    assert "camera=(self)" in client.get(door("door", event)).headers["Permissions-Policy"]
    assert "camera=()" in client.get(door("door_count", event)).headers["Permissions-Policy"]


def text_of(answer):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer)).pages)


def test_the_list_to_print_has_a_box_each_and_needs_for_who_may(client: Client, event, greeter):
    make_registration(event, name="Lou Garonne", seats=2, needs="Fauteuil roulant")
    make_registration(event, name="Partie", state=RegistrationState.CANCELLED)
    client.force_login(greeter)
    words = text_of(client.get(door("door_sheet", event)).content)
    assert "Lou Garonne" in words
    assert words.count("☐") == 2
    assert "Fauteuil roulant" not in words
    assert "Partie" not in words
    client.force_login(make_agenda_officer())
    assert "Fauteuil roulant" in text_of(client.get(door("door_sheet", event)).content)


DOOR_QUERIES = 12


@pytest.mark.parametrize("number", [1, 3])
def test_the_door_asks_a_constant_number_of_queries(
    client: Client, event, greeter, site_is_set_up, django_assert_num_queries, number
):
    for _time in range(number):
        make_registration(event)
        enter(event, make_registration(event), greeter)
    client.force_login(greeter)
    with django_assert_num_queries(DOOR_QUERIES):
        assert client.get(door("door", event)).status_code == 200
