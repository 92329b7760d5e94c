"""The day of a meeting: its list in the back office, then its door on a phone, with the network and
without it."""

import datetime
import io
from typing import Any

import pytest
import qrcode
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from participation.agenda import links, services
from participation.agenda.choices import RegistrationState
from participation.agenda.models import CheckIn, Event, HeadCount, Registration, WalkIn
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, run_queue, sign_in
from tests.factories.agenda import make_event, make_registration, make_seating, make_venue

OFFLINE = "Pas de réseau"


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


@pytest.fixture
def greeter(_site: None) -> Any:
    return make_staff("Accueil des rencontres", email="accueil@example.org", password=PASSWORD)


@pytest.fixture
def meeting(_site: None) -> Event:
    """A meeting that begins in half an hour: five registered, one who waits."""
    event = make_event(
        title="Réunion du plan vélo",
        slug="plan-velo",
        venue=make_venue(name="Salle du Lac", address="3 rue du Lac"),
        in_hours=0.5,
    )
    make_seating(event, capacity=8, reserved=2)
    make_registration(event, name="Lou Garonne", email="lou@example.org")
    make_registration(event, name="Éva Adour", seats=3, needs="Place pour un fauteuil roulant")
    make_registration(event, name="Théo Lot")
    make_registration(event, name="Iris Tarn", state=RegistrationState.WAITING)
    return event


def row_of(name: str) -> Registration:
    return Registration.objects.get(name=name)


def line(page: Page, name: str) -> Any:
    return page.locator("[data-rows] > li", has_text=name)


def door_of(meeting: Event) -> str:
    return reverse("agenda:door", args=[meeting.pk])


def picture_of(text: str) -> bytes:
    held = io.BytesIO()
    qrcode.make(text, box_size=6).save(held)
    return held.getvalue()


def is_kept(page: Page) -> None:
    """Wait until the worker keeps this page."""
    kept = """async () => navigator.serviceWorker.controller !== null
      && Boolean(await caches.match(location.href, { ignoreVary: true }))"""
    for _time in range(100):
        if page.evaluate(kept):
            return
        page.wait_for_timeout(200)
    raise AssertionError("The page is not kept.")


def test_a_copy_of_the_list_that_failed_is_made_a_moment_later(
    visit_phone: Visitor, meeting: Event, greeter: Any
) -> None:
    asked: list[str] = []

    def fail_its_copy_once(route: Route) -> None:
        asked.append(route.request.resource_type)
        if len(asked) == 2:  # the page itself comes first
            route.fulfill(status=503)
        else:
            route.continue_()

    sign_in(visit_phone, greeter.email)
    visit_phone.context.route(visit_phone.base_url + door_of(meeting), fail_its_copy_once)
    page = visit_phone.open(door_of(meeting))
    is_kept(page)
    assert len(asked) == 3
    page.context.set_offline(True)
    page.reload()
    expect(line(page, "Lou Garonne")).to_be_visible()


def test_an_officer_lists_registers_cancels_and_prints(
    visit: Visitor, meeting: Event, officer: Any
) -> None:
    sign_in(visit, officer.email)
    page = visit.open_office(f"/gestion/agenda/rencontres/{meeting.pk}/inscrits/")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Lou Garonne")
    visit.press(main.get_by_role("link", name="Théo Lot"))
    visit.check_office()
    visit.press(main.get_by_role("link", name="Annuler cette inscription"))
    visit.check_office()
    main.locator("[name=reason]").fill("La salle est plus petite que prévu.")
    visit.press(main.get_by_role("button", name="Annuler cette inscription"))
    visit.check_office()
    assert row_of("Théo Lot").state == RegistrationState.CANCELLED
    run_queue()
    assert any("La salle est plus petite" in message.body for message in mail.outbox)
    page = visit.open_office(f"/gestion/agenda/rencontres/{meeting.pk}/inscrits/inscrire/")
    main.locator("[name=name]").fill("Noé Aude")
    visit.press(main.get_by_role("button", name="Inscrire cette personne"))
    visit.check_office()
    expect(main).to_contain_text("Noé Aude")
    visit.open_office(f"/gestion/agenda/rencontres/{meeting.pk}/inscrits/place-gardee/")
    pdf = page.request.get(visit.base_url + reverse("agenda:door_sheet", args=[meeting.pk]))
    assert pdf.headers["content-type"] == "application/pdf"


def test_who_welcomes_finds_the_door_and_checks_in(
    visit: Visitor, meeting: Event, greeter: Any
) -> None:
    sign_in(visit, greeter.email)
    page = visit.open("/participer/mon-espace/")
    visit.press(page.get_by_role("link", name="Accueillir aux rencontres"))
    visit.check()
    visit.press(page.get_by_role("link", name="Réunion du plan vélo"))
    visit.check()
    expect(page.get_by_text("fauteuil")).to_have_count(0)

    note = reverse("agenda:door_note", args=[meeting.pk])
    eva = line(page, "Éva Adour")
    eva.get_by_role("combobox").select_option("2")
    # The page shows an arrival at once, and its server may know it a little later.
    with page.expect_response(lambda answer: answer.url.endswith(note)):
        eva.get_by_role("button", name="Pointer").click()
    expect(eva).to_contain_text("Arrivée à")
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert row_of("Éva Adour").arrived == 2
    visit.check()
    with page.expect_response(lambda answer: answer.url.endswith(note)):
        eva.get_by_role("button", name="Annuler").click()
    expect(eva.get_by_role("button", name="Pointer")).to_be_visible()
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert row_of("Éva Adour").arrived == 0

    page.get_by_label("Chercher un nom").fill("eva")
    expect(line(page, "Lou Garonne")).to_be_hidden()
    expect(eva).to_be_visible()
    page.get_by_label("Chercher un nom").fill("")

    visit.press(page.get_by_role("link", name="Comptage"))
    visit.check()
    page.get_by_label("Personnes dans la salle").fill("14")
    visit.press(page.get_by_role("button", name="Enregistrer ce comptage"))
    visit.check()
    assert HeadCount.objects.get().people == 14


def test_tickets_are_read_in_pictures_and_typed(
    visit_phone: Visitor, meeting: Event, greeter: Any
) -> None:
    sign_in(visit_phone, greeter.email)
    page = visit_phone.open(door_of(meeting))
    lou, theo = row_of("Lou Garonne"), row_of("Théo Lot")
    picture = {"name": "billet.png", "mimeType": "image/png"}
    page.locator("[data-picture]").set_input_files(
        {**picture, "buffer": picture_of(str(lou.ticket))}
    )
    expect(page.locator("[data-said]")).to_contain_text("Lou Garonne")
    expect(line(page, "Lou Garonne")).to_contain_text("Arrivée à")
    link = reverse(
        "agenda:registration", args=[meeting.slug, links.signed(theo.pk, links.REGISTRATION)]
    )
    page.locator("[data-picture]").set_input_files(
        {**picture, "buffer": picture_of(f"https://parvis.example{link}")}
    )
    expect(line(page, "Théo Lot")).to_contain_text("Arrivée à")
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert CheckIn.objects.count() == 2
    page.get_by_label("Ou taper le code").fill(str(lou.ticket))
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("déjà")
    page.get_by_label("Ou taper le code").fill("un autre code")
    page.keyboard.press("Enter")
    expect(page.locator("[data-queue]")).to_contain_text("pas un billet")
    visit_phone.check()
    page.get_by_role("button", name="Mettre de côté").click()
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert CheckIn.objects.count() == 2


def test_without_the_network_each_arrival_is_sent_once(
    visit_phone: Visitor, meeting: Event, greeter: Any, officer: Any
) -> None:
    sign_in(visit_phone, greeter.email)
    page = visit_phone.open(door_of(meeting))
    is_kept(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-net]")).to_contain_text(OFFLINE)
    line(page, "Lou Garonne").get_by_role("button", name="Pointer").click()
    line(page, "Éva Adour").get_by_role("button", name="Pointer").click()
    line(page, "Théo Lot").get_by_role("button", name="Pointer").click()
    line(page, "Théo Lot").get_by_role("button", name="Annuler").click()
    page.get_by_label("Nombre de personnes").fill("2")
    page.get_by_role("button", name="Noter l’arrivée").click()
    queue = page.locator("[data-queue]")
    expect(queue).to_contain_text("3 saisies attendent le réseau")
    visit_phone.check()
    assert not CheckIn.objects.exists()
    noted = timezone.now()

    # Opened again, still without the network: nothing is lost.
    page.reload()
    expect(queue).to_contain_text("3 saisies attendent le réseau")
    expect(line(page, "Lou Garonne")).to_contain_text("Arrivée à")
    # Meanwhile a colleague checks the same person in.
    services.check_in(
        event=meeting,
        registration=row_of("Éva Adour"),
        people=None,
        key="6ad6f8a5-59a1-4c0f-90a6-6d5f0f5ddb4b",
        arrived_at=timezone.now(),
        actor=officer,
        at=timezone.now(),
    )
    page.context.set_offline(False)
    expect(queue).to_contain_text("À regarder : 1")
    expect(queue).to_contain_text("Arrivée déjà notée à")
    expect(page.locator("[data-net]")).not_to_contain_text(OFFLINE)
    visit_phone.check()
    assert CheckIn.objects.filter(registration__name="Lou Garonne").count() == 1
    assert CheckIn.objects.filter(registration__name="Éva Adour").count() == 1
    assert row_of("Théo Lot").arrived == 0
    assert WalkIn.objects.get().people == 2
    arrived = row_of("Lou Garonne").arrived_at
    assert arrived is not None
    assert arrived < noted + datetime.timedelta(seconds=1)
    page.reload()
    expect(page.locator("[data-present]")).to_have_text("6")
    assert CheckIn.objects.count() == 2


def test_an_answer_that_is_lost_makes_no_second_arrival(
    visit_phone: Visitor, meeting: Event, greeter: Any
) -> None:
    sign_in(visit_phone, greeter.email)
    page = visit_phone.open(door_of(meeting))
    note = reverse("agenda:door_note", args=[meeting.pk])
    lost = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())  # the site wrote it
        route.abort()

    page.route(f"**{note}", lose)
    line(page, "Lou Garonne").get_by_role("button", name="Pointer").click()
    expect(page.locator("[data-queue]")).to_contain_text("1 saisie attend le réseau")
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert CheckIn.objects.count() == 1


def test_the_door_needs_no_script(
    visit_without_javascript: Visitor, meeting: Event, greeter: Any
) -> None:
    visit = visit_without_javascript
    sign_in(visit, greeter.email)
    page = visit.page
    page.goto(visit.base_url + door_of(meeting))
    page.get_by_label("Chercher un nom").fill("Garonne")
    visit.press(page.get_by_role("button", name="Rechercher").last)
    visit.press(line(page, "Lou Garonne").get_by_role("button", name="Pointer"))
    assert row_of("Lou Garonne").arrived == 1
    visit.press(line(page, "Lou Garonne").get_by_role("button", name="Annuler"))
    assert row_of("Lou Garonne").arrived == 0
    visit.press(page.get_by_role("button", name="Noter l’arrivée"))
    assert WalkIn.objects.count() == 1
