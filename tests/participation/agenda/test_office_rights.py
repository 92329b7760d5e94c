"""The back office of events and the door: who enters where, for every address."""

import io

import pytest
import tablib
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import resolve, reverse
from django.utils import timezone

from participation.agenda.choices import OutcomeKind, QuestionKind, RegistrationState
from participation.agenda.models import (
    BudgetLine,
    LogisticsTask,
    Outcome,
    ProgrammeEntry,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
    Speaker,
    Stop,
)
from participation.agenda.office.menu import agenda_group
from participation.core.roles import ROLES
from tests.factories.accounts import make_moderator, make_user
from tests.factories.agenda import (
    make_agenda_officer,
    make_event,
    make_registration,
    make_seating,
)
from tests.participation.office import opened

pytestmark = pytest.mark.django_db

ENTER = "wagtailadmin.access_admin"
JOBS = {
    "run": "agenda.run_events",
    "welcome": "agenda.welcome_events",
    "plan": "agenda.plan_agenda",
    "endorse": "agenda.endorse_agenda",
}
RUN, DOOR = {"run"}, {"run", "welcome"}
LIST_QUERIES = 14


def url(name, *args):
    return reverse(f"agenda_event:{name}", args=args)


@pytest.fixture
def event():
    event = make_event(in_hours=1)
    make_seating(event, capacity=20, reserved=3)
    return event


@pytest.fixture
def world(event):
    """One of each, and the addresses with the jobs that open them."""
    from django.contrib.gis.geos import Point

    row = make_registration(event, name="Lou Garonne", needs="Fauteuil roulant")
    speaker = Speaker.objects.create(event=event, name="Nadia", position=1)
    entry = ProgrammeEntry.objects.create(event=event, starts_at="18:30", title="Accueil")
    stop = Stop.objects.create(
        event=event, title="Gare", position=1, point=Point(1.4, 43.6, srid=4326)
    )
    task = LogisticsTask.objects.create(event=event, label="Clés")
    cost = BudgetLine.objects.create(event=event, label="Café", planned=1000)
    asked = RegistrationQuestion.objects.create(
        event=event, label="Repas ?", kind=QuestionKind.YES_NO
    )
    outcome = Outcome.objects.create(event=event, kind=OutcomeKind.DECISION, text="Oui")
    one = event.pk
    get, post = "get", "post"
    return [
        (get, url("index"), RUN),
        (get, url("new"), RUN),
        (post, url("new"), RUN),
        (get, url("board", one), RUN),
        (get, url("change", one), RUN),
        (post, url("change", one), RUN),
        (post, url("publish", one), RUN),
        *(
            (method, url(name, one), RUN)
            for name in ("move", "postpone", "cancel", "copy", "repeat")
            for method in (get, post)
        ),
        (post, url("hold", one), RUN),
        (post, url("publish_series", one), RUN),
        (get, url("poster", one, "a4"), RUN),
        (get, url("seating", one), RUN),
        (post, url("seating", one), RUN),
        *(
            (get, url(name, one), RUN)
            for name in (
                *("programme", "speakers", "documents", "stops", "logistics", "costs", "asked"),
                *("minutes", "outcomes", "heard"),
            )
        ),
        *(
            (post, url(name, one), RUN)
            for name in (
                *("programme", "speakers", "documents", "stops", "logistics", "costs", "asked"),
                *("minutes", "outcomes", "heard"),
            )
        ),
        *(
            (post, url(f"{place}_one", one, part.pk), RUN)
            for place, part in (
                *(("programme", entry), ("speakers", speaker), ("stops", stop)),
                *(("logistics", task), ("costs", cost), ("asked", asked)),
            )
        ),
        (post, url("outcome", one, outcome.pk), RUN),
        (get, url("programme_one", one, entry.pk), RUN),
        (get, url("speakers_one", one, speaker.pk), RUN),
        (get, url("stops_one", one, stop.pk), RUN),
        (get, url("logistics_one", one, task.pk), RUN),
        (get, url("costs_one", one, cost.pk), RUN),
        (get, url("asked_one", one, asked.pk), RUN),
        (get, url("outcome", one, outcome.pk), RUN),
        (get, url("questions", one), DOOR),
        (post, url("questions", one), DOOR),
        (get, url("registrations", one), RUN),
        (get, url("registrations_results", one), RUN),
        (get, url("registrations_export", one), RUN),
        (get, url("register", one), RUN),
        (post, url("register", one), RUN),
        (get, url("kept_seat", one), RUN),
        (post, url("kept_seat", one), RUN),
        (get, url("registration", one, row.pk), RUN),
        (get, url("registration_cancel", one, row.pk), RUN),
        (post, url("registration_cancel", one, row.pk), RUN),
        (get, reverse("agenda:doors"), DOOR),
        (get, reverse("agenda:door", args=[one]), DOOR),
        (get, reverse("agenda:door_count", args=[one]), DOOR),
        (post, reverse("agenda:door_count", args=[one]), DOOR),
        (get, reverse("agenda:door_sheet", args=[one]), DOOR),
        (post, reverse("agenda:door_note", args=[one]), DOOR),
        (post, url("part_order", one, "speakers", speaker.pk), RUN),
        (post, url("part_remove", one, "speakers", speaker.pk), RUN),
    ]


@pytest.mark.parametrize("person", ["anonymous", "resident", "editor", "moderator", "suspended"])
def test_nobody_else_opens_any_address(client, world, person):
    user = {
        "anonymous": lambda: None,
        "resident": make_user,
        "editor": lambda: make_user(is_staff=True, permissions=(ENTER, "wagtailcore.change_page")),
        "moderator": make_moderator,
        "suspended": lambda: make_agenda_officer(is_active=False),
    }[person]()
    assert opened(client, user, world) == []


@pytest.mark.parametrize("job", JOBS)
def test_each_job_opens_its_own_addresses_and_no_other(client, world, job):
    user = make_user(is_staff=True, permissions=(ENTER, JOBS[job]))
    expected = [f"{method} {address}" for method, address, jobs in world if job in jobs]
    assert opened(client, user, world) == expected


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_each_group_of_staff_opens_what_is_its_job(client, world, role):
    call_command("setup_roles", stdout=io.StringIO())
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=role.name))
    jobs = {
        "Administration du site": DOOR,
        "Participation": DOOR,
        "Accueil des rencontres": {"welcome"},
    }.get(role.name, set())
    expected = [f"{method} {address}" for method, address, asked in world if asked & jobs]
    assert opened(client, user, world) == expected


def test_who_welcomes_needs_no_back_office(client, world):
    user = make_user(permissions=("agenda.welcome_events",))
    expected = [
        f"{method} {address}"
        for method, address, jobs in world
        if jobs == DOOR and not address.startswith("/gestion/")
    ]
    assert opened(client, user, world) == expected


def test_the_matrix_forgets_no_address_of_the_desk_of_events(world):
    tested = {resolve(address).view_name for _method, address, _jobs in world}
    (desk,) = [desk for desk in agenda_group.items if desk.name == "agenda_event"]
    routes = {desk.get_url_name(pattern.name) for pattern in desk.get_urlpatterns()}
    assert routes - tested == {"agenda_event:index_results"}  # the same view as its index


# ── The screens of registrations ────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(client):
    client.force_login(make_agenda_officer())
    return client


def test_the_list_counts_finds_and_filters(desk, event):
    make_registration(event, name="Lou Garonne", seats=2)
    make_registration(event, name="Ana Adour", needs="Boucle magnétique")
    make_registration(event, name="Théo Lot", state=RegistrationState.WAITING)
    make_registration(event, name="Iris Tarn", state=RegistrationState.CANCELLED)
    make_registration(event, name="Noé Aude", on_reserved_seat=True)
    answer = desk.get(url("registrations", event.pk))
    counts = answer.context["counts"]
    assert (counts.confirmed, counts.people, counts.waiting, counts.cancelled) == (3, 4, 1, 1)
    assert counts.kept == 1

    def names(**params):
        page = desk.get(url("registrations_results", event.pk), params)
        return {row.name for row in page.context["object_list"]}

    assert names(q="garon") == {"Lou Garonne"}
    assert names(state="waiting") == {"Théo Lot"}
    assert names(needs="true") == {"Ana Adour"}
    assert names(kept="true") == {"Noé Aude"}
    assert names(came="true") == set()
    Registration.objects.filter(name="Ana Adour").update(arrived=1, arrived_at=timezone.now())
    assert names(came="true") == {"Ana Adour"}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_a_constant_number_of_queries(desk, event, django_assert_num_queries, number):
    for _time in range(number):
        make_registration(event)
    desk.get(url("registrations", event.pk))
    with django_assert_num_queries(LIST_QUERIES):
        assert desk.get(url("registrations", event.pk)).status_code == 200


def typed(form, **said):
    return {"key": str(form.initial["key"]), "language": "fr", **said}


def test_a_caller_is_registered_and_a_kept_seat_given(desk, event):
    form = desk.get(url("register", event.pk)).context["form"]
    said = typed(form, name="Lou Garonne", companions=1)
    for _click in range(2):
        answer = desk.post(url("register", event.pk), said)
        assert answer.url == url("registrations", event.pk)
    assert Registration.objects.get().seats == 2
    form = desk.get(url("kept_seat", event.pk)).context["form"]
    said = typed(form, name="Ana Adour", email="ana@exemple.invalid", companions=0)
    desk.post(url("kept_seat", event.pk), said)
    assert Registration.objects.get(on_reserved_seat=True).name == "Ana Adour"


@pytest.mark.parametrize("screen", ["register", "kept_seat"])
def test_who_registers_somebody_else_is_spoken_to(desk, event, screen):
    page = desk.get(url(screen, event.pk))
    form = page.context["form"]
    labels = [str(form[name].label) for name in ("name", "email")]
    assert labels == ["Nom de la personne", "Adresse électronique de la personne"]
    refused = desk.post(url(screen, event.pk), typed(form, companions=0)).context["form"]
    assert refused.errors["name"] == [
        "Indiquez le nom de la personne\N{NO-BREAK SPACE}: il est lu à l’entrée."
    ]
    words = [str(bound.label) + str(bound.help_text) for bound in refused.visible_fields()]
    assert len(words) > 3
    assert not [word for word in words if "otre " in word or "ous " in word]


def test_a_refusal_is_said_in_the_form(desk, event):
    make_registration(event, email="lou@exemple.invalid")
    form = desk.get(url("register", event.pk)).context["form"]
    said = typed(form, name="Lou", email="lou@exemple.invalid", companions=0)
    assert desk.post(url("register", event.pk), said).status_code == 422
    bare = make_event()
    assert desk.get(url("register", bare.pk)).status_code == 200
    assert desk.post(url("register", bare.pk), {}).status_code == 200


def test_one_registration_is_read_and_cancelled_with_a_reason(desk, event):
    row = make_registration(event, name="Lou Garonne", needs="Boucle magnétique")
    asked = RegistrationQuestion.objects.create(
        event=event, label="Repas ?", kind=QuestionKind.YES_NO
    )
    RegistrationAnswer.objects.create(registration=row, question=asked, text="yes")
    page = desk.get(url("registration", event.pk, row.pk)).content.decode()
    assert "Boucle magnétique" in page
    assert "Repas\u00a0?" in page
    cancel = url("registration_cancel", event.pk, row.pk)
    assert desk.post(cancel, {"reason": ""}).status_code == 422
    desk.post(cancel, {"reason": "La salle est plus petite."})
    row.refresh_from_db()
    assert (row.state, row.closed_reason) == ("cancelled", "La salle est plus petite.")
    other = make_event()
    assert desk.get(url("registration", other.pk, row.pk)).status_code == 404


def test_the_list_leaves_as_a_sheet_without_formulas(desk, event):
    row = make_registration(event, name="=1+1", needs="Boucle")
    make_registration(event, name="Partie", state=RegistrationState.CANCELLED)
    asked = RegistrationQuestion.objects.create(event=event, label="Mot", kind=QuestionKind.TEXT)
    RegistrationAnswer.objects.create(registration=row, question=asked, text="Bonjour")
    answer = desk.get(url("registrations_export", event.pk), {"state": "confirmed"})
    sheet = tablib.Dataset().load(answer.content.decode("utf-8-sig"), "csv", delimiter=";")
    assert sheet["Nom"] == ["'=1+1"]
    assert (sheet["Besoins d’accessibilité"], sheet["Mot"]) == (["Boucle"], ["Bonjour"])
    answer = desk.get(url("registrations_export", event.pk), {"format": "xlsx", "q": "partie"})
    book = tablib.Dataset().load(answer.content, "xlsx")
    assert book["Nom"] == ["Partie"]
