"""A second factor is lost: the office makes sure of who asks, then removes it."""

import re

from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.accounts import make_user

REASON = "Venue à la mairie avec sa carte d’identité"


def test_the_office_finds_the_person_and_removes_the_factor(visit_desktop: Visitor) -> None:
    visit = visit_desktop
    person = make_user("ninon@example.org", public_name="Ninon", password=PASSWORD)
    Authenticator.objects.create(user=person, type="totp", data={})
    admin = make_staff(
        "Administration du site", email="administratrice@example.org", password=PASSWORD
    )
    sign_in(visit, admin.email)
    page = visit.page
    page.goto(f"{visit.base_url}/gestion/users/?q={person.email}")
    row = page.get_by_role("row").filter(has_text=person.email)
    row.get_by_role("button", name=re.compile("options")).click()
    visit.press(page.get_by_role("link", name="Second facteur perdu"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez que c’est bien vous")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    visit.press(page.get_by_role("main").get_by_role("button", name="Continuer"))
    expect(page.get_by_text("Application qui affiche des codes")).to_be_visible()
    visit.check_office()

    visit.press(page.get_by_role("button", name="Retirer et fermer les sessions"))
    expect(page.get_by_role("alert")).to_contain_text("rien n’a été retiré")
    visit.check_office()
    page.get_by_label("Comment avez-vous vérifié l’identité").fill(REASON)
    visit.press(page.get_by_role("button", name="Retirer et fermer les sessions"))
    expect(page.get_by_text("Le second facteur de Ninon est retiré")).to_be_visible()
    visit.check_office()
    assert not Authenticator.objects.filter(user=person).exists()


def test_who_has_nothing_left_reads_whom_to_write_to(visit: Visitor) -> None:
    person = make_user("ninon@example.org", public_name="Ninon", password=PASSWORD)
    Authenticator.objects.create(user=person, type="totp", data={})
    page = visit.page
    page.goto(f"{visit.base_url}/compte/connexion/")
    page.get_by_label("Adresse électronique").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    visit.press(page.get_by_role("main").get_by_role("button", name="Se connecter", exact=True))

    page.get_by_text("Vous n’avez plus ni téléphone").click()
    expect(page.get_by_text("une fois votre identité vérifiée")).to_be_visible()
    visit.check()
