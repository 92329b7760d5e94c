"""A resident votes: chooses, reviews, confirms, keeps a receipt; then the count and the results."""

import re
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, Route, expect

from participation.budgets.models import Ballot, Poll, Project, VoterRecord
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

REVIEW, DEPOSIT = "Relire mon bulletin", "Déposer mon bulletin"
THANKS = "Merci d’avoir voté"
KINDS: dict[str, dict[str, Any]] = {
    "approval": {"max_choices": 2},
    "knapsack": {"max_choices": None},
    "cumulative": {"max_choices": None, "max_points": 7, "max_points_per_project": 3},
    "ordinal": {"max_choices": 3, "rank_scores": [3, 2, 1]},
    "choose_one": {"max_choices": 1},
}


@pytest.fixture
def town(transactional_db: None) -> Any:
    return make_territory("Villeneuve")


def poll_of(kind: str = "approval", **fields: Any) -> Poll:
    budget = make_budget(
        "decide",
        process__perimeter=make_territory("Villeneuve"),
        activity__slug="budget-villeneuve",
        ballot_kind=kind,
        **KINDS[kind] | fields,
    )
    category = make_category(budget, "Nature en ville")
    envelope = make_envelope(budget, slug="ville", name="Toute la ville", amount_cents=2_500_000)
    for reference, title in (("1", "Un verger"), ("2", "Des bancs"), ("3", "Une fontaine")):
        make_project(envelope, reference=reference, title=title, category=category)
    return make_poll(envelope=envelope)


@pytest.fixture
def poll(transactional_db: None) -> Poll:
    return poll_of()


@pytest.fixture
def voter(transactional_db: None) -> Any:
    return make_user("votante@example.org", password=PASSWORD, public_name="Sacha Essai")


def path_of(poll: Poll) -> str:
    return f"/budget/{poll.envelope.budget.activity.slug}/vote/{poll.envelope.slug}/"


def record_of(poll: Poll, voter: Any) -> VoterRecord:
    return VoterRecord.objects.get(poll=poll, voter__account=voter)


def step(page: Page, name: str) -> Any:
    """The step of the ballot that is on the screen: `choose`, `review` or `receipt`."""
    return page.locator(f"[data-step={name}]")


def code_on(page: Page) -> str:
    """The ballot code of the receipt, as it is published: without its blanks."""
    shown = page.locator("[data-ballot-code]").inner_text()
    assert re.fullmatch(r"([A-Z2-7]{4} ){5}[A-Z2-7]{4}", shown)
    return shown.replace(" ", "")


def deposit(visit: Visitor) -> None:
    """From the choice to the receipt, reading each step with axe."""
    page = visit.page
    page.get_by_role("button", name=REVIEW).click()
    expect(page.get_by_role("heading", name=REVIEW, level=1)).to_be_focused()
    visit.check()
    page.get_by_role("button", name=DEPOSIT).click()
    expect(page.get_by_role("heading", name=THANKS, level=1)).to_be_focused()
    visit.check()


def references(ballot: Ballot) -> list[str]:
    titles = dict(Project.objects.values_list("pk", "reference"))
    return [titles[key] for key in ballot.choices]


def choose(page: Page, kind: str) -> None:
    """Mark a ballot of that kind, so that the order and the numbers matter."""
    if kind in ("approval", "knapsack"):
        page.get_by_label("Une fontaine", exact=True).check()
        page.get_by_label("Un verger", exact=True).check()
    elif kind == "choose_one":
        page.get_by_label("Un verger", exact=True).check()
        page.get_by_label("Des bancs", exact=True).check()
    elif kind == "cumulative":
        page.get_by_label("Une fontaine", exact=True).fill("3")
        page.get_by_label("Un verger", exact=True).fill("1")
    else:
        page.get_by_label("Une fontaine", exact=True).select_option("1")
        page.get_by_label("Un verger", exact=True).select_option("2")


HELD: dict[str, tuple[list[str], list[int] | None]] = {
    "approval": (["1", "3"], None),
    "knapsack": (["1", "3"], None),
    "cumulative": (["1", "3"], [1, 3]),
    "ordinal": (["3", "1"], None),
    "choose_one": (["2"], None),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_ballot_sealed_in_the_browser_is_counted_as_it_was_chosen(
    visit: Visitor, voter: Any, kind: str
) -> None:
    poll = poll_of(kind)
    sent: list[Request] = []
    sign_in(visit, voter.email)
    visit.page.on("request", lambda request: sent.append(request))
    page = visit.open(path_of(poll))
    choose(page, kind)
    deposit(visit)
    code = code_on(page)
    record = record_of(poll, voter)
    expect(step(page, "receipt")).to_contain_text(record.deposit_code)
    assert record.casts == 1

    posts = [request for request in sent if request.method == "POST"]
    assert [request.url.rpartition("/vote/")[2] for request in posts] == ["ville/depot/"]
    body = parse_qs(posts[0].post_data)
    assert set(body) == {"csrfmiddlewaretoken", "cle", "enveloppe"}
    assert all(code not in request.url for request in sent)

    close_and_count(poll)
    ballot = Ballot.objects.get(poll=poll)
    assert (ballot.code, references(ballot), ballot.points) == (code, *HELD[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_ballot_without_javascript(
    visit_without_javascript: Visitor, voter: Any, kind: str
) -> None:
    poll = poll_of(kind)
    visit = visit_without_javascript
    sign_in(visit, voter.email)
    page = visit.page
    page.goto(visit.base_url + path_of(poll))
    choose(page, kind)
    page.get_by_role("button", name=REVIEW).click()
    page.get_by_role("button", name=DEPOSIT).click()
    page.get_by_role("heading", name=THANKS).wait_for()
    code = code_on(page)
    page.reload()  # sends the form again: the same ballot and the same receipt
    assert code_on(page) == code
    assert record_of(poll, voter).casts == 1
    page.goto(visit.base_url + path_of(poll) + "recepisse/")
    expect(page.get_by_role("main")).to_contain_text(record_of(poll, voter).deposit_code)
    expect(page.locator("[data-ballot-code]")).to_have_count(0)

    close_and_count(poll)
    ballot = Ballot.objects.get(poll=poll)
    assert (ballot.code, references(ballot), ballot.points) == (code, *HELD[kind])


def test_vote_again_and_see_the_results(visit: Visitor, poll: Poll, voter: Any) -> None:
    sign_in(visit, voter.email)
    page = visit.open(path_of(poll))
    expect(page.get_by_role("main")).to_contain_text("Sacha Essai")
    page.get_by_label("Un verger").check()
    page.get_by_label("Une fontaine").check()
    expect(page.locator("[data-announce]")).to_have_text("2 choix sur 2")
    page.get_by_label("Des bancs").click(force=True)  # a third: refused beside it
    expect(page.get_by_label("Des bancs")).not_to_be_checked()
    expect(page.get_by_text("Vous en avez déjà choisi 2")).to_be_visible()
    deposit(visit)
    first = record_of(poll, voter)

    page.get_by_role("link", name="Revoter").click()
    expect(page.get_by_role("note")).to_contain_text("déjà voté")
    expect(page.get_by_label("Un verger")).not_to_be_checked()
    page.get_by_label("Des bancs").check()
    deposit(visit)
    again = record_of(poll, voter)
    assert (again.casts, again.deposit_code != first.deposit_code) == (2, True)
    expect(step(page, "receipt")).to_contain_text("remplace votre bulletin précédent")

    tally = close_and_count(poll)
    assert (tally.voters, tally.ballots) == (1, 1)
    visit.open(f"/budget/{poll.envelope.budget.activity.slug}/resultats/")
    expect(page.get_by_role("main")).to_contain_text("Des bancs")


def test_vote_by_keyboard_alone(visit: Visitor, poll: Poll, voter: Any) -> None:
    sign_in(visit, voter.email)
    page = visit.open(path_of(poll))
    press_until_focused(page, page.get_by_label("Des bancs"))
    page.keyboard.press("Space")
    press_until_focused(page, page.get_by_role("button", name=REVIEW))
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name=DEPOSIT)
    confirm.wait_for()
    press_until_focused(page, page.get_by_role("button", name="Modifier mon choix"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Des bancs")).to_be_checked()
    press_until_focused(page, page.get_by_role("button", name=REVIEW))
    page.keyboard.press("Enter")
    press_until_focused(page, confirm)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=THANKS)).to_be_focused()
    assert record_of(poll, voter).casts == 1


def test_points_have_buttons_and_are_brought_back_to_the_limits(visit: Visitor, voter: Any) -> None:
    poll = poll_of("cumulative")
    sign_in(visit, voter.email)
    page = visit.open(path_of(poll))
    orchard = page.get_by_label("Un verger", exact=True)
    more = page.get_by_role("button", name="Un point de plus : Un verger")
    for _time in range(4):
        more.click()
    expect(orchard).to_have_value("3")
    expect(page.get_by_text("Nombre maximal de points pour un projet : 3.")).to_be_visible()
    page.get_by_label("Des bancs", exact=True).fill("3")
    page.get_by_label("Une fontaine", exact=True).fill("3")
    page.get_by_label("Une fontaine", exact=True).press("Enter")
    expect(page.get_by_label("Une fontaine", exact=True)).to_have_value("1")
    expect(page.locator("[data-count]")).to_have_text("Points donnés : 7 sur 7 · il en reste 0")
    visit.check()


def test_ranks_change_by_list_and_by_buttons(visit: Visitor, voter: Any) -> None:
    poll = poll_of("ordinal")
    sign_in(visit, voter.email)
    page = visit.open(path_of(poll))
    page.get_by_label("Un verger", exact=True).select_option("1")
    page.get_by_label("Des bancs", exact=True).select_option("2")
    page.get_by_label("Une fontaine", exact=True).select_option("1")
    expect(page.get_by_text("ce projet n’a plus de rang")).to_be_visible()
    page.get_by_text("Mon classement").click()
    page.get_by_role("button", name="Monter : Des bancs").click()
    expect(page.get_by_role("button", name="Descendre : Des bancs")).to_be_focused()
    visit.check()
    page.get_by_role("button", name=REVIEW).click()
    expect(step(page, "review").get_by_role("listitem").first).to_contain_text("Des bancs")
    page.go_back()
    expect(page.get_by_label("Des bancs", exact=True)).to_have_value("1")


def test_searching_and_reading_a_project_keep_the_choice(
    visit_phone: Visitor, poll: Poll, voter: Any
) -> None:
    sign_in(visit_phone, voter.email)
    page = visit_phone.open(path_of(poll))
    page.get_by_label("Une fontaine").check()
    page.get_by_label("Rechercher").fill("vérger")
    expect(page.get_by_label("Une fontaine")).to_be_hidden()
    expect(page.locator("[data-count]")).to_contain_text("1 choix")
    page.get_by_text("Lire la suite – Un verger").click()
    page.get_by_role("link", name="La page de ce projet").last.click()
    page.get_by_role("heading", level=1).wait_for()
    page.goto(visit_phone.base_url + path_of(poll))
    expect(page.get_by_label("Une fontaine")).to_be_checked()


def test_a_lost_answer_is_asked_again_and_gives_one_ballot(
    visit_phone: Visitor, poll: Poll, voter: Any
) -> None:
    bodies: list[str | None] = []

    def lose_the_answer(route: Route) -> None:
        bodies.append(route.request.post_data)
        if len(bodies) < 3:
            route.fetch()  # the server has it; the browser never hears of it
            route.abort()
        else:
            route.continue_()

    sign_in(visit_phone, voter.email)
    page = visit_phone.open(path_of(poll))
    page.route("**/depot/", lose_the_answer)
    page.get_by_label("Un verger").check()
    page.get_by_role("button", name=REVIEW).click()
    page.get_by_role("button", name=DEPOSIT).dblclick()
    expect(page.get_by_role("status").filter(has_text="nouvel essai")).to_be_visible()
    expect(page.get_by_role("heading", name=THANKS)).to_be_focused()
    assert len(bodies) == 3
    assert len(set(bodies)) == 1
    assert record_of(poll, voter).casts == 1
    code = code_on(page)
    close_and_count(poll)
    assert Ballot.objects.get(poll=poll).code == code


def test_offline_waits_and_an_unreachable_site_is_tried_again_by_hand(
    visit_phone: Visitor, poll: Poll, voter: Any
) -> None:
    sign_in(visit_phone, voter.email)
    page = visit_phone.open(path_of(poll))
    page.get_by_label("Un verger").check()
    page.get_by_role("button", name=REVIEW).click()
    visit_phone.context.set_offline(True)
    page.get_by_role("button", name=DEPOSIT).click()
    expect(page.get_by_role("status").filter(has_text="hors ligne")).to_be_visible()
    assert not VoterRecord.objects.filter(poll=poll).exists()
    visit_phone.context.set_offline(False)
    expect(page.get_by_role("heading", name=THANKS)).to_be_focused()

    page.clock.install()
    page.get_by_role("link", name="Revoter").click()
    page.route("**/depot/", lambda route: route.fulfill(status=503, body="…"))
    page.get_by_label("Des bancs").check()
    page.get_by_role("button", name=REVIEW).click()
    page.get_by_role("button", name=DEPOSIT).click()
    again = page.get_by_role("button", name="Réessayer")
    for _pause in range(6):
        expect(
            page.get_by_role("status").filter(has_text=re.compile("essai|répond"))
        ).to_be_visible()
        page.clock.run_for(16_000)
    again.wait_for()
    visit_phone.check()
    page.unroute("**/depot/")
    again.click()
    expect(page.get_by_role("heading", name=THANKS)).to_be_focused()
    assert record_of(poll, voter).casts == 2


def test_a_browser_that_fails_to_seal_asks_before_the_server_does(
    visit_phone: Visitor, poll: Poll, voter: Any
) -> None:
    sign_in(visit_phone, voter.email)
    page = visit_phone.open(path_of(poll))
    page.evaluate("() => { crypto.subtle.encrypt = () => Promise.reject(new Error('broken')); }")
    page.get_by_label("Un verger").check()
    page.get_by_role("button", name=REVIEW).click()
    page.get_by_role("button", name=DEPOSIT).click()
    expect(page.get_by_text("Votre navigateur n’a pas pu sceller")).to_be_visible()
    visit_phone.check()
    assert not VoterRecord.objects.filter(poll=poll).exists()
    page.get_by_role("button", name="Faire sceller mon bulletin par le serveur").click()
    page.wait_for_url("**/relecture/")
    expect(page.get_by_role("main")).to_contain_text("Un verger")
    page.get_by_role("button", name=DEPOSIT).click()
    page.get_by_role("heading", name=THANKS).wait_for()
    assert record_of(poll, voter).casts == 1


def test_a_browser_without_x25519_goes_by_the_server(
    visit_phone: Visitor, poll: Poll, voter: Any
) -> None:
    page = visit_phone.page
    page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error('unknown'))")
    sign_in(visit_phone, voter.email)
    visit_phone.open(path_of(poll))
    page.get_by_label("Un verger").check()
    page.get_by_role("button", name=REVIEW).click()
    page.wait_for_url("**/relecture/")
    expect(page.get_by_role("main")).to_contain_text("Le serveur du site scelle votre bulletin")
    visit_phone.check()
    page.get_by_role("button", name=DEPOSIT).click()
    page.get_by_role("heading", name=THANKS).wait_for()
    visit_phone.check()
    assert record_of(poll, voter).casts == 1


def test_a_session_that_changed_hands_asks_again(
    visit_phone: Visitor, poll: Poll, voter: Any
) -> None:
    sign_in(visit_phone, voter.email)
    page = visit_phone.open(path_of(poll))
    page.get_by_label("Un verger").check()
    page.get_by_role("button", name=REVIEW).click()
    elsewhere = visit_phone.context.new_page()
    elsewhere.goto(f"{visit_phone.base_url}/compte/deconnexion/")
    elsewhere.get_by_role("main").get_by_role("button").first.click()
    elsewhere.wait_for_url(lambda url: "deconnexion" not in url)
    page.get_by_role("button", name=DEPOSIT).click()
    expect(page.get_by_role("alert").filter(has_text="pas été déposé")).to_be_visible()
    assert not VoterRecord.objects.filter(poll=poll).exists()
    visit_phone.check()
    # The way back in is beside the reason, and leads to the choice as it was.
    page.get_by_role("link", name="Choisir comment venir").click()
    page.get_by_role("main").get_by_role("link", name="Se connecter").click()
    page.locator("[name=login]").fill(voter.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url(f"**{path_of(poll)}")
    expect(page.get_by_label("Un verger")).to_be_checked()


def test_who_may_not_vote_is_told_why(visit: Visitor) -> None:
    poll = poll_of(process__minimum_age=16)
    stranger = make_user("inconnue@example.org", password=PASSWORD, birth_date=None)
    sign_in(visit, stranger.email)
    page = visit.open(path_of(poll))
    expect(page.get_by_role("main")).to_contain_text("date de naissance")
    assert not VoterRecord.objects.filter(poll=poll).exists()
