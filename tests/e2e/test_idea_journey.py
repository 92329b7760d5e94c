"""A resident submits an idea: on a phone and a desktop, by keyboard alone, without JavaScript."""

import datetime
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from maps.models import Territory
from participation.budgets.models import Budget, Idea
from participation.core.choices import Visibility
from tests.e2e.conftest import PASSWORD, Visitor, run_queue, sign_in
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import make_budget, make_category, make_idea

TITLE = "Des bancs à l’ombre devant la gare"
BODY = "Cinq bancs avec dossier, sous les arbres, pour attendre le train."


@pytest.fixture
def town(transactional_db: None) -> Territory:
    city = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    make_territory("La Gare", kind="neighbourhood", parent=city, bounds=(1.3, 43.5, 1.45, 43.7))
    make_territory("Le Port", kind="neighbourhood", parent=city, bounds=(1.45, 43.5, 1.6, 43.7))
    return city


@pytest.fixture
def budget(town: Territory) -> Budget:
    budget = make_budget("collect", process__perimeter=town, activity__slug="budget-villeneuve")
    make_category(budget, "Cadre de vie")
    make_category(budget, "Nature en ville")
    return budget


@pytest.fixture
def resident(town: Territory) -> Any:
    return make_user("resident@example.org", password=PASSWORD, public_name="Camille Essai")


def fill_idea(page: Page) -> None:
    page.get_by_label("Titre de votre idée").fill(TITLE)
    page.get_by_label("Description", exact=True).fill(BODY)
    page.get_by_label("Thème").select_option(label="Cadre de vie")
    page.get_by_label("Adresse ou nom du lieu").fill("Parvis de la gare")
    page.get_by_label("Quartier").select_option(label="La Gare")
    page.get_by_label("Coût estimé").fill("12 500,50")


def assert_submitted(budget: Budget) -> Idea:
    idea = Idea.objects.select_related("contribution__territory").get(budget=budget)
    contribution = idea.contribution
    assert (contribution.title, contribution.body) == (TITLE, BODY)
    assert contribution.territory.name == "La Gare"
    assert idea.estimated_cost_cents == 1_250_050
    assert contribution.visibility == Visibility.PUBLISHED
    return idea


def test_counters_of_characters_move_nothing(visit: Visitor, budget: Budget, resident: Any) -> None:
    sign_in(visit, resident.email)
    page = visit.open(f"/budget/{budget.activity.slug}/idees/proposer/")
    expect(page.locator(".counter").first).to_be_visible()
    counters, with_them, without = page.evaluate("""() => {
      const above = (element) => Math.round(element.getBoundingClientRect().top + scrollY);
      const tops = () => [...document.querySelectorAll("main .field")].map(above);
      const counters = [...document.querySelectorAll(".counter")], shown = tops();
      counters.forEach((counter) => counter.remove());
      return [counters.length, shown, tops()];
    }""")
    assert counters == 2
    assert with_them == without


def test_submit_support_comment(visit: Visitor, budget: Budget, resident: Any) -> None:
    sign_in(visit, resident.email)
    page = visit.open(f"/budget/{budget.activity.slug}/")
    page.get_by_role("main").get_by_role("link", name="Déposer une idée").first.click()
    visit.check()
    fill_idea(page)
    page.get_by_role("button", name="Déposer mon idée").click()
    page.wait_for_url("**/recepisse/")
    visit.check()
    idea = assert_submitted(budget)
    expect(page.get_by_role("main")).to_contain_text(idea.contribution.receipt_number)

    run_queue()
    assert [message.to for message in mail.outbox] == [[resident.email]]
    assert idea.contribution.receipt_number in mail.outbox[0].body

    visit.open(f"/budget/{budget.activity.slug}/idees/{idea.pk}/")
    comment = page.get_by_label("Votre commentaire")
    comment.fill("Je le souhaite aussi.")
    comment.evaluate("field => { field.style.height = '20rem'; }")  # its corner is dragged
    page.get_by_role("button", name="Envoyer mon commentaire").click()
    expect(page.get_by_role("main")).to_contain_text("Je le souhaite aussi.")
    expect(page.locator("#commentaires .counter").first).to_have_text("0 / 2000")
    visit.check()


def test_browse_filter_share(visit: Visitor, budget: Budget, resident: Any) -> None:
    nature = budget.categories.get(name="Nature en ville")
    life = budget.categories.get(name="Cadre de vie")
    make_idea(budget, author=resident, title="Planter un verger", category=nature)
    make_idea(budget, author=resident, title="Des bancs neufs", category=life)
    page = visit.open(f"/budget/{budget.activity.slug}/idees/?categorie={nature.pk}")
    expect(page.get_by_role("heading", name="Planter un verger")).to_be_visible()
    expect(page.get_by_role("heading", name="Des bancs neufs")).to_have_count(0)
    for view in ("liste", "plan"):
        visit.open(f"/budget/{budget.activity.slug}/idees/?categorie={nature.pk}&vue={view}")
        expect(page.get_by_role("main")).to_contain_text("Planter un verger")
        expect(page.get_by_role("main")).not_to_contain_text("Des bancs neufs")


def test_submit_by_keyboard_alone(visit: Visitor, budget: Budget, resident: Any) -> None:
    sign_in(visit, resident.email)
    page = visit.open(f"/budget/{budget.activity.slug}/idees/proposer/")
    press_until_focused(page, page.get_by_label("Titre de votre idée"))
    page.keyboard.type(TITLE)
    press_until_focused(page, page.get_by_label("Description", exact=True))
    page.keyboard.type(BODY)
    press_until_focused(page, page.get_by_label("Thème"))
    page.keyboard.type("Cadre")
    press_until_focused(page, page.get_by_label("Quartier"))
    page.keyboard.type("La Gare")
    press_until_focused(page, page.get_by_label("Coût estimé"))
    page.keyboard.type("12500,50")
    press_until_focused(page, page.get_by_role("button", name="Déposer mon idée"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/recepisse/")
    assert_submitted(budget)


def test_submit_without_javascript(
    visit_without_javascript: Visitor, budget: Budget, resident: Any
) -> None:
    visit = visit_without_javascript
    sign_in(visit, resident.email)
    page = visit.page
    page.goto(f"{visit.base_url}/budget/{budget.activity.slug}/idees/proposer/")
    fill_idea(page)
    page.get_by_role("button", name="Déposer mon idée").click()
    page.wait_for_url("**/recepisse/")
    assert_submitted(budget)


def test_what_was_typed_is_kept_when_the_phase_closes_meanwhile(
    visit: Visitor, budget: Budget, resident: Any
) -> None:
    sign_in(visit, resident.email)
    page = visit.open(f"/budget/{budget.activity.slug}/idees/proposer/")
    fill_idea(page)
    phase = budget.activity.phases.get(step="collect")
    phase.period = type(phase.period)(
        phase.period.lower, phase.period.lower + datetime.timedelta(days=1)
    )
    phase.save()
    page.get_by_role("button", name="Déposer mon idée").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Titre de votre idée")).to_have_value(TITLE)
    expect(page.get_by_label("Description", exact=True)).to_have_value(BODY)
    assert not Idea.objects.filter(budget=budget).exists()
    visit.check()


def press_until_focused(page: Page, target: Any, most: int = 80) -> None:
    """Press Tab until `target` has the focus: the only way of someone without a pointer."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key never reaches {target}.")
