"""A resident checks a published vote: finds a ballot, verifies in the browser, is told of fraud."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Route, expect

from participation.budgets.models import Poll
from participation.core.choices import Step
from tests.e2e.conftest import Visitor
from tests.factories.accounts import make_territory
from tests.factories.budgets import make_counted_poll
from tests.factories.set_aside import make_poll_with_a_crowd_set_aside, revise
from tests.participation.budgets.published import (
    ballot_code,
    count_and_publish,
    fill_box,
    make_vote,
)

BOX = [(0, 1)] * 30 + [(2, 3, 4)] * 15 + [(1, 3)] * 10 + [(2,)] * 25


@pytest.fixture
def poll(transactional_db: None) -> Iterator[Poll]:
    town = make_territory("Villeneuve")
    made = make_vote(process__perimeter=town)
    north, south = (make_territory(name, kind="neighbourhood") for name in ("Nord", "Sud"))
    fill_box(made, BOX, paper=25, void=1, districts=(north, south, None))
    yield count_and_publish(made, void=1)
    shutil.rmtree(settings.PUBLICATIONS_DIR, ignore_errors=True)


def proof_path(poll: Poll) -> str:
    envelope = poll.envelope
    return f"/budget/{envelope.budget.activity.slug}/resultats/{envelope.slug}/publication/"


def outcomes(page: Any) -> dict[str, str]:
    """What the page said of each check."""
    return {
        item.get_attribute("data-check"): item.get_attribute("data-outcome")
        for item in page.locator("[data-check]").all()
    }


def test_from_the_results_to_the_proof(visit: Visitor, poll: Poll) -> None:
    page = visit.open(f"/budget/{poll.envelope.budget.activity.slug}/resultats/")
    expect(page.get_by_role("img", name="de l’argent va aux lauréats")).to_be_visible()
    expect(page.get_by_role("table", name="Votants par quartier")).to_contain_text("Nord")
    page.get_by_text("Le dépouillement, tour par tour").click()
    expect(page.get_by_text("Lauréat", exact=True).first).to_be_visible()
    visit.press(page.get_by_role("link", name="Vérifier ce vote"))
    visit.check()

    page.get_by_label("Code de bulletin").fill(
        ballot_code(0).lower()[:12] + " " + ballot_code(0)[12:]
    )
    visit.press(page.get_by_role("button", name="Chercher"))
    visit.check()
    expect(page.get_by_role("status").filter(has_text="Projet « 2 »")).to_be_visible()
    assert ballot_code(0) not in page.url

    page.get_by_role("button", name="Vérifier dans ce navigateur").click()
    expect(page.get_by_text("Tout ce que cette page vérifie est juste.")).to_be_visible()
    assert set(outcomes(page).values()) == {"holds"}
    expect(page.get_by_text("Recompté : les mêmes 3 lauréats.")).to_be_visible()
    visit.check()

    visit.press(page.get_by_role("link", name="Comment votre vote est protégé").last)
    visit.check()
    expect(page.get_by_role("heading", name="Ce que rien ne protège")).to_be_visible()


SHARED = {"rule": "equal_shares", "completion": "add1"}


@pytest.mark.parametrize(
    "rules",
    [
        {**SHARED, "stops_when_exhaustive": True},
        {**SHARED, "completion": "add1u", "satisfaction": "cardinality"},
        {**SHARED, "district_quota_cents": 1_300_000, "remainder": "pooled"},
        {"rule": "phragmen"},
        {"rule": "phragmen", "district_quota_cents": 1_300_000, "remainder": "pooled"},
    ],
)
def test_the_page_counts_again_by_the_rules_that_share_the_money(
    visit_desktop: Visitor, transactional_db: None, rules: dict[str, Any]
) -> None:
    made = make_vote(districts=("Nord", "Sud"), **rules)
    fill_box(made, BOX, paper=25)
    poll = count_and_publish(made)
    winners = len(poll.tally.result["winners"])
    assert winners > 1
    page = visit_desktop.page
    visit_desktop.open(proof_path(poll))
    page.get_by_role("button", name="Vérifier dans ce navigateur").click()
    expect(page.get_by_text("Tout ce que cette page vérifie est juste.")).to_be_visible()
    assert set(outcomes(page).values()) == {"holds"}
    expect(page.get_by_text(f"Recompté : les mêmes {winners} lauréats.")).to_be_visible()

    def swap(route: Route) -> None:
        response = route.fetch()
        first, second = poll.tally.result["winners"][:2]
        found, put = f'"winners":["{first}","{second}"', f'"winners":["{second}","{first}"'
        assert found in response.text()
        route.fulfill(response=response, body=response.text().replace(found, put))

    page.route("**/publication/result.json", swap)
    page.get_by_role("button", name="Vérifier dans ce navigateur").click()
    expect(page.get_by_text("Quelque chose est faux")).to_be_visible()
    assert outcomes(page)["recount"] == "fails"
    shutil.rmtree(settings.PUBLICATIONS_DIR, ignore_errors=True)


def test_the_page_checks_both_counts_of_a_vote_that_was_judged(
    visit_desktop: Visitor, transactional_db: None
) -> None:
    poll = make_poll_with_a_crowd_set_aside(crowd=21)
    revise(poll)
    page = visit_desktop.page
    for path in (proof_path(poll), proof_path(poll) + "premier-compte/"):
        visit_desktop.open(path)
        page.get_by_role("button", name="Vérifier dans ce navigateur").click()
        expect(page.get_by_text("Tout ce que cette page vérifie est juste.")).to_be_visible()
        assert set(outcomes(page).values()) == {"holds"}
        visit_desktop.check()

    def hide(route: Route) -> None:
        response = route.fetch()
        text = re.sub(r',"replaces":"[0-9a-f]{64}"', "", response.text())
        assert text != response.text()
        route.fulfill(response=response, body=text)

    page.route("**/publication/manifest.json", hide)
    visit_desktop.open(proof_path(poll))
    page.get_by_role("button", name="Vérifier dans ce navigateur").click()
    expect(page.get_by_text("Quelque chose est faux")).to_be_visible()
    assert {"chain", "signature"} <= {
        code for code, outcome in outcomes(page).items() if outcome == "fails"
    }
    shutil.rmtree(settings.PUBLICATIONS_DIR, ignore_errors=True)


@pytest.mark.parametrize(
    ("name", "found", "put", "seen"),
    [
        ("scrutin.pb", "P1,P2", "P1,P3", {"files", "inputs", "recount"}),
        ("journal.csv", ";cast;", ";paper;", {"files", "chain", "box"}),
        ("options.json", '"skip"', '"stop"', {"files", "options"}),
        ("manifest.sig", "a", "b", {"signature"}),
        ("manifest.json", '"poll":', '"poll" :', {"files", "signature"}),
    ],
)
def test_a_file_that_is_altered_on_the_way_is_told(
    visit_desktop: Visitor, poll: Poll, name: str, found: str, put: str, seen: set[str]
) -> None:
    def alter(route: Route) -> None:
        response = route.fetch()
        text = response.text()
        assert found in text
        route.fulfill(response=response, body=text.replace(found, put, 1))

    page = visit_desktop.page
    page.route(f"**/publication/{name}", alter)
    visit_desktop.open(proof_path(poll))
    page.get_by_role("button", name="Vérifier dans ce navigateur").click()
    expect(page.get_by_text("Quelque chose est faux")).to_be_visible()
    said = outcomes(page)
    assert seen <= {code for code, outcome in said.items() if outcome == "fails"}
    visit_desktop.check()


def test_a_file_that_does_not_come_is_no_fraud(visit_desktop: Visitor, poll: Poll) -> None:
    page = visit_desktop.page
    page.route("**/publication/roll.json", lambda route: route.fulfill(status=500))
    visit_desktop.open(proof_path(poll))
    page.get_by_role("button", name="Vérifier dans ce navigateur").click()
    expect(page.get_by_text("Un fichier n’a pas pu être lu : roll.json (500).")).to_be_visible()


def test_without_javascript_everything_is_still_there(
    visit_without_javascript: Visitor, poll: Poll
) -> None:
    page = visit_without_javascript.page
    page.goto(visit_without_javascript.base_url + proof_path(poll))
    expect(page.get_by_role("button", name="Vérifier dans ce navigateur")).to_be_hidden()
    expect(page.get_by_text("python3 publication/recompte.py publication").first).to_be_visible()
    page.get_by_label("Code de bulletin").fill("p 1 3")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("status").filter(has_text="P-001-03")).to_be_visible()
    page.get_by_label("Code de bulletin").fill("0000")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Aucun bulletin ne porte ce code dans ce vote.")).to_be_visible()


def test_the_whole_protocol_is_found_sound(visit_desktop: Visitor, transactional_db: None) -> None:
    """Ballots that were cast, closed, opened by the board and counted as in real life."""
    tally = make_counted_poll(ballots=6)
    visit_desktop.open(proof_path(tally.poll))
    page = visit_desktop.page
    page.get_by_role("button", name="Vérifier dans ce navigateur").click()
    expect(page.get_by_text("Tout ce que cette page vérifie est juste.")).to_be_visible()
    assert set(outcomes(page).values()) == {"holds"}
    assert tally.poll.envelope.budget.activity.phases.filter(step=Step.DECIDE).exists()
    shutil.rmtree(settings.PUBLICATIONS_DIR, ignore_errors=True)
