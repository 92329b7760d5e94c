"""A desk on a tablet, the shared device, and lots keyed twice: by keyboard, in French."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from participation.budgets.models import Ballot, PaperLot, Poll, VoterRecord
from participation.electors.choices import Way
from participation.electors.models import Elector
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.budgets import cast
from tests.factories.paper import make_desk, make_desk_vote, make_paper_poll, make_person

pytestmark = pytest.mark.usefixtures("_site")

TABLET = {"width": 768, "height": 1024}


@pytest.fixture
def tablet(browser: Browser, live_server: Any) -> Iterator[Visitor]:
    """An agent's tablet."""
    context = browser.new_context(viewport=TABLET, locale="fr-FR", reduced_motion="reduce")
    visitor = Visitor(context, live_server.url)
    yield visitor
    visitor.leave()


@pytest.fixture
def second_tablet(browser: Browser, live_server: Any) -> Iterator[Visitor]:
    """Another device: the next desk, or the one that voters share."""
    context = browser.new_context(viewport=TABLET, locale="fr-FR", reduced_motion="reduce")
    visitor = Visitor(context, live_server.url)
    yield visitor
    visitor.leave()


def agent(role: str, email: str) -> Any:
    return make_staff(role, email=email, password=PASSWORD)


def shoot(visit: Visitor, name: str) -> None:
    """Keep a picture of the screen where the developer asks for one."""
    if folder := os.environ.get("SCREENSHOTS"):
        visit.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def poll(transactional_db: None) -> Poll:
    return make_desk_vote()


def test_a_desk_marks_a_person_and_another_desk_is_told(
    tablet: Visitor, second_tablet: Visitor, poll: Poll
) -> None:
    budget = poll.envelope.budget
    first = agent("Agent de bureau de vote", "bureau1@example.org")
    second = agent("Agent de bureau de vote", "bureau2@example.org")
    make_desk(budget, first, name="Mairie")
    make_desk(budget, second, name="Gare")
    marie = make_person(budget, "Dupont", "Marie", ways=[Way.DESK])
    cast(poll, list(poll.envelope.projects.all()[:1]), marie)

    sign_in(tablet, first.email)
    page = tablet.open_office("/gestion/budget/bureaux/")
    shoot(tablet, "desks")
    tablet.press(page.get_by_role("link", name="Tenir le bureau « Mairie »"))
    search = page.get_by_label("Nom, date de naissance ou numéro")
    expect(search).to_be_focused()
    search.fill("du mar")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tablet.check_office()
    shoot(tablet, "desk-search")
    assert "mar" not in page.url.rsplit("/", 2)[-1]
    found = page.get_by_role("link", name="Dupont Marie")
    expect(found).to_contain_text("A voté en ligne le")
    assert found.bounding_box()["height"] >= 44
    tablet.press(found)
    tablet.check_office()
    expect(page.get_by_role("main")).to_contain_text("dites-le-lui avant de confirmer")
    shoot(tablet, "desk-person")

    sign_in(second_tablet, second.email)
    other = second_tablet.open_office("/gestion/budget/bureaux/")
    second_tablet.press(other.get_by_role("link", name="Tenir le bureau « Gare »"))
    other.get_by_label("Nom, date de naissance ou numéro").fill("17/05/1985")
    second_tablet.press(other.get_by_role("button", name="Rechercher"))
    second_tablet.press(other.get_by_role("link", name="Dupont Marie"))

    tablet.press(page.get_by_role("button", name="Émarger : vote sur papier"))
    expect(page.locator(".messages")).to_contain_text("Remettez ces bulletins papier")
    expect(page.get_by_text("À ce bureau aujourd’hui").locator("..")).to_contain_text("1")
    second_tablet.press(other.get_by_role("button", name="Émarger : vote sur papier"))
    expect(other.get_by_role("alert")).to_contain_text("au bureau « Mairie »")
    second_tablet.check_office()
    shoot(second_tablet, "desk-refused")
    assert VoterRecord.objects.get().channel == "paper"

    other.get_by_text("La personne rend ce bulletin").click()
    other.get_by_label("Raison").fill("S’est trompée de bureau")
    shoot(second_tablet, "desk-back")
    second_tablet.press(other.get_by_role("button", name="Annuler l’émargement"))
    assert not VoterRecord.objects.exists()


def test_the_shared_device_keeps_nothing_of_a_voter(
    tablet: Visitor, second_tablet: Visitor, poll: Poll
) -> None:
    budget = poll.envelope.budget
    holder = agent("Agent de bureau de vote", "bureau3@example.org")
    desk = make_desk(budget, holder, name="Mairie")
    voter = make_person(budget, "Dupont", "Marie")
    sign_in(tablet, holder.email)
    page = tablet.open_office(f"/gestion/budget/bureaux/{desk.pk}/personne/{voter.pk}/")
    tablet.press(page.get_by_role("button", name="Donner un code"))
    code = page.locator(".parvis-one-code").inner_text()
    shoot(tablet, "desk-code")

    sign_in(second_tablet, holder.email)
    booth = second_tablet.open_office(f"/gestion/budget/bureaux/{desk.pk}/borne/")
    shoot(second_tablet, "kiosk-start")
    second_tablet.press(booth.get_by_role("button", name="Faire de ce navigateur la borne"))
    second_tablet.check()
    shoot(second_tablet, "kiosk")
    booth.goto(second_tablet.base_url + "/gestion/")
    expect(booth.get_by_role("heading", name="Voter ici")).to_be_visible()
    booth.get_by_label("Code donné par l’agent").fill("000 000" if code != "000 000" else "1")
    second_tablet.press(booth.get_by_role("button", name="Commencer"))
    expect(booth.get_by_role("main")).to_contain_text("Ce code est faux")
    booth.get_by_label("Code donné par l’agent").fill(code)
    second_tablet.press(booth.get_by_role("button", name="Commencer"))
    second_tablet.check()
    shoot(second_tablet, "kiosk-vote")
    expect(booth.get_by_role("main")).not_to_contain_text("Vous ne pouvez pas voter")
    inside = booth.url
    second_tablet.press(booth.get_by_role("button", name="Terminer et tout effacer"))
    expect(booth.get_by_role("heading", name="Voter ici")).to_be_visible()
    booth.go_back()
    cookies = {cookie["name"] for cookie in second_tablet.context.cookies()}
    assert "sessionid" not in cookies
    response = booth.goto(inside)
    assert "no-store" in response.headers["cache-control"]
    assert Elector.objects.get(pk=voter.pk).voter_records.count() == 0


def test_lots_are_keyed_twice_arbitrated_and_counted(
    tablet: Visitor, second_tablet: Visitor, visit_desktop: Visitor, transactional_db: None
) -> None:
    poll = make_paper_poll(2)
    officer = agent("Participation", "agente@example.org")
    keyers = [agent("Agent de dépouillement", f"saisie{n}@example.org") for n in (1, 2)]
    sign_in(visit_desktop, officer.email)
    page = visit_desktop.open_office("/gestion/budget/papier/")
    shoot(visit_desktop, "paper-home")
    visit_desktop.press(page.get_by_role("link", name=poll.envelope.name))
    page.get_by_label("Bulletins dans ce lot").fill("3")
    visit_desktop.press(page.get_by_role("button", name="Constituer le lot suivant"))
    expect(page.get_by_role("main")).to_contain_text("peuvent encore recevoir 2 bulletins")
    page.get_by_label("Bulletins dans ce lot").fill("2")
    visit_desktop.press(page.get_by_role("button", name="Constituer le lot suivant"))
    visit_desktop.check_office()
    shoot(visit_desktop, "paper-poll")

    for visit, keyer, lines in (
        (tablet, keyers[0], ["1 2", "3"]),
        (second_tablet, keyers[1], ["2 1", "4"]),
    ):
        sign_in(visit, keyer.email)
        screen = visit.open_office("/gestion/budget/papier/")
        visit.press(screen.get_by_role("link", name="Saisir le lot 1"))
        visit.press(screen.get_by_role("button", name="Commencer la saisie de ce lot"))
        line = screen.get_by_label("Bulletin P-001-01", exact=True)
        expect(line).to_be_focused()
        line.fill("1 2 3 4")
        with screen.expect_navigation():
            screen.keyboard.press("Enter")
        expect(screen.get_by_role("alert")).to_contain_text("tapez n3")
        visit.check_office()
        shoot(visit, f"keying-refused-{keyer.pk}")
        for place, typed in enumerate(lines, start=1):
            screen.get_by_label(f"Bulletin P-001-0{place}", exact=True).fill(typed)
            with screen.expect_navigation():
                screen.keyboard.press("Enter")
        visit.check_office()
        shoot(visit, f"keying-{keyer.pk}")
        visit.press(screen.get_by_role("button", name="Ma saisie est terminée"))
    expect(screen.locator(".messages")).to_contain_text("une troisième personne")

    visit_desktop.open_office("/gestion/budget/papier/")
    visit_desktop.press(page.get_by_role("link", name="Arbitrer le lot 1"))
    visit_desktop.check_office()
    page.get_by_label("Ce que dit le bulletin").fill("3")
    page.get_by_label("Comment vous avez tranché").fill("Le 3 est net.")
    shoot(visit_desktop, "settle")
    visit_desktop.press(page.get_by_role("button", name="Trancher ce bulletin"))
    expect(page.locator(".messages")).to_contain_text("le lot est accepté")
    assert PaperLot.objects.get().state == "accepted"

    page.goto(visit_desktop.base_url + f"/gestion/budget/papier/vote/{poll.pk}/")
    page.get_by_label("Graine publique").fill("3 1 4 1 5 9")
    page.get_by_label("Bulletins à comparer").fill("1")
    visit_desktop.press(page.get_by_role("button", name="Tirer les bulletins"))
    visit_desktop.press(page.get_by_role("link", name="Graine « 3 1 4 1 5 9 »"))
    visit_desktop.check_office()
    shoot(visit_desktop, "audit")
    visit_desktop.press(page.get_by_role("button", name="Le papier dit la même chose"))
    expect(page.get_by_role("main")).to_contain_text("1 / 1")
    assert not Ballot.objects.exists()
