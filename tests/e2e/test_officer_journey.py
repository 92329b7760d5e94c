"""A participation officer opens a budget, studies ideas, runs the vote, follows the works."""

import io
import re
from typing import Any

import pytest
from django.core import mail
from PIL import Image
from playwright.sync_api import Page, expect

from cms.models import ActivityPage, NewsPage, ProcessPage
from maps.models import Territory
from participation.budgets.choices import DeliveryStep, IdeaState, ProjectState
from participation.budgets.models import Budget, Delivery, Idea, Project
from participation.core.choices import Visibility
from participation.core.services import follow
from tests.cms.making import make_staff
from tests.e2e.ceremony import hold_ceremony
from tests.e2e.conftest import PASSWORD, Visitor, run_queue, sign_in
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    cast,
    make_budget,
    make_category,
    make_envelope,
    make_idea,
    make_project,
    move_to,
)
from tests.factories.core import make_comment, make_directorate

UNDERSTOOD = "J’ai lu ce qui précède et je comprends que c’est définitif."


@pytest.fixture
def town(transactional_db: None) -> Territory:
    return make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


@pytest.fixture
def author() -> Any:
    return make_user("autrice@example.org", public_name="Camille Essai")


def mails_to(person: Any) -> list[Any]:
    """What a person has received once the queue has run; the box is then emptied."""
    run_queue()
    received = [message for message in mail.outbox if message.to == [person.email]]
    mail.outbox.clear()
    return received


def said(page: Page, text: str) -> None:
    """The back office confirms in these words."""
    expect(page.locator(".messages")).to_contain_text(text)


def test_open_a_budget_in_one_gesture(
    visit_desktop: Visitor, town: Territory, officer: Any
) -> None:
    make_directorate("Direction de la participation")
    visit = visit_desktop
    sign_in(visit, officer.email)
    page = visit.open_office("/gestion/")
    visit.press(page.get_by_role("main").get_by_role("link", name="Ouvrir un budget participatif"))
    page.wait_for_url("**/nouveau-budget/")
    visit.check_office()
    form = page.get_by_role("main").locator("form")
    form.get_by_label("Titre").fill("Budget participatif de Villeneuve")
    form.get_by_label("Territoire", exact=False).first.select_option(label=str(town))
    form.get_by_label("Montant de chaque vote").fill("beaucoup")
    form.get_by_label("Vote du").fill("2020-01-06")
    visit.press(form.get_by_role("button", name="Créer les brouillons"))

    expect(page.get_by_role("alert").first).to_contain_text("Rien n’a été créé")
    expect(form).to_contain_text("Le vote commence après le dépôt des idées.")
    expect(form.get_by_label("Titre")).to_have_value("Budget participatif de Villeneuve")
    expect(form.get_by_label("Montant de chaque vote")).to_have_value("beaucoup")
    assert not Budget.objects.exists()
    visit.check_office()

    form.get_by_label("Montant de chaque vote").fill("1 500 000")
    last_day_of_ideas = form.locator("[name=ideas_until]").input_value()
    form.get_by_label("Vote du").fill(f"{int(last_day_of_ideas[:4]) + 1}-01-11")
    form.locator("[name=vote_until]").fill(f"{int(last_day_of_ideas[:4]) + 1}-01-31")
    form.get_by_label("Résultats le").fill(f"{int(last_day_of_ideas[:4]) + 1}-02-15")
    visit.press(form.get_by_role("button", name="Créer les brouillons"))
    page.wait_for_url(re.compile(r"/nouveau-budget/\d+/"))
    visit.check_office()

    budget = Budget.objects.select_related("activity__process").get()
    process = budget.activity.process
    assert process.published_at is None
    assert budget.envelopes.get().amount_cents == 150_000_000
    assert budget.activity.phases.count() == 5
    assert budget.categories.count() >= 5
    for model in (ProcessPage, ActivityPage, NewsPage):
        assert model.objects.get().live is False
    public = f"{visit.base_url}/budget/{budget.activity.slug}/"
    assert visit.page.request.get(public, headers={"Cookie": ""}).status == 404

    visit.press(page.get_by_role("main").get_by_role("link", name="Publier la démarche"))
    visit.check_office()
    visit.press(page.get_by_role("main").get_by_role("button", name="Publier", exact=True))
    said(page, "La démarche est publiée.")
    process.refresh_from_db()
    assert process.published_at is not None
    visit.open(f"/budget/{budget.activity.slug}/")


def test_study_ideas_and_merge_them_into_a_project(
    visit_desktop: Visitor, town: Territory, officer: Any, author: Any
) -> None:
    budget = make_budget("examine", process__perimeter=town)
    category = make_category(budget, "Nature en ville")
    make_envelope(budget, name="Toute la ville")
    parks = make_directorate("Direction des espaces verts")
    orchard = make_idea(
        budget, author=author, title="Un verger derrière l’école", category=category
    )
    neighbour = make_user("voisin@example.org", public_name="Sacha Essai")
    other = make_idea(
        budget, author=neighbour, title="Un verger près de l’école", state=IdeaState.ELIGIBLE
    )
    visit = visit_desktop
    sign_in(visit, officer.email)
    visit.open_office(f"/gestion/budget/{budget.pk}/")
    page = visit.open_office("/gestion/budget/idees/")
    visit.press(page.get_by_role("main").get_by_role("link", name="Un verger derrière l’école"))
    page.wait_for_url(f"**/idees/{orchard.pk}/")
    visit.check_office()

    page.get_by_label("Direction des espaces verts").check()
    visit.press(page.get_by_role("button", name="Enregistrer les directions"))
    said(page, "Les directions sont enregistrées.")
    orchard.refresh_from_db()
    assert orchard.state == IdeaState.IN_STUDY
    assert [study.directorate for study in orchard.studies.all()] == [parks]

    study = page.get_by_role("region", name="Études")
    study.get_by_label("Faisable", exact=True).check()
    study.get_by_label("Coût (euros)").fill("12 500,50")
    study.get_by_label("Délai (mois)").fill("6")
    study.get_by_label("Motifs").fill("Le terrain est à la ville.")
    visit.press(study.get_by_role("button", name="Enregistrer cette étude"))
    said(page, "L’étude de « Direction des espaces verts » est enregistrée.")
    assert orchard.studies.get().cost_cents == 1_250_050
    visit.check_office()

    decision = page.get_by_role("region", name="Décider")
    decision.get_by_label("Faisable", exact=True).check()
    decision.get_by_label("Coût retenu").fill("")
    visit.press(decision.get_by_role("button", name="Enregistrer la décision"))
    expect(decision).to_contain_text("Une idée faisable doit avoir un coût.")
    expect(decision.get_by_label("Faisable", exact=True)).to_be_checked()
    decision.get_by_label("Coût retenu").fill("12 500,50")
    visit.press(decision.get_by_role("button", name="Enregistrer la décision"))
    said(page, "La décision est enregistrée et envoyée à l’auteur.")
    orchard.refresh_from_db()
    assert orchard.state == IdeaState.FEASIBLE
    assert "aisable" in mails_to(author)[-1].subject

    visit.press(page.get_by_role("link", name="Faire un projet de cette idée"))
    visit.check_office()
    page.get_by_label("Un verger près de l’école").check()
    page.get_by_label("Titre du projet").fill("Le verger de l’école")
    visit.press(page.get_by_role("button", name="Créer le projet"))
    page.wait_for_url("**/projets/**")
    visit.check_office()
    project = Project.objects.get()
    assert set(Idea.objects.filter(projects=project)) == {orchard, other}
    assert project.cost_cents == 1_250_050
    origin = page.get_by_role("region", name="Idées dont il vient")
    expect(origin.get_by_role("link", name="Un verger près de l’école")).to_be_visible()
    run_queue()
    assert {address for message in mail.outbox for address in message.to} == {
        author.email,
        neighbour.email,
    }

    visit.press(page.get_by_role("button", name="Soumettre au vote"))
    said(page, "Le projet est soumis au vote.")
    visit.open(f"/budget/{budget.activity.slug}/idees/{other.pk}/")
    expect(page.get_by_role("main")).to_contain_text("Le verger de l’école")


def test_seal_count_publish_and_deliver(
    visit_desktop: Visitor, town: Territory, officer: Any, author: Any
) -> None:
    budget = make_budget("examine", process__perimeter=town, max_choices=2)
    envelope = make_envelope(budget, name="Toute la ville", slug="ville")
    orchard = make_project(envelope, reference="1", title="Un verger")
    make_project(envelope, reference="2", title="Des bancs")
    follow(user=author, subject=budget.activity, at=budget.activity.process.published_at)
    visit = visit_desktop
    sign_in(visit, officer.email)
    page = visit.open_office(f"/gestion/budget/votes/{envelope.pk}/")
    expect(page.get_by_role("main")).to_contain_text("pas encore de bureau du scrutin")
    secrets = hold_ceremony(visit, budget)
    visit.check_office()
    visit.open_office(f"/gestion/budget/votes/{envelope.pk}/")
    visit.press(page.get_by_role("main").get_by_role("link", name="Sceller ce vote"))
    visit.check_office()
    visit.press(page.get_by_role("main").get_by_role("button", name="Sceller ce vote"))
    expect(page.get_by_role("main")).to_contain_text("Cochez la case pour confirmer.")
    confirm(visit, "Sceller ce vote")
    said(page, "Le vote est scellé.")
    visit.check_office()

    envelope.refresh_from_db()
    move_to(budget, "decide")
    for choices in ([orchard], [orchard]):
        cast(envelope.poll, choices)
    visit.open_office(f"/gestion/budget/votes/{envelope.pk}/")
    expect(page.get_by_role("link", name="Ouvrir l’urne et dépouiller")).to_have_count(0)
    move_to(budget, "follow")

    visit.open_office(f"/gestion/budget/votes/{envelope.pk}/")
    visit.press(page.get_by_role("main").get_by_role("link", name="Clore ce vote"))
    visit.check_office()
    confirm(visit, "Clore ce vote")
    said(page, "Le vote est clos")
    visit.press(page.get_by_role("main").get_by_role("link", name="Ouvrir l’urne et dépouiller"))
    visit.check_office()
    page.get_by_label("Secret du premier membre").fill(secrets[2])
    page.get_by_label("Secret du second membre").fill(secrets[0])
    visit.press(page.get_by_role("button", name="Ouvrir l’urne et dépouiller"))
    said(page, "Les votes sont dépouillés.")
    visit.check_office()
    orchard.refresh_from_db()
    assert (orchard.votes, orchard.state) == (2, ProjectState.WINNER)

    visit.press(page.get_by_role("main").get_by_role("link", name="Publier les résultats"))
    visit.check_office()
    confirm(visit, "Publier les résultats")
    said(page, "Les résultats sont publiés et les abonnés sont prévenus.")
    assert mails_to(author)

    visit.open_office(f"/gestion/budget/realisations/ouvrir/{budget.pk}/")
    confirm(visit, "Ouvrir le suivi des réalisations")
    said(page, "Le suivi des projets lauréats est ouvert.")
    visit.check_office()
    delivery = Delivery.objects.get(project=orchard)
    visit.open_office(f"/gestion/budget/realisations/{delivery.pk}/")
    news = page.get_by_role("region", name="Donner des nouvelles")
    news.get_by_label("Travaux").check()
    news.get_by_label("Titre de la nouvelle").fill("Les pommiers sont plantés")
    news.get_by_label("Image", exact=True).set_input_files(
        {"name": "verger.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    visit.press(news.get_by_role("button", name="Publier cette nouvelle"))
    expect(news).to_contain_text("Décrivez l’image")
    expect(news.get_by_label("Titre de la nouvelle")).to_have_value("Les pommiers sont plantés")
    assert not delivery.updates.filter(title="Les pommiers sont plantés").exists()
    news.get_by_label("Image", exact=True).set_input_files(
        {"name": "verger.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    news.get_by_label("Description de l’image").fill("Douze jeunes pommiers en ligne.")
    visit.press(news.get_by_role("button", name="Publier cette nouvelle"))
    said(page, "La nouvelle est publiée.")
    visit.check_office()
    delivery.refresh_from_db()
    assert delivery.step == DeliveryStep.WORKS

    visit.open(f"/budget/{budget.activity.slug}/realisations/{orchard.pk}/")
    expect(page.get_by_role("img", name="Douze jeunes pommiers en ligne.")).to_be_visible()


def test_hide_a_comment_and_tell_its_author(
    visit_desktop: Visitor, town: Territory, officer: Any, author: Any
) -> None:
    idea = make_idea(make_budget(process__perimeter=town), title="Un verger")
    comment = make_comment(
        contribution=idea.contribution, author=author, body="Achetez mes pommes pas chères."
    )
    visit = visit_desktop
    sign_in(visit, officer.email)
    visit.open_office("/gestion/moderation/commentaires/?queue=published")
    page = visit.open_office(f"/gestion/moderation/commentaires/{comment.pk}/")
    visit.press(page.get_by_role("button", name="Masquer", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Choisissez le motif de la décision.")
    page.get_by_label("Motif", exact=False).first.select_option(
        label="Publicité ou message indésirable"
    )
    page.get_by_label("Exposé des motifs").fill("La phrase vend des pommes.")
    visit.check_office()
    visit.press(page.get_by_role("button", name="Masquer", exact=True))
    said(page, "Son auteur en est informé.")
    visit.check_office()
    comment.refresh_from_db()
    assert comment.visibility == Visibility.HIDDEN
    [told] = mails_to(author)
    assert "La phrase vend des pommes." in told.body

    visit.open(f"/budget/{idea.budget.activity.slug}/idees/{idea.pk}/")
    expect(page.get_by_role("main")).not_to_contain_text("Achetez mes pommes")


def confirm(visit: Visitor, button: str) -> None:
    """Tick the box that says one has understood, then do it."""
    main = visit.page.get_by_role("main")
    main.get_by_label(UNDERSTOOD).check()
    visit.press(main.get_by_role("button", name=button))


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 150, 90)).save(data, "JPEG")
    return data.getvalue()
