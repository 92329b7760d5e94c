"""Results and deliveries as the public reads them."""

import csv
import datetime
import html
import io
import re
import uuid
from itertools import chain
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from participation.budgets.models import DeliveryUpdate, Project
from participation.budgets.services.vote import cast_ballot
from participation.core.choices import Step
from participation.methods import pabulib
from participation.methods.tally import candidates_of, greedy, options_of, profile_of
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    cast,
    close_and_count,
    elector_of,
    make_budget,
    make_category,
    make_counted_poll,
    make_delivery,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
)
from tests.participation.budgets.reading import card_titles, feature_titles, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


def at(name: str, budget: Any, *more: Any) -> str:
    return reverse(f"budgets:{name}", args=[budget.activity.slug, *more])


@pytest.fixture
def counted() -> Any:
    """Money for two of four projects; the third misses money, nobody chose the fourth."""
    budget = make_budget(Step.DECIDE, max_choices=3)
    envelope = make_envelope(budget, amount_cents=2_500_000)
    rows = [
        make_project(envelope, title=title, cost_cents=cost, point=Point(1.44, 43.6, srid=4326))
        for title, cost in (
            ("Verger", 1_000_000),
            ("Fontaine", 1_400_000),
            ("Préau", 900_000),
            ("=KIOSQUE(1)", 100_000),
        )
    ]
    poll = make_poll(budget, envelope=envelope)
    for number in range(6):
        cast(poll, rows[: 3 if number < 2 else 2 if number < 4 else 1])
    return close_and_count(poll)


def test_winners_in_order_and_a_reason_for_each_other(client: Client, counted: Any) -> None:
    budget = counted.poll.envelope.budget
    (result,) = client.get(at("results", budget)).context["results"]
    assert [(p.title, p.votes) for p in result["winners"]] == [("Verger", 6), ("Fontaine", 4)]
    assert [row["project"].title for row in result["others"]] == ["Préau", "=KIOSQUE(1)"]
    assert all(len(row["why"]) == 1 and row["why"][0] for row in result["others"])
    assert (counted.spent_cents, result["left_cents"], result["share"]) == (2_400_000, 100_000, 96)


def winners_as_read(page: Any) -> list[list[str]]:
    """The cells of the table of winners, line by line."""
    table = re.search(r"<table.*?</table>", text_of(page), re.S)
    assert table is not None
    lines = re.findall(r"<tr>(.*?)</tr>", table[0], re.S)
    return [
        [strip_tags(cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.S)]
        for line in lines
    ]


def test_winners_in_the_order_of_their_votes_need_no_explanation(
    client: Client, counted: Any
) -> None:
    page = client.get(at("results", counted.poll.envelope.budget))
    assert page.context["results"][0]["order"] == ""
    assert winners_as_read(page) == [
        ["Ordre de sélection", "Projet", "Voix", "Coût"],
        ["1", "Verger", "6", "10\xa0000\xa0€"],
        ["2", "Fontaine", "4", "14\xa0000\xa0€"],
    ]


@pytest.mark.parametrize(("number", "shown"), [(15, [15]), (16, [10, 6])])
def test_many_winners_are_folded_and_all_of_them_are_there(
    client: Client, number: int, shown: list[int]
) -> None:
    budget = make_budget(Step.DECIDE, max_choices=number)
    envelope = make_envelope(budget, amount_cents=number * 1_000_000)
    projects = [make_project(envelope) for _number in range(number)]
    poll = make_poll(budget, envelope=envelope)
    cast(poll, projects)
    close_and_count(poll)
    page = text_of(client.get(at("results", budget)))
    tables = re.findall(r'<table class="table b-winners">.*?</table>', page, re.S)
    ranks = [re.findall(r'<tr><td class="number">(\d+)</td>', table) for table in tables]
    assert [len(table) for table in ranks] == shown
    assert [*chain(*ranks)] == [str(rank) for rank in range(1, number + 1)]
    assert all(project.title in "".join(tables) for project in projects)
    assert ("Les 6 lauréats suivants" in page) == (len(shown) == 2)


def test_an_order_that_is_not_that_of_the_votes_is_explained(client: Client) -> None:
    """The share of each neighbourhood is spent first: its winner precedes one with more votes."""
    budget = make_budget(Step.DECIDE, max_choices=3, district_quota_cents=500_000)
    envelope = make_envelope(budget, amount_cents=1_500_000)
    perimeter = budget.activity.process.perimeter
    north, south = (
        make_territory(name, kind="neighbourhood", parent=perimeter) for name in ("Nord", "Sud")
    )
    few, many = (
        make_project(envelope, title=title, cost_cents=500_000, territory=place)
        for title, place in (("Peu", north), ("Assez", south))
    )
    most = make_project(envelope, title="Plus", cost_cents=800_000, territory=south)
    poll = make_poll(budget, envelope=envelope)
    for choices in ([few], [many, most], [many, most], [most]):
        cast(poll, choices)
    close_and_count(poll)
    page = client.get(at("results", budget))
    (result,) = page.context["results"]
    assert {p.title: p.votes for p in result["winners"]} == {"Peu": 1, "Assez": 2}
    assert [p.title for p in result["winners"]] == ["Peu", "Assez"]
    assert "la part de chaque quartier, l’une après l’autre" in result["order"]
    assert result["order"] in html.unescape(text_of(page))


def test_points_are_shown_when_they_decide(client: Client) -> None:
    budget = make_budget(
        Step.DECIDE, ballot_kind="cumulative", max_points=7, max_points_per_project=7
    )
    envelope = make_envelope(budget, amount_cents=1_000_000)
    loved, liked = (
        make_project(envelope, title=title, cost_cents=400_000) for title in ("Aimé", "Connu")
    )
    out = make_project(envelope, title="Trop cher", cost_cents=400_000)
    poll = make_poll(budget, envelope=envelope)
    for points in ([7, 0, 0], [0, 3, 1], [0, 3, 1]):
        chosen = [p for p, given in zip((loved, liked, out), points, strict=True) if given]
        cast_ballot(
            poll=poll,
            voter=elector_of(poll, make_user()),
            choices=[project.pk for project in chosen],
            points=[given for given in points if given],
            cast_key=uuid.uuid4(),
        )
    close_and_count(poll)
    page = client.get(at("results", budget))
    assert winners_as_read(page)[0] == ["Ordre de sélection", "Projet", "Points", "Voix", "Coût"]
    assert [line[1:4] for line in winners_as_read(page)[1:]] == [
        ["Aimé", "7", "1"],
        ["Connu", "6", "2"],
    ]
    assert page.context["results"][0]["order"] == ""
    assert "2 points · 2 voix" in " ".join(strip_tags(text_of(page)).split())


def test_results_are_for_nobody_but_those_who_run_the_vote_before_publication(
    client: Client,
) -> None:
    tally = make_counted_poll(published=False)
    budget = tally.poll.envelope.budget
    page = client.get(at("results", budget))
    assert "results" not in page.context
    assert client.get(at("results_csv", budget)).status_code == 404
    assert client.get(at("results_pb", budget, tally.poll.envelope.slug)).status_code == 404
    winner = Project.objects.get(state="winner", envelope__budget=budget, rank=1)
    for url in (at("projects", budget), at("project", budget, winner.pk), at("home", budget)):
        page = client.get(url)
        assert not page.context["page"].sees_results
        assert "/resultats/" not in text_of(page)
    client.force_login(make_officer(), backend=BACKEND)
    page = client.get(at("results", budget))
    assert page.context["before_publication"]
    assert page["Cache-Control"] == "private, no-store"


def test_projects_are_not_filtered_by_result_before_publication(client: Client) -> None:
    budget = make_counted_poll(published=False).poll.envelope.budget
    everything = set(card_titles(client.get(at("projects", budget))))
    assert set(card_titles(client.get(at("projects", budget) + "?statut=winner"))) == everything
    by_votes = client.get(at("projects", budget) + "?ordre=votes")
    assert by_votes.context["filters"].order == "hasard"


def test_the_csv_holds_each_project_once(client: Client, counted: Any) -> None:
    budget = counted.poll.envelope.budget
    response = client.get(at("results_csv", budget))
    rows = list(csv.reader(io.StringIO(text_of(response)), delimiter=";"))
    assert [(row[2], row[5], row[6]) for row in rows[1:]] == [
        ("Verger", "10000.00", "6"),
        ("Fontaine", "14000.00", "4"),
        ("Préau", "9000.00", "2"),
        ("'=KIOSQUE(1)", "1000.00", "0"),
    ]


def test_the_file_of_ballots_counts_again_to_the_same_winners(client: Client, counted: Any) -> None:
    envelope = counted.poll.envelope
    address = at("results_pb", envelope.budget, envelope.slug)
    response = client.get(address, follow=True)
    assert response.request["PATH_INFO"].endswith("/publication/scrutin.pb")  # the signed one
    election = pabulib.read(io.BytesIO(text_of(response).encode()))
    assert {vote.voter_id for vote in election.votes} == set(
        counted.poll.ballots.values_list("code", flat=True)
    )
    again = greedy(
        candidates_of(election),
        profile_of(election),
        election.budget_cents,
        options_of(election, lot=counted.poll.options["lot"]),
    )
    assert list(again.winners) == counted.result["winners"]


def test_a_tie_is_told(client: Client) -> None:
    budget = make_budget(Step.DECIDE, max_choices=2)
    envelope = make_envelope(budget, amount_cents=1_000_000)
    first, second = (make_project(envelope, title=title) for title in ("Un", "Deux"))
    poll = make_poll(budget, envelope=envelope)
    cast(poll, [first, second])
    close_and_count(poll)
    (result,) = client.get(at("results", budget)).context["results"]
    (tie,) = result["ties"]
    assert set(tie.titles) == {"Un", "Deux"}
    assert tie.decisive
    assert poll.tie_seed in text_of(client.get(at("results", budget)))


@pytest.fixture
def board() -> Any:
    """Four deliveries at three steps in two neighbourhoods."""
    budget = make_budget(Step.FOLLOW)
    perimeter = budget.activity.process.perimeter
    envelope, green = make_envelope(budget), make_category(budget, "Nature")
    north = make_territory("Nord", kind="neighbourhood", parent=perimeter)
    rows = {}
    for title, step, territory, category in (
        ("Verger", "works", north, green),
        ("Fontaine", "works", None, None),
        ("Préau", "completed", north, None),
        ("Kiosque", "abandoned", None, green),
    ):
        project = make_project(
            envelope,
            title=title,
            state="winner",
            territory=territory,
            category=category,
            point=Point(1.44, 43.6, srid=4326) if territory else None,
        )
        reason = "Terrain pollué." if step == "abandoned" else ""
        rows[title] = make_delivery(project, step=step, abandonment_reason=reason)
    return budget, rows, north, green


def test_deliveries_by_step_with_counts(client: Client, board: Any) -> None:
    budget, _rows, north, green = board
    page = client.get(at("deliveries", budget))
    counts = {step["value"]: step["count"] for step in page.context["steps"]}
    assert counts == {
        "not_started": 0,
        "procedures": 0,
        "studies": 0,
        "works": 2,
        "handover": 0,
        "completed": 1,
        "abandoned": 1,
    }
    works = client.get(at("deliveries", budget) + "?etape=works")
    assert set(card_titles(works)) == {"Verger", "Fontaine"}
    assert {step["value"]: step["count"] for step in works.context["steps"]} == counts
    here = client.get(at("deliveries", budget) + f"?quartier={north.pk}")
    assert {step["value"]: step["count"] for step in here.context["steps"]}["works"] == 1
    query = f"?categorie={green.pk}&q=kiosque"
    assert card_titles(client.get(at("deliveries", budget) + query)) == ["Kiosque"]


def test_the_map_of_deliveries_holds_the_located_ones(client: Client, board: Any) -> None:
    budget = board[0]
    assert set(feature_titles(client.get(at("deliveries_geojson", budget)))) == {"Verger", "Préau"}
    assert feature_titles(client.get(at("deliveries_geojson", budget) + "?etape=works")) == [
        "Verger"
    ]


def test_a_delivery_shows_its_path_and_its_news_newest_first(client: Client, board: Any) -> None:
    budget, rows, _north, _green = board
    for day, title in ((1, "Premier coup de pioche"), (9, "La moitié est faite")):
        DeliveryUpdate.objects.create(
            delivery=rows["Verger"],
            step="works",
            title=title,
            happened_on=datetime.date(2026, 3, day),
            created_at=timezone.now(),
        )
    page = client.get(at("delivery", budget, rows["Verger"].pk))
    assert [update.title for update in page.context["updates"]] == [
        "La moitié est faite",
        "Premier coup de pioche",
    ]
    assert [step["state"] for step in page.context["path"]] == [
        "past",
        "past",
        "past",
        "current",
        "future",
        "future",
    ]
    assert page.context["path"][3]["date"] == datetime.date(2026, 3, 1)


def test_an_abandoned_delivery_says_why(client: Client, board: Any) -> None:
    budget, rows, _north, _green = board
    page = client.get(at("delivery", budget, rows["Kiosque"].pk))
    assert "Terrain pollué." in text_of(page)
    assert [step["is_abandoned"] for step in page.context["path"]] == [False] * 6 + [True]


def test_what_belongs_to_another_budget_is_404(client: Client, board: Any, counted: Any) -> None:
    other = counted.poll.envelope.budget
    delivery = board[1]["Verger"]
    assert client.get(at("delivery", other, delivery.pk)).status_code == 404
    assert client.get(at("project", other, delivery.pk)).status_code == 404
    assert client.get(at("results_pb", other, "inconnue")).status_code == 404
    draft = make_project(board[0].envelopes.get(), state="draft")
    assert client.get(at("project", board[0], draft.pk)).status_code == 404


def test_neighbourhoods_without_a_boundary_are_filtered_by_name(client: Client) -> None:
    budget = make_budget(Step.FOLLOW)
    envelope = make_envelope(budget)
    for title, district in (("Verger", "5e"), ("Préau", "12e"), ("Kiosque", "")):
        make_delivery(make_project(envelope, title=title, district=district, state="winner"))
    for name in ("deliveries", "projects"):
        everything = set(card_titles(client.get(at(name, budget))))
        assert everything == {"Verger", "Préau", "Kiosque"}
        assert card_titles(client.get(at(name, budget) + "?quartier=nom:5e")) == ["Verger"]
        for meaningless in ("5e", "nom:6e", "nom:", "nom:%00"):
            page = client.get(at(name, budget) + f"?quartier={meaningless}")
            assert set(card_titles(page)) == everything
