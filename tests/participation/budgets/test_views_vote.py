"""The vote as a voter lives it, without JavaScript: choose, review, confirm, receipt."""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import Poll, Project, VoterRecord
from participation.budgets.services.vote.paper import mark_paper
from participation.core.choices import Step
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    cast,
    elector_of,
    make_budget,
    make_category,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
    move_to,
)
from tests.participation.budgets.reading import hidden_fields, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def poll() -> Poll:
    return make_poll(make_budget(Step.DECIDE, max_choices=2), projects=4)


@pytest.fixture
def voter(client: Client) -> Any:
    user = make_user()
    client.force_login(user, backend=BACKEND)
    return user


def url(poll: Poll, name: str = "ballot") -> str:
    envelope = poll.envelope
    return reverse(f"budgets:{name}", args=[envelope.budget.activity.slug, envelope.slug])


def projects(poll: Poll) -> list[Project]:
    return list(poll.envelope.projects.order_by("reference"))


def shown(response: Any) -> list[int]:
    """Keys of the projects on a ballot, in their order."""
    return [line.project.pk for line in response.context["lines"]]


def chosen(response: Any) -> list[int]:
    """Keys of the projects marked on a page, best first when ranked."""
    return [line.project.pk for line in response.context["basket"].lines]


def reasons(response: Any) -> list[str]:
    """Codes of what keeps somebody from voting."""
    return [refusal.code for refusal, _mending in response.context["reasons"]]


def test_choose_review_confirm_receipt(client: Client, poll: Poll, voter: Any) -> None:
    first, second = projects(poll)[:2]
    page = client.get(url(poll))
    assert set(shown(page)) == {p.pk for p in projects(poll)}
    review = client.post(url(poll, "ballot_review"), {"choix": [first.pk, second.pk]})
    assert chosen(review) == [first.pk, second.pk]
    assert not VoterRecord.objects.exists()
    key = hidden_fields(review)["cle"]
    done = client.post(
        url(poll, "ballot_review"),
        {"choix": [first.pk, second.pk], "cle": key, "action": "confirm"},
    )
    record = VoterRecord.objects.get()
    assert (record.voter.account, record.casts) == (voter, 1)
    sheet = done.context["sheet"]
    assert sheet.deposit_code == record.deposit_code
    assert " ".join(re.findall("....", sheet.ballot_code)) in text_of(done)
    kept = text_of(client.get(url(poll, "ballot_receipt")))
    assert record.deposit_code in kept
    assert sheet.ballot_code[:4] not in kept
    assert first.title not in text_of(done) + kept


def test_confirming_twice_is_one_ballot(client: Client, poll: Poll, voter: Any) -> None:
    form = {"choix": [projects(poll)[0].pk], "cle": str(uuid.uuid4()), "action": "confirm"}
    first = client.post(url(poll, "ballot_review"), form)
    second = client.post(url(poll, "ballot_review"), form)
    assert first.context["sheet"] == second.context["sheet"]
    assert VoterRecord.objects.get().casts == 1


def test_voting_again_replaces_and_never_shows_the_former_choice(
    client: Client, poll: Poll, voter: Any
) -> None:
    first, second = projects(poll)[:2]
    cast(poll, [first], voter)
    page = client.get(url(poll))
    assert page.context["record"] is not None
    assert chosen(page) == []
    client.post(
        url(poll, "ballot_review"),
        {"choix": [second.pk], "cle": str(uuid.uuid4()), "action": "confirm"},
    )
    assert VoterRecord.objects.get().casts == 2


def test_filtering_without_javascript_never_loses_the_choice(client: Client, voter: Any) -> None:
    budget = make_budget(Step.DECIDE)
    trees, streets = make_category(budget, "Arbres"), make_category(budget, "Rues")
    envelope = make_envelope(budget)
    oak = make_project(envelope, title="Un chêne centenaire", category=trees)
    lane = make_project(envelope, title="Une voie apaisée", category=streets)
    poll = make_poll(budget, envelope=envelope)
    filtered = client.post(
        url(poll), {"choix": [oak.pk], "categorie": streets.pk, "action": "filter"}
    )
    assert shown(filtered) == [lane.pk]
    assert [line.project.pk for line in filtered.context["hidden"]] == [oak.pk]
    assert hidden_fields(filtered)["choix"] == str(oak.pk)
    by_text = client.post(url(poll), {"choix": [oak.pk], "q": "CHENE", "action": "filter"})
    assert shown(by_text) == [oak.pk]
    cleared = client.post(url(poll), {"choix": [oak.pk, lane.pk], "q": "rien", "action": "clear"})
    assert set(shown(cleared)) == {oak.pk, lane.pk}
    assert set(chosen(cleared)) == {oak.pk, lane.pk}


def test_recalculating_says_what_is_left(client: Client, voter: Any) -> None:
    budget = make_budget(Step.DECIDE, ballot_kind="knapsack", max_choices=None)
    envelope = make_envelope(budget, amount_cents=3_000_000)
    rows = [make_project(envelope, cost_cents=cost) for cost in (1_000_000, 1_500_000, 2_000_000)]
    poll = make_poll(budget, envelope=envelope)
    page = client.post(url(poll), {"choix": [rows[0].pk, rows[1].pk], "action": "recalculate"})
    basket = page.context["basket"]
    assert (basket.count, basket.spent_cents, basket.left_cents) == (2, 2_500_000, 500_000)
    over = client.post(url(poll, "ballot_review"), {"choix": [row.pk for row in rows]})
    assert [refusal.code for refusal in over.context["problems"]] == ["over_budget"]
    assert over.context["basket"].left_cents == -1_500_000
    assert set(chosen(over)) == {row.pk for row in rows}


@pytest.mark.parametrize(("number", "code"), [(0, "too_few"), (3, "too_many")])
def test_a_ballot_outside_the_limits_is_shown_again_with_its_reason(
    client: Client, poll: Poll, voter: Any, number: int, code: str
) -> None:
    choices = [project.pk for project in projects(poll)[:number]]
    page = client.post(url(poll, "ballot_review"), {"choix": choices})
    assert [refusal.code for refusal in page.context["problems"]] == [code]
    assert chosen(page) == choices


def test_what_is_no_project_is_never_cast(client: Client, poll: Poll, voter: Any) -> None:
    foreign = make_project()
    form = {
        "choix": [str(projects(poll)[0].pk), "abc", "-1", "9" * 30, str(foreign.pk)],
        "cle": str(uuid.uuid4()),
        "action": "confirm",
    }
    page = client.post(url(poll, "ballot_review"), form)
    assert page.status_code == 200
    assert [refusal.code for refusal in page.context["problems"]] == ["unknown_project"]
    assert not VoterRecord.objects.exists()


def test_a_broken_key_asks_to_confirm_again(client: Client, poll: Poll, voter: Any) -> None:
    form = {"choix": [projects(poll)[0].pk], "cle": "périmée", "action": "confirm"}
    page = client.post(url(poll, "ballot_review"), form)
    assert uuid.UUID(hidden_fields(page)["cle"])
    assert not VoterRecord.objects.exists()


def test_an_expired_token_keeps_the_choice(poll: Poll) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(), backend=BACKEND)
    first = projects(poll)[0]
    page = client.post(
        url(poll, "ballot_review"),
        {"choix": [first.pk], "cle": str(uuid.uuid4()), "action": "confirm"},
    )
    assert chosen(page) == [first.pk]
    assert not VoterRecord.objects.exists()
    hidden = hidden_fields(page)
    done = client.post(url(poll, "ballot_review"), {**hidden, "action": "confirm"})
    assert done.context["sheet"].deposit_code == VoterRecord.objects.get().deposit_code


def test_the_vote_closed_while_the_ballot_was_open(client: Client, poll: Poll, voter: Any) -> None:
    first = projects(poll)[0]
    move_to(poll.envelope.budget, Step.FOLLOW)
    form = {"choix": [first.pk], "cle": str(uuid.uuid4()), "action": "confirm"}
    page = client.post(url(poll, "ballot_review"), form)
    assert page.status_code == 403
    assert reasons(page) == ["voting_closed"]
    assert [project.pk for project in page.context["chosen"]] == [first.pk]
    assert not VoterRecord.objects.exists()


def test_the_vote_is_not_open_yet(client: Client, poll: Poll, voter: Any) -> None:
    move_to(poll.envelope.budget, Step.COLLECT)
    page = client.get(url(poll))
    assert reasons(page) == ["voting_not_open"]


@pytest.mark.parametrize(
    ("user_fields", "process_fields", "codes", "mended_by"),
    [
        ({"verified": False}, {}, ["email_unverified"], "account_email"),
        ({"birth_date": None}, {"process__minimum_age": 16}, ["birth_date_missing"], "profile"),
        (
            {"birth_date": datetime.date(2020, 1, 1)},
            {"process__minimum_age": 16},
            ["too_young"],
            "",
        ),
        ({}, {"process__residents_only": True}, ["residence_missing"], "profile"),
    ],
)
def test_who_may_not_vote_is_told_why_and_how_to_mend_it(
    client: Client, user_fields: Any, process_fields: Any, codes: list[str], mended_by: str
) -> None:
    poll = make_poll(make_budget(Step.DECIDE, **process_fields))
    client.force_login(make_user(**user_fields), backend=BACKEND)
    page = client.get(url(poll))
    assert reasons(page) == codes
    assert bool(page.context["reasons"][0][1]) == bool(mended_by)
    form = {"choix": [projects(poll)[0].pk], "cle": str(uuid.uuid4()), "action": "confirm"}
    assert client.post(url(poll, "ballot_review"), form).status_code == 403
    assert not VoterRecord.objects.exists()


def test_all_the_reasons_come_at_once(client: Client) -> None:
    budget = make_budget(Step.DECIDE, process__residents_only=True, process__minimum_age=16)
    poll = make_poll(budget)
    elsewhere = make_territory("Ailleurs", bounds=(0, 45, 1, 46))
    user = make_user(verified=False, birth_date=None, home_territory=elsewhere)
    client.force_login(user, backend=BACKEND)
    assert reasons(client.get(url(poll))) == [
        "email_unverified",
        "birth_date_missing",
        "not_resident",
    ]
    assert [bool(way) for _refusal, way in client.get(url(poll)).context["reasons"]] == [True] * 3


def test_a_visitor_is_asked_to_come_and_comes_back(client: Client, poll: Poll) -> None:
    page = client.get(url(poll))
    assert reasons(page) == ["anonymous"]
    entrance = reverse("electors:entry", args=[poll.envelope.budget.activity.slug])
    mending = page.context["reasons"][0][1]
    assert mending.url.startswith(entrance)
    assert "next=%2Fbudget%2F" in mending.url


def test_who_voted_on_paper_is_told_before_choosing(client: Client, poll: Poll, voter: Any) -> None:
    mark_paper(
        poll=poll,
        voter=elector_of(poll, voter),
        desk_label="Mairie",
        actor=make_officer(),
        at=timezone.now(),
    )
    for name in ("ballot", "ballot_receipt"):
        assert reasons(client.get(url(poll, name))) == ["voted_on_paper"]
    home = client.get(reverse("budgets:vote", args=[poll.envelope.budget.activity.slug]))
    assert url(poll) not in text_of(home)
    assert "sur papier, au bureau" in text_of(home)


def test_there_is_no_address_of_somebody_else_s_receipt(client: Client, poll: Poll) -> None:
    cast(poll, [projects(poll)[0]])
    assert client.get(url(poll, "ballot_receipt")).status_code == 404
    client.force_login(make_user(), backend=BACKEND)
    assert client.get(url(poll, "ballot_receipt")).status_code == 404


def test_pages_of_the_ballot_are_stored_by_no_cache(client: Client, poll: Poll, voter: Any) -> None:
    form = {"choix": [projects(poll)[0].pk]}
    for response in (
        client.get(url(poll)),
        client.post(url(poll), form),
        client.post(url(poll, "ballot_review"), form),
    ):
        assert "no-store" in response["Cache-Control"]


def test_the_random_order_is_each_voter_s_own_and_holds(client: Client) -> None:
    poll = make_poll(make_budget(Step.DECIDE), projects=12)
    orders = []
    for _ in range(4):
        client.force_login(make_user(), backend=BACKEND)
        first, again = (shown(client.get(url(poll))) for _ in range(2))
        assert first == again
        orders.append(tuple(first))
    assert len(set(orders)) > 1
    fixed = make_poll(make_budget(Step.DECIDE, project_order="fixed"), projects=5)
    lines = client.get(url(fixed)).context["lines"]
    references = [line.project.reference for line in lines]
    assert references == sorted(references)


def test_one_s_own_district_comes_first(client: Client) -> None:
    budget = make_budget(Step.DECIDE)
    perimeter = budget.activity.process.perimeter
    places = [
        make_territory(name, kind="neighbourhood", parent=perimeter) for name in ("A", "B", "C")
    ]
    for position, place in enumerate(places):
        envelope = make_envelope(budget, territory=place, name=place.name, position=position)
        make_poll(budget, envelope=envelope, projects=1)
    client.force_login(make_user(home_territory=places[2]), backend=BACKEND)
    page = client.get(reverse("budgets:vote", args=[budget.activity.slug]))
    assert [row["envelope"].name for row in page.context["rows"]] == ["C", "A", "B"]
    assert [row["is_mine"] for row in page.context["rows"]] == [True, False, False]


def test_the_choice_never_travels_in_an_address(client: Client, poll: Poll, voter: Any) -> None:
    page = client.get(url(poll) + f"?choix={projects(poll)[0].pk}")
    assert chosen(page) == []
    assert client.get(url(poll, "ballot_review")).url == url(poll)
