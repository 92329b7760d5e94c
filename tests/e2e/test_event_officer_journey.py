"""An officer writes, publishes and moves a meeting; a resident reads when it now takes place."""

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from participation.agenda.choices import EventState
from participation.agenda.models import Event, Speaker
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.agenda import make_event, make_theme, make_venue


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


def test_write_publish_move_then_read(
    visit_desktop: Visitor, visit_phone: Visitor, officer: Any
) -> None:
    make_theme("Mobilités")
    make_venue(name="Salle du Lac", address="3 rue du Lac")
    day = timezone.now().date() + datetime.timedelta(days=30)
    visit = visit_desktop
    sign_in(visit, officer.email)
    page = visit.open_office("/gestion/agenda/rencontres/nouvelle/")
    main = page.get_by_role("main")
    main.locator("[name=kind]").select_option("public_meeting")
    main.locator("[name=title]").fill("Réunion du plan vélo")
    main.locator("[name=theme]").select_option(label="Mobilités")
    main.locator("[name=day]").fill(day.isoformat())
    main.locator("[name=start]").fill("20:30")
    main.locator("[name=end]").fill("18:30")
    main.locator("[name=venue]").select_option(label="Salle du Lac")
    visit.press(main.get_by_role("button", name="Enregistrer"))
    expect(page.get_by_role("alert").first).to_contain_text("La fin doit venir après")
    visit.check_office()
    main.locator("[name=start]").fill("18:30")
    main.locator("[name=end]").fill("20:30")
    visit.press(main.get_by_role("button", name="Enregistrer"))
    visit.check_office()
    event = Event.objects.get()
    assert event.state == EventState.DRAFT

    visit.press(main.get_by_role("link", name="Programme"))
    main.locator("[name=starts_at]").fill("18:30")
    main.locator("[name=title]").fill("Accueil")
    visit.press(main.get_by_role("button", name="Enregistrer"))
    visit.check_office()
    board = f"/gestion/agenda/rencontres/{event.pk}/"
    visit.open_office(board)
    visit.press(main.get_by_role("button", name="Publier la rencontre"))

    visit.press(main.get_by_role("link", name="Déplacer", exact=True))
    visit.check_office()
    later = day + datetime.timedelta(days=7)
    main.locator("[name=day]").fill(later.isoformat())
    main.locator("[name=reason]").fill("La salle est en travaux.")
    visit.press(main.get_by_role("button", name="Déplacer la rencontre"))
    visit.check_office()
    event.refresh_from_db()
    assert (event.local_start.date(), event.sequence) == (later, 1)
    for screen in ("modifier/", "etapes/", "documents/", "couts/", "inscription/", "annuler/"):
        visit.open_office(board + screen)
    visit.open_office("/gestion/agenda/rencontres/")

    for reader in (visit_phone, visit_desktop):
        read = reader.open(f"/agenda/rencontres/{event.slug}/").get_by_role("main")
        expect(read).to_contain_text("La salle est en travaux.")
        expect(read).to_contain_text("Accueil")


def test_speakers_are_put_in_order_with_buttons(
    visit_desktop: Visitor, visit_phone: Visitor, officer: Any
) -> None:
    event = make_event()
    for place, name in enumerate(["Ana", "Bilal", "Chloé"]):
        Speaker.objects.create(event=event, name=name, position=place)
    address = f"/gestion/agenda/rencontres/{event.pk}/intervenants/"

    def names() -> list[str]:
        return list(Speaker.objects.order_by("position").values_list("name", flat=True))

    visit = visit_desktop
    sign_in(visit, officer.email)
    page = visit.open_office(address)
    main = page.get_by_role("main")
    # What is first has no way up, what is last no way down.
    expect(main.get_by_role("button", name="Monter : Ana")).to_have_count(0)
    expect(main.get_by_role("button", name="Descendre : Chloé")).to_have_count(0)
    visit.press(main.get_by_role("button", name="Monter : Chloé"))
    expect(page.get_by_text(re.compile("Chloé.*au rang 2")).first).to_be_visible()
    assert names() == ["Ana", "Chloé", "Bilal"]
    visit.check_office()
    # With the keyboard alone, on a telephone.
    sign_in(visit_phone, officer.email)
    page = visit_phone.open_office(address)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Descendre : Ana").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert names() == ["Chloé", "Ana", "Bilal"]
    visit_phone.check_office()
