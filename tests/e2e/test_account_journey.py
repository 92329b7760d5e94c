"""A resident signs up, makes the account theirs, follows what happens, and leaves."""

import re
import zipfile

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from maps.models import Territory
from participation.accounts.models import User
from participation.budgets.models import Idea
from participation.core.models import Follow
from participation.core.services import answer_officially
from tests.e2e.conftest import PASSWORD, Visitor, run_queue, sign_in
from tests.e2e.test_idea_journey import press_until_focused
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import make_budget, make_idea, make_officer
from tests.factories.core import make_comment, make_directorate

EMAIL = "nouvelle@example.org"


@pytest.fixture
def town(transactional_db: None) -> Territory:
    city = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    make_territory("La Gare", kind="neighbourhood", parent=city, bounds=(1.3, 43.5, 1.45, 43.7))
    return city


@pytest.fixture
def idea(town: Territory) -> Idea:
    budget = make_budget("collect", process__perimeter=town, activity__slug="budget-villeneuve")
    return make_idea(budget, title="Planter un verger")


def confirmation_path() -> str:
    """The address in the newest mail, on the site under test."""
    found = re.search(r"https?://[^/\s]+(/compte/\S+)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found.group(1)


def test_sign_up_take_part_and_sign_in_again(visit: Visitor, idea: Idea) -> None:
    page = visit.open("/compte/inscription/")
    page.get_by_label("Adresse électronique").fill(EMAIL)
    page.get_by_label("Nom public").fill("Camille Essai")
    page.get_by_label("Mot de passe", exact=True).fill("court")
    visit.press(page.get_by_role("button", name="Créer mon compte"))
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Pour participer, acceptez")
    expect(page.get_by_label("Adresse électronique")).to_have_value(EMAIL)
    visit.check()
    assert not User.objects.filter(email=EMAIL).exists()

    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("J’accepte les conditions d’utilisation").check()
    visit.press(page.get_by_role("button", name="Créer mon compte"))
    page.wait_for_url("**/a-confirmer/")
    visit.check()
    assert [message.to for message in mail.outbox] == [[EMAIL]]
    visit.open(confirmation_path())
    visit.press(page.get_by_role("button", name="Confirmer cette adresse"))
    page.wait_for_url(lambda url: "/confirmer/" not in url)
    visit.check()

    visit.open(f"/budget/budget-villeneuve/idees/{idea.pk}/")
    follow = page.locator(".follow", has=page.get_by_role("button", name="Suivre")).first
    follow.get_by_role("button", name="Suivre").click()
    expect(page.get_by_role("button", name="Vous suivez").first).to_be_visible()
    visit.check()
    person = User.objects.get(email=EMAIL)
    assert Follow.objects.filter(user=person).count() == 1

    visit.context.clear_cookies()
    sign_in(visit, EMAIL)
    visit.open("/participer/mon-espace/suivis/")
    expect(page.get_by_role("main")).to_contain_text("Planter un verger")


def test_profile_contributions_and_notifications(visit: Visitor, idea: Idea) -> None:
    person = make_user(EMAIL, password=PASSWORD, public_name="Camille", birth_date=None)
    mine = make_idea(idea.budget, author=person, title="Des bancs à l’ombre")
    make_comment(contribution=idea.contribution, author=person, body="Avec des pommiers.")
    answer_officially(
        contribution=mine.contribution,
        status="under_study",
        body="Nous étudions votre idée.",
        directorate=make_directorate("Direction des espaces verts"),
        actor=make_officer(),
        at=timezone.now(),
    )
    sign_in(visit, EMAIL)
    page = visit.open("/participer/mon-espace/profil/")
    page.get_by_label("Nom public").fill("Camille Essai")
    page.get_by_label("Date de naissance").fill("2999-01-01")
    page.get_by_label("Mon quartier ou ma commune").select_option(label="La Gare")
    visit.press(page.get_by_role("button", name="Enregistrer mon profil"))
    expect(page.get_by_role("main")).to_contain_text("Cette date est dans le futur.")
    expect(page.get_by_label("Nom public")).to_have_value("Camille Essai")
    visit.check()
    page.get_by_label("Date de naissance").fill("1985-05-17")
    visit.press(page.get_by_role("button", name="Enregistrer mon profil"))
    expect(page.locator("body")).to_contain_text("Votre profil est enregistré.")
    person.refresh_from_db()
    assert person.public_name == "Camille Essai"
    assert person.home_territory == Territory.objects.get(name="La Gare")
    assert str(person.birth_date) == "1985-05-17"

    for path, words in (
        ("", "Bonjour Camille Essai"),
        ("contributions/", "Des bancs à l’ombre"),
        ("commentaires/", "Avec des pommiers."),
        ("votes/", "Mes votes"),
        ("suivis/", "Mes suivis"),
    ):
        visit.open(f"/participer/mon-espace/{path}")
        expect(page.get_by_role("main")).to_contain_text(words)
    visit.open("/participer/notifications/")
    expect(page.get_by_role("main")).to_contain_text("Nous étudions votre idée.")
    visit.open("/compte/securite/")


def test_take_a_copy_and_leave(visit: Visitor, idea: Idea) -> None:
    person = make_user(EMAIL, password=PASSWORD, public_name="Camille Essai")
    mine = make_idea(idea.budget, author=person, title="Des bancs à l’ombre")
    sign_in(visit, EMAIL)
    page = visit.open("/participer/mon-espace/mes-donnees/")
    visit.press(page.get_by_role("button", name="Préparer mon archive"))
    expect(page.locator("body")).to_contain_text("Votre archive se prépare")
    run_queue()
    visit.open("/participer/mon-espace/mes-donnees/")
    visit.press(page.get_by_role("link", name="Télécharger mon archive"))
    page.wait_for_url("**/compte/confirmer/**")  # so personal a file asks for the password again
    visit.check()
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    with page.expect_download() as waiting:
        page.get_by_role("main").get_by_role("button", name="Continuer").click()
    assert "donnees.json" in zipfile.ZipFile(waiting.value.path()).namelist()

    visit.open("/participer/mon-espace/mes-donnees/")
    visit.press(page.get_by_role("link", name="Supprimer mon compte"))
    visit.check()
    visit.press(page.get_by_role("button", name="Supprimer définitivement mon compte"))
    expect(page.get_by_role("main")).to_contain_text("Cochez cette case")
    page.get_by_label("Je comprends que mon compte ne pourra pas être rétabli").check()
    visit.press(page.get_by_role("button", name="Supprimer définitivement mon compte"))
    page.wait_for_url("**/compte-supprime/")
    visit.check()
    assert not User.objects.filter(email=EMAIL).exists()

    visit.open(f"/budget/budget-villeneuve/idees/{mine.pk}/")
    expect(page.get_by_role("main")).not_to_contain_text("Camille Essai")


def test_sign_up_and_sign_in_by_keyboard_alone(visit: Visitor) -> None:
    page = visit.open("/compte/inscription/")
    for label, words in (
        ("Adresse électronique", EMAIL),
        ("Nom public", "Camille Essai"),
        ("Mot de passe", PASSWORD),
    ):
        press_until_focused(page, page.get_by_label(label, exact=True))
        page.keyboard.type(words)
    press_until_focused(page, page.get_by_label("J’accepte les conditions d’utilisation"))
    page.keyboard.press("Space")
    enter(page, "Créer mon compte")
    page.wait_for_url("**/a-confirmer/")
    visit.context.clear_cookies()  # the mail is opened later, in a browser that is not signed in
    visit.open(confirmation_path())
    enter(page, "Confirmer cette adresse")
    page.wait_for_url(lambda url: "/adresse/confirmer/" not in url)
    visit.open("/compte/connexion/")
    for label, words in (("Adresse électronique", EMAIL), ("Mot de passe", PASSWORD)):
        press_until_focused(page, page.get_by_label(label, exact=True))
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/connexion/" not in url)
    visit.check()


def enter(page: Page, name: str) -> None:
    """Reach a button of the page's content with Tab and press it."""
    press_until_focused(page, page.get_by_role("main").get_by_role("button", name=name))
    page.keyboard.press("Enter")
