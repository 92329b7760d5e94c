"""Coming to vote without an account: a letter's code on a phone, without JavaScript or with it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from participation.budgets.models import Budget
from participation.electors.choices import Way
from participation.electors.models import Elector, MatchRequest
from participation.electors.services import electorate_of
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import make_budget, make_envelope, make_poll, make_project
from tests.factories.electors import (
    code_for,
    load_roll,
    make_clerk,
    make_electorate,
    make_roll,
)


@pytest.fixture
def budget(transactional_db: None) -> Budget:
    budget = make_budget(
        "decide",
        process__perimeter=make_territory("Villeneuve"),
        activity__slug="budget-villeneuve",
        activity__title="Budget participatif de Villeneuve",
        max_choices=2,
    )
    envelope = make_envelope(budget, slug="ville", name="Toute la ville")
    for reference, title in (("1", "Un verger"), ("2", "Des bancs"), ("3", "Une fontaine")):
        make_project(envelope, reference=reference, title=title)
    electorate = electorate_of(activity=budget.activity)
    make_electorate(
        activity=budget.activity,
        ways=[Way.LETTER, Way.SMS, Way.ACCOUNT, Way.DESK],
        perimeter=electorate.perimeter,
    )
    make_poll(envelope=envelope)
    return budget


def add_person(budget: Budget) -> Elector:
    """Somebody more on the roll of a sealed vote, with an address."""
    electorate = electorate_of(activity=budget.activity)
    line = "1;MODÈLE;;Alix;01/05/1980;1 rue des Essais;31000;VILLENEUVE"
    load_roll(electorate, line, whole=False)
    return Elector.objects.get(electorate=electorate)


def entrance(budget: Budget) -> str:
    return f"/voter/{budget.activity.slug}/"


def type_the_code(visitor: Visitor, budget: Budget, code: str, *, has_scripts: bool) -> Any:
    """From the entrance to the vote, with one mistake. Axe reads the pages where scripts run."""
    page = visitor.page
    page.goto(visitor.base_url + entrance(budget))
    visitor.press(page.get_by_role("link", name="J’ai un code"))
    page.get_by_label("Votre code").fill("pas un code")
    visitor.press(page.get_by_role("button", name="Continuer"))
    expect(page.get_by_role("main")).to_contain_text("quatre groupes")
    if has_scripts:
        visitor.check()
    page.get_by_label("Votre code").fill(f"{code[:4]}-{code[4:8]} {code[8:].lower()}")
    visitor.press(page.get_by_role("button", name="Continuer"))
    return page


def test_a_letter_opens_the_vote_on_a_phone_without_javascript(
    visit_without_javascript: Visitor, budget: Budget
) -> None:
    visitor = visit_without_javascript
    person = add_person(budget)
    page = type_the_code(visitor, budget, code_for(person), has_scripts=False)
    assert page.url.startswith(f"{visitor.base_url}/budget/budget-villeneuve/")
    page.goto(visitor.base_url + entrance(budget))
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous pouvez voter")
    visitor.press(page.get_by_role("button", name="J’ai terminé"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Comment venez-vous voter ?")
    expect(page.locator("body")).to_contain_text("n’a rien gardé de vous")


def test_a_letter_opens_the_vote(visit: Visitor, budget: Budget) -> None:
    person = add_person(budget)
    visit.open(entrance(budget))
    type_the_code(visit, budget, code_for(person), has_scripts=True)
    visit.open(entrance(budget))
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Vous pouvez voter")
    person.refresh_from_db()
    assert person.ways == ["letter"]


def test_who_is_not_found_is_told_calmly(visit: Visitor, budget: Budget) -> None:
    electorate = make_electorate(
        ways=[Way.ATTESTATION], is_roll_closed=True, activity__slug="vote-ferme"
    )
    make_roll(electorate, 2)
    make_user("alix@example.org", password=PASSWORD)
    sign_in(visit, "alix@example.org")
    page = visit.open("/voter/vote-ferme/identite/")
    page.get_by_role("button", name="Attester").click()
    visit.check()
    page.get_by_label("Nom de famille").fill("Inconnu")
    page.get_by_label("Prénoms").fill("Alix")
    page.get_by_label("Date de naissance").fill("1/5/1980")
    page.get_by_label("J’atteste sur l’honneur").check()
    visit.press(page.get_by_role("button", name="Attester"))
    visit.check()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un agent va regarder")
    assert MatchRequest.objects.count() == 1


def test_the_office_of_an_electorate(visit_desktop: Visitor, budget: Budget, tmp_path: Any) -> None:
    make_clerk(email="mairie@example.org", password=PASSWORD)
    sign_in(visit_desktop, "mairie@example.org")
    key = budget.activity.pk
    page = visit_desktop.open_office(f"/gestion/votants/corps-electoral/{key}/")
    visit_desktop.open_office(f"/gestion/votants/corps-electoral/{key}/regles/")
    visit_desktop.open_office(f"/gestion/votants/corps-electoral/{key}/liste/")
    file = tmp_path / "liste.csv"
    file.write_bytes(
        "nom;prénoms;date de naissance;adresse;code postal;ville\r\n"
        "MODÈLE;Alix;01/05/1980;1 rue des Essais;31000;VILLENEUVE\r\n".encode("cp1252")
    )
    page.get_by_label("Fichier de la liste").set_input_files(str(file))
    page.get_by_role("checkbox").uncheck()
    visit_desktop.press(page.get_by_role("button", name="Voir ce qui changerait"))
    visit_desktop.check_office()
    visit_desktop.press(page.get_by_role("main").get_by_role("button", name="Importer la liste"))
    person = Elector.objects.get()
    assert str(person) == "MODÈLE Alix"
    visit_desktop.open_office(f"/gestion/votants/corps-electoral/{key}/courriers/")
    visit_desktop.press(page.get_by_role("button", name="Prévoir les courriers"))
    visit_desktop.check_office()
    visit_desktop.press(page.get_by_role("link", name="Imprimer 1"))
    visit_desktop.check_office()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tirer les codes").click()
    assert download.value.suggested_filename.endswith(".pdf")
    visit_desktop.open_office(f"/gestion/votants/corps-electoral/{key}/courriers/")
    visit_desktop.press(page.get_by_role("link", name="Annuler un courrier perdu"))
    page.get_by_label("Numéro du courrier").fill("n° 1-1-1")
    visit_desktop.press(page.get_by_role("button", name="Trouver ce courrier"))
    visit_desktop.check_office()
    page.get_by_label("Raison").fill("Rendu par la poste")
    visit_desktop.press(page.get_by_role("button", name="Annuler ce courrier"))
    visit_desktop.check_office()
    expect(page.get_by_role("main")).to_contain_text("Annulé")
    for path in ("liste/", f"liste/{person.pk}/", "second-regard/"):
        visit_desktop.open_office(f"/gestion/votants/{path}")
