"""A resident votes: chooses, reviews, confirms, keeps a receipt; then the count and the results."""

from typing import Any

import pytest
from playwright.sync_api import expect

from participation.budgets.models import Budget, Poll, VoterRecord
from tests.e2e.conftest import PASSWORD, Visitor, sign_in
from tests.e2e.test_idea_journey import press_until_focused
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    close_and_count,
    make_budget,
    make_category,
    make_envelope,
    make_poll,
    make_project,
)


@pytest.fixture
def town(transactional_db: None) -> Any:
    return make_territory("Villeneuve")


@pytest.fixture
def budget(town: Any) -> Budget:
    return make_budget(
        "decide", process__perimeter=town, activity__slug="budget-villeneuve", max_choices=2
    )


@pytest.fixture
def poll(budget: Budget) -> Poll:
    category = make_category(budget, "Nature en ville")
    envelope = make_envelope(budget, slug="ville", name="Toute la ville")
    for reference, title in (("1", "Un verger"), ("2", "Des bancs"), ("3", "Une fontaine")):
        make_project(envelope, reference=reference, title=title, category=category)
    return make_poll(envelope=envelope)


@pytest.fixture
def voter(town: Any) -> Any:
    return make_user("votante@example.org", password=PASSWORD, public_name="Sacha Essai")


def ballot_path(budget: Budget) -> str:
    return f"/budget/{budget.activity.slug}/vote/ville/"


def test_choose_review_confirm_and_vote_again(
    visit: Visitor, budget: Budget, poll: Poll, voter: Any
) -> None:
    sign_in(visit, voter.email)
    page = visit.open(ballot_path(budget))
    page.get_by_label("Un verger").check()
    page.get_by_label("Une fontaine").check()
    expect(page.get_by_role("status").filter(has_text="2")).not_to_have_count(0)
    page.get_by_role("button", name="Relire mon bulletin").click()
    visit.check()
    page.get_by_role("button", name="Déposer mon bulletin").click()
    page.wait_for_url("**/recepisse/")
    visit.check()
    record = VoterRecord.objects.get(poll=poll, voter__account=voter)
    expect(page.get_by_role("main")).to_contain_text(record.deposit_code)
    assert record.casts == 1

    visit.open(ballot_path(budget))
    page.get_by_label("Des bancs").check()
    page.get_by_role("button", name="Relire mon bulletin").click()
    page.get_by_role("button", name="Déposer mon bulletin").click()
    page.wait_for_url("**/recepisse/")
    again = VoterRecord.objects.get(poll=poll, voter__account=voter)
    assert again.casts == 2
    assert again.deposit_code != record.deposit_code

    tally = close_and_count(poll)
    assert (tally.voters, tally.ballots) == (1, 1)
    visit.open(f"/budget/{budget.activity.slug}/resultats/")
    expect(page.get_by_role("main")).to_contain_text("Des bancs")
    visit.open(f"/budget/{budget.activity.slug}/realisations/")


def test_vote_by_keyboard_alone(visit: Visitor, budget: Budget, poll: Poll, voter: Any) -> None:
    sign_in(visit, voter.email)
    page = visit.open(ballot_path(budget))
    press_until_focused(page, page.get_by_label("Des bancs"))
    page.keyboard.press("Space")
    press_until_focused(page, page.get_by_role("button", name="Relire mon bulletin"))
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name="Déposer mon bulletin")
    confirm.wait_for()
    press_until_focused(page, confirm)
    page.keyboard.press("Enter")
    page.wait_for_url("**/recepisse/")
    assert VoterRecord.objects.filter(poll=poll, voter__account=voter).count() == 1


def test_vote_without_javascript(
    visit_without_javascript: Visitor, budget: Budget, poll: Poll, voter: Any
) -> None:
    visit = visit_without_javascript
    sign_in(visit, voter.email)
    page = visit.page
    page.goto(visit.base_url + ballot_path(budget))
    for title in ("Un verger", "Des bancs", "Une fontaine"):
        page.get_by_label(title).check()
    page.get_by_role("button", name="Relire mon bulletin").click()
    expect(page.get_by_role("alert")).to_contain_text("2")  # at most two: said, nothing lost
    assert not VoterRecord.objects.filter(poll=poll).exists()
    page.get_by_label("Un verger").uncheck()
    page.get_by_role("button", name="Relire mon bulletin").click()
    page.get_by_role("button", name="Déposer mon bulletin").click()
    page.wait_for_url("**/recepisse/")
    assert VoterRecord.objects.filter(poll=poll, voter__account=voter).count() == 1


def test_who_may_not_vote_is_told_why(visit: Visitor, budget: Budget, poll: Poll) -> None:
    process = budget.activity.process
    process.minimum_age = 16
    process.save()
    stranger = make_user("inconnue@example.org", password=PASSWORD, birth_date=None)
    sign_in(visit, stranger.email)
    page = visit.open(ballot_path(budget))
    expect(page.get_by_role("main")).to_contain_text("date de naissance")
    assert not VoterRecord.objects.filter(poll=poll).exists()
