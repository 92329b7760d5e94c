"""The whole election of a small town: roll, letters, three ways to vote online, two desks, paper,
the box, the proclamation, and the check that anyone makes. By the rule of Toulouse: a share of the
money for each neighbourhood, a project that does not fit is skipped, what is left is put in common.
"""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from participation.budgets.choices import BallotKind, OnMisfit, ProjectState, Remainder
from participation.budgets.models import Budget, Envelope, Project, Tally, VoterRecord
from participation.electors.choices import Way
from participation.electors.models import Elector
from participation.electors.services import electorate_of
from tests.cms.making import make_staff
from tests.e2e.ceremony import MEMBERS, hold_ceremony
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.e2e.test_idea_journey import press_until_focused
from tests.e2e.test_officer_journey import confirm, said
from tests.e2e.test_vote_journey import DEPOSIT, REVIEW, THANKS, code_on
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import make_budget, make_envelope, make_project, move_to
from tests.factories.paper import make_desk

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
DESKTOP = {"width": 1280, "height": 800}

ROLL = """numéro;nom;prénoms;date de naissance;quartier;adresse;code postal;ville
1;MODÈLE;Alix;01/05/1980;Nord;1 rue des Essais;31000;VILLENEUVE
2;BERNARD;Basile;02/05/1980;Sud;2 rue des Essais;31000;VILLENEUVE
3;CHAUVIN;Clara;03/05/1980;Nord;;;
4;DELMAS;Dominique;04/05/1980;Sud;4 rue des Essais;31000;VILLENEUVE
5;ESTÈVE;Élise;05/05/1980;Nord;;;
"""
# Reference, title, neighbourhood, cost in euros.
PROJECTS = (
    ("001", "Un verger", "Nord", 20_000),
    ("002", "Des bancs", "Nord", 25_000),
    ("003", "Une fontaine", "Nord", 10_000),
    ("004", "Une piste cyclable", "Sud", 30_000),
    ("005", "Un kiosque", "Sud", 35_000),
)
# Votes: 001 has 3, 002 and 004 two, 003 and 005 one. North has 30 000 €: 001, then 003, since 002
# does not fit; South has 30 000 €: 004. The 40 000 € that are left pay for 002, not for 005.
WINNERS = {"001", "002", "003", "004"}

Come = Callable[..., Visitor]


@pytest.fixture
def come(browser: Browser, live_server: Any) -> Iterator[Come]:
    """Somebody comes with their own device: `come(PHONE)`."""
    visitors: list[Visitor] = []

    def arrive(size: dict[str, int], **options: Any) -> Visitor:
        context = browser.new_context(
            viewport=size, locale="fr-FR", reduced_motion="reduce", **options
        )
        visitors.append(Visitor(context, live_server.url))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def budget(transactional_db: None) -> Iterator[Budget]:
    town = make_territory("Villeneuve", population=20_000)
    places = {
        name: make_territory(name, kind="neighbourhood", parent=town) for name in ("Nord", "Sud")
    }
    made = make_budget(
        "examine",
        process__perimeter=town,
        activity__title="Budget participatif de Villeneuve",
        activity__slug="budget-villeneuve",
        ballot_kind=BallotKind.APPROVAL,
        max_choices=3,
        on_misfit=OnMisfit.SKIP,
        district_quota_cents=3_000_000,
        remainder=Remainder.POOLED,
    )
    envelope = make_envelope(made, slug="ville", name="Toute la ville", amount_cents=10_000_000)
    for reference, title, place, euros in PROJECTS:
        make_project(
            envelope,
            reference=reference,
            title=title,
            territory=places[place],
            cost_cents=euros * 100,
        )
    yield made
    shutil.rmtree(settings.PUBLICATIONS_DIR, ignore_errors=True)


def ballot_path(envelope: Envelope) -> str:
    return f"/budget/{envelope.budget.activity.slug}/vote/{envelope.slug}/"


def make_agents() -> list[Any]:
    """Two agents who hold a desk, then key the paper."""
    agents = []
    for number in (1, 2):
        agent = make_staff(
            "Agent de bureau de vote", email=f"agent{number}@example.org", password=PASSWORD
        )
        agent.groups.add(Group.objects.get(name="Agent de dépouillement"))
        agents.append(agent)
    return agents


def test_the_whole_election_of_a_town(come: Come, budget: Budget, tmp_path: Path) -> None:
    make_staff("Participation", email="agente@example.org", password=PASSWORD)
    envelope = budget.envelopes.select_related("budget__activity").get()
    office = come(DESKTOP)
    sign_in(office, "agente@example.org")
    say_who_may_vote(office, budget)
    import_the_roll(office, budget)
    codes = print_letters(office, budget)
    secrets = hold_ceremony(office, budget)
    page = office.page
    page.goto(f"{office.base_url}/gestion/budget/votes/{envelope.pk}/sceller/")
    confirm(office, "Sceller ce vote")
    said(page, "Le vote est scellé.")
    move_to(budget, "decide")

    phone = come(PHONE)
    kept = vote_by_letter(phone, budget, codes["MODÈLE"], ["Un verger", "Une piste cyclable"])
    cancelled = vote_by_letter(phone, budget, codes["DELMAS"], ["Un kiosque"])
    plain = come(PHONE, java_script_enabled=False)
    other = vote_by_letter(plain, budget, codes["BERNARD"], ["Un verger", "Des bancs"])
    vote_by_keyboard(come(DESKTOP), envelope)

    agents = make_agents()
    desks = [
        make_desk(budget, agent, name=name)
        for agent, name in zip(agents, ("Mairie", "Gare"), strict=True)
    ]
    tablets = [come(TABLET), come(TABLET)]
    for tablet, agent in zip(tablets, agents, strict=True):
        sign_in(tablet, agent.email)
    mark_people(tablets, desks)
    assert channels() == {
        "MODÈLE": "web",
        "BERNARD": "web",
        "CHAUVIN": "web",
        "DELMAS": "paper",
        "ESTÈVE": "paper",
    }

    move_to(budget, "follow")
    stranger = come(PHONE)
    hidden = what_anyone_reads(stranger, envelope)
    key_the_paper(office, tablets, envelope)
    open_the_box(office, envelope, secrets)
    assert (
        set(Project.objects.filter(state=ProjectState.WINNER).values_list("reference", flat=True))
        == WINNERS
    )
    assert what_anyone_reads(stranger, envelope) == hidden
    page.goto(f"{office.base_url}/gestion/budget/votes/publier/{budget.pk}/")
    confirm(office, "Publier les résultats")
    said(page, "Les résultats sont publiés")

    check_the_vote(stranger, envelope, found=[kept, other, "P-001-01"], lost=cancelled)
    recount(stranger.page, tmp_path)


def say_who_may_vote(office: Visitor, budget: Budget) -> None:
    """The people of the roll alone, by letter, by an account and their word, or at a desk."""
    key = electorate_of(activity=budget.activity).pk
    page = office.page
    page.goto(f"{office.base_url}/gestion/votants/corps-electoral/{key}/regles/")
    for way in Way:
        page.locator(f"input[name=ways][value={way}]").set_checked(
            way in (Way.LETTER, Way.ATTESTATION, Way.DESK)
        )
    page.get_by_label("Seules les personnes de la liste importée").check()
    office.press(page.get_by_role("main").get_by_role("button", name="Enregistrer"))


def import_the_roll(office: Visitor, budget: Budget) -> None:
    page = office.page
    page.goto(f"{office.base_url}/gestion/votants/corps-electoral/{budget.pk}/liste/")
    page.get_by_label("Fichier de la liste").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": ROLL.encode("cp1252")}
    )
    office.press(page.get_by_role("button", name="Voir ce qui changerait"))
    office.press(page.get_by_role("main").get_by_role("button", name="Importer la liste"))
    assert Elector.objects.filter(is_on_roll=True).count() == 5


def print_letters(office: Visitor, budget: Budget) -> dict[str, str]:
    """The codes as the letters say them, by family name."""
    page = office.page
    page.goto(f"{office.base_url}/gestion/votants/corps-electoral/{budget.pk}/courriers/")
    office.press(page.get_by_role("button", name="Prévoir les courriers"))
    office.press(page.get_by_role("link", name="Imprimer 1"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Tirer les codes").click()
    codes = {}
    for letter in PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages:
        text = letter.extract_text()
        code = re.search(r"(?:[0-9A-Z]{4} ){3}[0-9A-Z]{4}", text)
        name = re.search("MODÈLE|BERNARD|DELMAS", text)
        assert code is not None
        assert name is not None
        codes[name[0]] = code[0]
    return codes


def vote_by_letter(voter: Visitor, budget: Budget, code: str, choices: list[str]) -> str:
    """From the address on the letter to “J’ai terminé”; the ballot code, without its blanks.

    Axe reads the pages where scripts run.
    """
    page = voter.page
    page.goto(f"{voter.base_url}/voter/{budget.activity.slug}/code/")
    page.get_by_label("Votre code").fill(code.lower().replace("0", "o"))
    voter.press(page.get_by_role("button", name="Continuer"))
    voter.press(page.get_by_role("navigation").get_by_role("link", name="Vote", exact=True))
    voter.press(page.get_by_role("main").get_by_role("link", name="Voter – Toute la ville"))
    for title in choices:
        page.get_by_label(title, exact=True).check()
    page.get_by_role("button", name=REVIEW).click()
    page.get_by_role("button", name=DEPOSIT).click()
    page.get_by_role("heading", name=THANKS).wait_for()
    ballot_code = code_on(page)
    voter.press(page.get_by_role("main").get_by_role("button", name="J’ai terminé"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Comment venez-vous voter ?")
    return ballot_code


def vote_by_keyboard(voter: Visitor, envelope: Envelope) -> None:
    """Somebody with an account says who they are and votes, without ever touching a mouse."""
    make_user("clara@example.org", password=PASSWORD, public_name="Clara C.")
    sign_in(voter, "clara@example.org")
    page = voter.open(f"/voter/{envelope.budget.activity.slug}/identite/")
    for label, typed in (
        ("Nom de famille", "Chauvin"),
        ("Prénoms", "Clara"),
        ("Date de naissance", "3/5/1980"),
    ):
        press_until_focused(page, page.get_by_label(label))
        page.keyboard.type(typed)
    press_until_focused(page, page.get_by_label("J’atteste sur l’honneur"))
    page.keyboard.press("Space")
    press_until_focused(page, page.get_by_role("button", name="Attester"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    voter.open(ballot_path(envelope))
    for title in ("Des bancs", "Une piste cyclable"):
        page.evaluate("document.activeElement.blur()")
        press_until_focused(page, page.get_by_label(title, exact=True))
        page.keyboard.press("Space")
    for button in (REVIEW, DEPOSIT):
        press_until_focused(page, page.get_by_role("button", name=button))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1).locator("visible=true")).to_be_focused()
    expect(page.get_by_role("heading", name=THANKS)).to_be_focused()
    voter.check()


def mark_people(tablets: list[Visitor], desks: list[Any]) -> None:
    """Both desks have the same person before them: one marks, the other is told."""
    for tablet, desk in zip(tablets, desks, strict=True):
        find_at_desk(tablet, desk, "del dom")
        expect(tablet.page.get_by_role("main")).to_contain_text("dites-le-lui avant de confirmer")
    first, second = tablets
    first.press(first.page.get_by_role("button", name="Émarger : vote sur papier"))
    said(first.page, "Remettez ces bulletins papier")
    second.press(second.page.get_by_role("button", name="Émarger : vote sur papier"))
    expect(second.page.get_by_role("alert")).to_contain_text("au bureau « Mairie »")
    find_at_desk(second, desks[1], "05/05/1980")
    second.press(second.page.get_by_role("button", name="Émarger : vote sur papier"))
    said(second.page, "Remettez ces bulletins papier")


def find_at_desk(tablet: Visitor, desk: Any, sought: str) -> None:
    page = tablet.page
    page.goto(f"{tablet.base_url}/gestion/budget/bureaux/{desk.pk}/")
    page.get_by_label("Nom, date de naissance ou numéro").fill(sought)
    tablet.press(page.get_by_role("button", name="Rechercher"))
    tablet.press(page.locator(".parvis-people").get_by_role("link"))


def channels() -> dict[str, str]:
    """Who is on the roll of the vote, and how they voted."""
    return dict(VoterRecord.objects.values_list("voter__family_name", "channel"))


def key_the_paper(office: Visitor, tablets: list[Visitor], envelope: Envelope) -> None:
    """One lot of two ballots, keyed twice, one difference settled by a third person."""
    page = office.page
    page.goto(f"{office.base_url}/gestion/budget/papier/vote/{envelope.poll.pk}/")
    page.get_by_label("Bulletins dans ce lot").fill("2")
    office.press(page.get_by_role("button", name="Constituer le lot suivant"))
    for tablet, lines in zip(tablets, (["1 3", "5"], ["3 1", "4"]), strict=True):
        screen = tablet.page
        screen.goto(f"{tablet.base_url}/gestion/budget/papier/")
        tablet.press(screen.get_by_role("link", name="Saisir le lot 1"))
        tablet.press(screen.get_by_role("button", name="Commencer la saisie de ce lot"))
        for place, typed in enumerate(lines, start=1):
            screen.get_by_label(f"Bulletin P-001-0{place}", exact=True).fill(typed)
            with screen.expect_navigation():
                screen.keyboard.press("Enter")
        tablet.press(screen.get_by_role("button", name="Ma saisie est terminée"))
    said(screen, "une troisième personne")
    page.goto(f"{office.base_url}/gestion/budget/papier/")
    office.press(page.get_by_role("link", name="Arbitrer le lot 1"))
    page.get_by_label("Ce que dit le bulletin").fill("5")
    page.get_by_label("Comment vous avez tranché").fill("Le 5 est net.")
    office.press(page.get_by_role("button", name="Trancher ce bulletin"))
    said(page, "le lot est accepté")


def open_the_box(office: Visitor, envelope: Envelope, secrets: list[str]) -> None:
    """Close, then two members open: a secret with a slip of the pen is told and opens nothing."""
    page = office.page
    page.goto(f"{office.base_url}/gestion/budget/votes/{envelope.pk}/fermer/")
    confirm(office, "Clore ce vote")
    said(page, "Le vote est clos")
    office.press(page.get_by_role("main").get_by_role("link", name="Ouvrir l’urne et dépouiller"))
    for name in MEMBERS:
        expect(page.get_by_role("main")).to_contain_text(name)
    slip = "7" if secrets[2][0] != "7" else "8"
    for third, is_right in ((slip + secrets[2][1:], False), (secrets[2], True)):
        page.get_by_label("Secret du premier membre").fill(secrets[0].lower())
        page.get_by_label("Secret du second membre").fill(third)
        office.press(page.get_by_role("button", name="Ouvrir l’urne et dépouiller"))
        if not is_right:
            expect(page.get_by_role("main")).to_contain_text("Le secret 2 a une faute de frappe")
            assert not Tally.objects.exists()
    said(page, "Les votes sont dépouillés.")


def what_anyone_reads(visit: Visitor, envelope: Envelope) -> dict[str, tuple[int, str]]:
    """Status and text of every address that could tell something of a result, to a stranger."""
    budget = f"/budget/{envelope.budget.activity.slug}"
    project = envelope.projects.get(reference="001")
    told = {}
    for path in (
        "/",
        "/actualites/flux.atom",
        "/sitemap.xml",
        "/recherche/?q=verger",
        f"{budget}/",
        f"{budget}/projets/",
        f"{budget}/projets/?statut=winner",
        f"{budget}/projets.geojson",
        f"{budget}/projets.geojson?statut=winner",
        f"{budget}/projets/{project.pk}/",
        f"{budget}/vote/",
        f"{budget}/resultats/",
        f"{budget}/resultats.csv",
        f"{budget}/resultats/ville.pb",
        f"{budget}/resultats/ville/publication/",
        f"{budget}/resultats/ville/publication/result.json",
        f"{budget}/resultats/ville/publication/publication.zip",
        f"{budget}/realisations/",
    ):
        answer = visit.context.request.get(visit.base_url + path)
        text = re.sub(
            r'(nonce|value|content)="[^"]{20,}"|<updated>[^<]*</updated>', "", answer.text()
        )
        told[path] = (answer.status, text)
    assert told[f"{budget}/resultats.csv"][0] == 404
    assert told[f"{budget}/resultats/ville.pb"][0] == 404
    assert "ne sont pas encore publiés" in told[f"{budget}/resultats/"][1]
    return told


def check_the_vote(visit: Visitor, envelope: Envelope, *, found: list[str], lost: str) -> None:
    """From the results to the proof, each page read by axe."""
    budget = f"/budget/{envelope.budget.activity.slug}"
    page = visit.open(f"{budget}/resultats/")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Une fontaine")
    visit.open(f"{budget}/regles/")
    visit.open(f"{budget}/vote/ville/journal/")
    visit.open(f"{budget}/vote/protection/")
    visit.open(f"{budget}/resultats/ville/publication/")
    for code in [*found, lost]:
        page.get_by_label("Code de bulletin").fill(code.lower())
        visit.press(page.get_by_role("button", name="Chercher"))
        answer = page.locator("#code-reponse")
        if code == lost:
            expect(answer).to_contain_text("Aucun bulletin ne porte ce code")
        else:
            expect(answer).to_contain_text("Un verger")
    page.get_by_role("button", name="Vérifier dans ce navigateur").click()
    expect(page.get_by_text("Tout ce que cette page vérifie est juste.")).to_be_visible()
    visit.check()


def recount(page: Page, folder: Path) -> None:
    """Download everything and count again, with Python alone and far from the site."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Tous les fichiers").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(folder)
    publication = folder / "publication"
    done = subprocess.run(
        [sys.executable, "-I", str(publication / "recompte.py"), str(publication)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✗" not in done.stdout
