"""A participation officer opens a map, asks, answers, joins, and reads what it says."""

import re
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Page, expect

from cms.models import ActivityPage
from maps.models import Territory
from participation.core.models import AnswerTemplate, Notification
from participation.mapping.models import MapContribution, ParticipatoryMap
from tests.cms.making import make_staff
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.factories.accounts import make_territory
from tests.factories.core import make_directorate
from tests.factories.mapping import make_category, make_map, make_map_contribution


@pytest.fixture
def town(transactional_db: None) -> Territory:
    made = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    for name, west in (("Gare", 1.3), ("Port", 1.45)):
        make_territory(
            name,
            kind="neighbourhood",
            parent=made,
            bounds=(west, 43.5, west + 0.15, 43.7),
            population=5000,
        )
    return made


@pytest.fixture
def officer(_site: None) -> Any:
    return make_staff("Participation", email="agente@example.org", password=PASSWORD)


def said(page: Page, text: str) -> None:
    """The back office confirms in these words."""
    expect(page.locator(".messages")).to_contain_text(text)


def test_open_a_map_in_one_gesture_then_its_categories_and_questions(
    visit_desktop: Visitor, town: Territory, officer: Any
) -> None:
    make_directorate("Direction des mobilités")
    visit = visit_desktop
    sign_in(visit, officer.email)
    page = visit.open_office("/gestion/")
    visit.press(page.get_by_role("main").get_by_role("link", name="Ouvrir une carte participative"))
    visit.check_office()
    form = page.get_by_role("main").locator("form")
    form.get_by_label("Titre").fill("Carte du vélo")
    form.get_by_label("Vélo – ", exact=False).check()
    form.locator("[name=perimeter]").select_option(label=str(town))
    form.locator("[name=collect_until]").fill("2020-01-31")
    visit.press(form.get_by_role("button", name="Créer les brouillons"))
    expect(page.get_by_role("alert").first).to_contain_text("Rien n’a été créé")
    expect(form).to_contain_text("La carte ferme avant d’ouvrir.")
    visit.check_office()
    opens = form.locator("[name=collect_from]").input_value()
    form.locator("[name=collect_until]").fill(f"{opens[:8]}28")
    visit.press(form.get_by_role("button", name="Créer les brouillons"))
    expect(page).to_have_url(re.compile(r"/nouvelle-carte/\d+/"))
    visit.check_office()
    map = ParticipatoryMap.objects.select_related("activity__process").get()
    assert map.activity.process.published_at is None
    assert ActivityPage.objects.get().live is False

    visit.press(page.get_by_role("link", name="les modifier").first)
    visit.check_office()
    main = page.get_by_role("main")
    main.locator("[name=name]").fill("Arceaux")
    main.get_by_text("Stationnement", exact=True).click()
    main.get_by_text("Ocre", exact=True).click()
    main.get_by_text("Quadrillage", exact=True).click()
    visit.press(main.get_by_role("button", name="Enregistrer"))
    said(page, "La catégorie est enregistrée.")
    category = map.categories.get(name="Arceaux")
    assert (category.icon, category.tone, category.pattern) == ("parking", 5, "grid")

    visit.press(main.get_by_role("link", name="Questions de Arceaux"))
    visit.check_office()
    main.locator("[name=label]").fill("Combien d’arceaux ?")
    main.get_by_label("Type de réponse").select_option("number")
    main.get_by_label("Nombre le plus bas").fill("1")
    visit.press(main.get_by_role("button", name="Enregistrer"))
    said(page, "La question est enregistrée.")
    assert category.questions.get().minimum == 1
    for screen in ("", "reglages/", "perimetre/", "zones/", "couches/", "import/", "synthese/"):
        visit.open_office(f"/gestion/cartes/{map.pk}/{screen}")


def test_answer_together_join_duplicates_and_read_the_synthesis(
    visit_desktop: Visitor, town: Territory, officer: Any
) -> None:
    map = make_map("examine", process__perimeter=town)
    category = make_category(map, "Bancs", icon="armchair", tone=5)
    districts = list(town.children.order_by("code"))
    rows = [
        make_map_contribution(
            map,
            category=category,
            geometry=Point(1.45 + place / 2000, 43.6, srid=4326),
            title=f"Un banc à l’ombre, numéro {place}",
            territory=districts[place % 2],
        )
        for place in range(4)
    ]
    AnswerTemplate.objects.create(
        name="Programmé en 2027", status="planned", body="Prévu au budget 2027."
    )
    visit = visit_desktop
    sign_in(visit, officer.email)
    page = visit.open_office(f"/gestion/cartes/contributions/?map={map.pk}")
    for row in rows[:2]:
        page.locator(f"input[data-object-id='{row.pk}']").check()
    visit.press(page.get_by_role("link", name="Réunir les contributions choisies"))
    visit.check_office()
    main = page.get_by_role("main")
    main.get_by_label("En quoi elles disent la même chose").fill("Le même banc.")
    visit.press(main.get_by_role("button", name="Les réunir"))
    said(page, "Elles sont réunies.")
    visit.check_office()
    joined = MapContribution.objects.get(merged_into__isnull=False)
    assert joined in rows[:2]
    assert Notification.objects.filter(kind="map-merged").count() == 1

    page = visit.open_office(f"/gestion/cartes/contributions/?map={map.pk}&waiting=to_answer")
    for row in rows[2:]:
        page.locator(f"input[data-object-id='{row.pk}']").check()
    visit.press(page.get_by_role("link", name="Répondre aux contributions choisies"))
    visit.check_office()
    main = page.get_by_role("main")
    main.get_by_label("Partir d’un modèle").select_option(label="Programmé en 2027")
    visit.press(main.get_by_role("button", name="Répondre"))
    said(page, "2 lignes traitées.")
    assert MapContribution.objects.filter(state="planned").count() == 2

    page = visit.open_office(f"/gestion/cartes/contributions/{rows[3].pk}/")
    expect(page.get_by_role("main")).to_contain_text("Prévu au budget 2027.")
    page = visit.open_office(f"/gestion/cartes/{map.pk}/synthese/")
    expect(page.get_by_role("main")).to_contain_text("3 contributions en ligne")
    expect(page.locator("#groupes")).to_be_visible()
    expect(page.get_by_role("cell", name="Bancs").first).to_be_visible()
