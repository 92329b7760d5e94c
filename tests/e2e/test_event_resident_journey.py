"""A meeting from one end to the other: found near home, registered to without an account, a seat
that is freed, a date that moves, a mail for each; then held, and its minutes read."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.agenda import links, services
from participation.agenda.choices import EventState, RegistrationState
from participation.agenda.models import Event, Registration
from participation.agenda.services.events import Whereabouts, move_event
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, run_queue, sign_in
from tests.factories.accounts import make_territory
from tests.factories.agenda import make_event, make_registration, make_seating, make_venue
from tests.participation.agenda.calendars import by_all

REASON = "La salle est en travaux."


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


@pytest.fixture
def meeting(_site: None) -> Event:
    """A meeting in Villeneuve, whose only seat is taken; another one is far away."""
    make_territory("Villeneuve", bounds=(1.43, 43.59, 1.45, 43.61))
    near = make_venue(name="Salle du Lac", point=Point(1.44, 43.60, srid=4326))
    far = make_venue(name="Salle lointaine", point=Point(2.35, 48.85, srid=4326))
    event = make_event(title="Réunion du plan vélo", slug="plan-velo", venue=near)
    make_event(title="Réunion lointaine", venue=far)
    make_seating(event, capacity=1)
    make_registration(event, email="premiere@example.org")
    return event


def text_of(page: Page) -> Any:
    return page.get_by_role("main")


def last_mail_to(address: str) -> Any:
    """The last mail that this address got, once the queue is done."""
    run_queue()
    return [message for message in mail.outbox if message.to == [address]][-1]


def link_in(message: Any) -> str:
    found = re.search(r"https?://[^/\s]+(/agenda/\S+/inscription/\S+)", message.body)
    assert found is not None, message.body
    return found.group(1)


def test_registered_promoted_and_told_of_the_move(
    visit: Visitor, meeting: Event, officer: Any
) -> None:
    page = visit.open("/agenda/?vue=liste")
    page.locator(".a-filters__more summary").click()
    page.get_by_label("Adresse ou nom d’un lieu").fill("Villeneuve")
    visit.press(page.get_by_role("button", name="Appliquer"))
    visit.check()
    expect(text_of(page)).not_to_contain_text("Réunion lointaine")
    visit.press(text_of(page).get_by_role("link", name="Réunion du plan vélo"))
    visit.check()
    visit.press(page.get_by_role("link", name="Rejoindre la liste d’attente"))
    visit.check()

    visit.press(page.get_by_role("button", name="S’inscrire"))
    expect(text_of(page)).to_contain_text("Indiquez votre nom")
    visit.check()
    page.get_by_label("Votre nom").fill("Lou Garonne")
    page.get_by_label("Votre adresse électronique").fill("lou@example.org")
    visit.press(page.get_by_role("button", name="S’inscrire"))
    visit.check()
    ticket = link_in(last_mail_to("lou@example.org"))
    visit.open(ticket)
    visit.press(page.get_by_role("button", name="Confirmer mon inscription"))
    expect(text_of(page)).to_contain_text("place n° 1 dans la liste")
    visit.check()

    first = Registration.objects.get(email="premiere@example.org")
    services.cancel_registration(
        token=links.signed(first.pk, links.REGISTRATION), at=timezone.now()
    )
    offer = last_mail_to("lou@example.org")
    visit.open(link_in(offer))
    visit.press(page.get_by_role("button", name="Prendre la place"))
    expect(text_of(page).get_by_role("heading", name="Votre billet")).to_be_visible()
    visit.check()
    row = Registration.objects.get(email="lou@example.org")
    assert row.state == RegistrationState.CONFIRMED

    calendar = f"/agenda/rencontres/{meeting.slug}.ics"
    before = by_all(page.request.get(visit.base_url + calendar).body())
    later = meeting.starts_at + datetime.timedelta(days=7)
    to = Whereabouts(
        starts_at=later, ends_at=later + datetime.timedelta(hours=2), venue=meeting.venue
    )
    move_event(event=meeting, to=to, reason=REASON, actor=officer, at=timezone.now())
    told = last_mail_to("lou@example.org")
    assert [name for name, *_ in told.attachments] == ["rencontre.ics"]
    visit.open(f"/agenda/rencontres/{meeting.slug}/")
    expect(text_of(page)).to_contain_text(REASON)
    after = by_all(page.request.get(visit.base_url + calendar).body())
    assert after.keys() == before.keys()
    (uid,) = after
    assert after[uid]["sequence"] > before[uid]["sequence"]
    assert after[uid]["start"] == f"{later:%Y-%m-%dT%H:%M:%SZ}"


def test_held_written_approved_published_then_read(
    visit_desktop: Visitor, visit_phone: Visitor, meeting: Event, officer: Any
) -> None:
    Event.objects.filter(pk=meeting.pk).update(
        starts_at=timezone.now() - datetime.timedelta(hours=3),
        ends_at=timezone.now() - datetime.timedelta(hours=1),
    )
    office = visit_desktop
    sign_in(office, officer.email)
    board = f"/gestion/agenda/rencontres/{meeting.pk}/"
    page = office.open_office(board)
    office.press(page.get_by_role("button", name="La rencontre a eu lieu"))
    office.check_office()
    meeting.refresh_from_db()
    assert meeting.state == EventState.HELD

    office.press(page.get_by_role("link", name="Décisions et actions"))
    office.check_office()
    office.open_office(board)
    office.press(text_of(page).get_by_role("link", name="Compte rendu"))
    page.get_by_label("Compte rendu").fill("La piste de l’avenue sera faite au printemps.")
    office.press(page.get_by_role("button", name="Enregistrer le brouillon"))
    office.check_office()
    read = visit_phone.open(f"/agenda/rencontres/{meeting.slug}/")
    expect(text_of(read)).not_to_contain_text("La piste de l’avenue")
    office.press(page.get_by_role("button", name="Approuver ce qui est enregistré"))
    office.press(page.get_by_role("button", name="Publier le compte rendu"))
    office.check_office()
    read = visit_phone.open(f"/agenda/rencontres/{meeting.slug}/")
    expect(text_of(read)).to_contain_text("La piste de l’avenue sera faite au printemps.")
