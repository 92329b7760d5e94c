"""The back office of the agenda but its events (see `test_office_rights`): every address, read and
written to, by every group of staff and by nobody's."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from participation.accounts.models import User
from participation.agenda.choices import Certainty
from participation.agenda.models import (
    AgendaItem,
    FeedKey,
    ProcessTheme,
    ReservedPeriod,
    Venue,
)
from participation.agenda.office.citing import meeting_chooser
from participation.agenda.office.menu import agenda_group
from participation.core.roles import ROLES
from tests.factories.accounts import make_user
from tests.factories.agenda import (
    make_agenda,
    make_event_proposal,
    make_item,
    make_theme,
    make_venue,
)
from tests.factories.core import make_process
from tests.participation.office import opened

pytestmark = pytest.mark.django_db

ADMIN, OFFICER, ELECTED, STUDY = (
    "Administration du site",
    "Participation",
    "Élus de l’agenda",
    "Instruction",
)
PLAN, PLANNING = {ADMIN, OFFICER}, {ADMIN, OFFICER, ELECTED}
RUN = {ADMIN, OFFICER}
SETTINGS, SETTINGS_READ = {ADMIN, OFFICER}, {ADMIN, OFFICER, ELECTED, STUDY}
STAFF = {role.name for role in ROLES}
Screen = tuple[str, str, set[str]]


@pytest.fixture
def screens() -> list[Screen]:
    """One of each row; each method and address with the groups that it opens to."""
    item = make_item(certainty=Certainty.IDEA)
    theme = make_theme("Mobilités")
    linked = ProcessTheme.objects.create(process=make_process(), theme=theme)
    reserve = ReservedPeriod.objects.create(
        label="Réserve",
        period=DateRange(timezone.localdate(), timezone.localdate().replace(year=2031)),
    )
    proposal = make_event_proposal()
    found: list[Screen] = [
        ("get", reverse("agenda_item:index"), PLANNING),
        ("get", reverse("agenda_item:index_results"), PLANNING),
        ("get", reverse("agenda_item:timeline"), PLANNING),
        ("get", reverse("agenda_item:board", args=[item.pk]), PLANNING),
        ("post", reverse("agenda_item:board", args=[item.pk]), PLANNING),
        ("get", reverse("agenda_proposal:index"), RUN),
        ("get", reverse("agenda_proposal:index_results"), RUN),
        ("get", reverse("agenda_venue:index"), RUN),
        ("get", reverse("agenda_venue:index_results"), RUN),
        ("get", reverse("agenda_meeting_chooser:choose"), STAFF),
        ("get", reverse("agenda_meeting_chooser:choose_results"), STAFF),
    ]
    for method in ("get", "post"):
        found += [
            (method, reverse("agenda_item:new"), PLAN),
            *(
                (method, reverse(f"agenda_item:{name}", args=[item.pk]), PLAN)
                for name in ("edit", "move", "drop")
            ),
            (method, reverse("agenda_import:index"), RUN),
            (method, reverse("agenda_proposal:one", args=[proposal.pk]), RUN),
            (method, reverse("agenda_venue:new"), RUN),
            (method, reverse("agenda_venue:one", args=[make_venue().pk]), RUN),
        ]
    for name, row in (
        ("agenda_themes", theme),
        ("agenda_process_themes", linked),
        ("agenda_mandates", item.agenda),
        ("agenda_reserved_periods", reserve),
    ):
        found += [
            ("get", reverse(f"{name}:index"), SETTINGS_READ),
            ("get", reverse(f"{name}:index_results"), SETTINGS_READ),
            ("get", reverse(f"{name}:usage", args=[row.pk]), SETTINGS),
            ("get", reverse(f"{name}:history", args=[row.pk]), SETTINGS),
            ("get", reverse(f"{name}:history_results", args=[row.pk]), SETTINGS),
        ]
        for method in ("get", "post"):
            found += [
                (method, reverse(f"{name}:add"), SETTINGS),
                (method, reverse(f"{name}:edit", args=[row.pk]), SETTINGS),
            ]
    for name, row in (("agenda_process_themes", linked), ("agenda_reserved_periods", reserve)):
        found.append(("get", reverse(f"{name}:delete", args=[row.pk]), SETTINGS))
    return found


def staff_of(name: str) -> User:
    call_command("setup_roles", stdout=io.StringIO())
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return user


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_each_group_opens_what_is_its_job(client: Client, screens: list[Screen], role: Any):
    expected = [f"{method} {address}" for method, address, groups in screens if role.name in groups]
    assert opened(client, staff_of(role.name), screens) == expected


@pytest.mark.parametrize("person", ["anonymous", "resident", "suspended"])
def test_nobody_else_opens_anything(client: Client, screens: list[Screen], person: str):
    user = None
    if person == "resident":
        user = make_user()
    elif person == "suspended":
        user = staff_of(ADMIN)
        user.is_active = False
        user.save()
    assert opened(client, user, screens) == []


def test_the_matrix_forgets_no_address(screens: list[Screen]):
    tested = {resolve(address).view_name for _method, address, _groups in screens}
    routes = {
        desk.get_url_name(pattern.name)
        for desk in (*agenda_group.items, meeting_chooser)
        if desk.name != "agenda_event"
        for pattern in desk.get_urlpatterns()
    }
    elsewhere = {"agenda_meeting_chooser:chosen"}  # in the tests of the pages that cite a meeting
    assert {route for route in routes if ":" in route} - tested == elsewhere


# ── What a wrong hand writes changes nothing, what a right one writes does ──────────────────────

VERBS = [
    ("propose", Certainty.IDEA, Certainty.PROPOSED, PLAN),
    ("validate", Certainty.PROPOSED, Certainty.VALIDATED, {ADMIN, OFFICER, ELECTED}),
    ("announce", Certainty.VALIDATED, Certainty.ANNOUNCED, PLAN),
    ("start", Certainty.ANNOUNCED, Certainty.IN_PROGRESS, PLAN),
    ("finish", Certainty.IN_PROGRESS, Certainty.DONE, PLAN),
]


@pytest.mark.parametrize("group", sorted(STAFF))
@pytest.mark.parametrize(("act", "before", "after", "groups"), VERBS)
def test_each_step_of_an_announcement_is_for_its_groups(
    client: Client, act: str, before: str, after: str, groups: set[str], group: str
):
    item = make_item(certainty=before, endorsed_at=timezone.now(), endorsed_by=make_user())
    client.force_login(staff_of(group))
    client.post(reverse("agenda_item:board", args=[item.pk]), {"act": act})
    item.refresh_from_db()
    assert item.certainty == (after if group in groups else before)


@pytest.mark.parametrize("group", sorted(STAFF))
def test_what_is_written_is_written_by_its_groups_alone(client: Client, group: str):
    item = make_item(title="Plan vélo", certainty=Certainty.IDEA)
    proposal = make_event_proposal()
    client.force_login(staff_of(group))
    dates = {"first": "2027-05-10", "last": "2027-05-12", "precision": "day"}
    said = {"title": "Plan marche", "kind": "consultation", "theme": item.theme_id}
    client.post(reverse("agenda_item:edit", args=[item.pk]), said)
    client.post(reverse("agenda_item:move", args=[item.pk]), dates)
    client.post(
        reverse("agenda_item:new"),
        {**said, **dates, "title": "Une idée", "agenda": make_agenda().pk},
    )
    client.post(reverse("agenda_venue:new"), {"name": "Salle du Lac", "address": "3 rue du Lac"})
    client.post(
        reverse("agenda_proposal:one", args=[proposal.pk]),
        {"act": "refuse", "answer": "La date est prise."},
    )
    item.refresh_from_db()
    proposal.refresh_from_db()
    done = (
        item.title,
        str(item.window.lower),
        AgendaItem.objects.filter(title="Une idée").exists(),
        Venue.objects.filter(name="Salle du Lac").exists(),
        proposal.state,
    )
    if group in PLAN:
        assert done == ("Plan marche", "2027-05-10", True, True, "refused")
    else:
        assert done[0] == "Plan vélo"
        assert done[1] != "2027-05-10"
        assert done[2:] == (False, False, "received")


def test_a_private_feed_is_made_and_revoked_by_its_owner_alone(client: Client):
    """Whoever asks gets their own: no address names somebody else's."""
    make, revoke = reverse("agenda:make_feed"), reverse("agenda:revoke_feed")
    for address in (make, revoke, reverse("agenda:my_feed")):
        assert client.get(address).status_code in (302, 405)
    client.post(make)
    assert not FeedKey.objects.exists()
    owner, other = make_user(), make_user()
    client.force_login(owner)
    client.post(make)
    client.force_login(other)
    client.post(revoke)
    key = FeedKey.objects.get()
    assert (key.user, key.revoked_at) == (owner, None)
    client.force_login(owner)
    client.post(revoke)
    key.refresh_from_db()
    assert key.revoked_at is not None
