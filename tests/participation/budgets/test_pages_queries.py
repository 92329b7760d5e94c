"""The home, the rules, the sections, and a number of queries that the size does not change."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import Budget
from participation.core import registry
from participation.core.choices import Step
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    cast,
    make_budget,
    make_category,
    make_counted_poll,
    make_delivery,
    make_envelope,
    make_idea,
    make_poll,
    make_project,
)
from tests.factories.core import make_comment, make_phase
from tests.participation.budgets.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
HERE = Point(1.44, 43.6, srid=4326)


def at(name: str, budget: Budget, *more: Any) -> str:
    return reverse(f"budgets:{name}", args=[budget.activity.slug, *more])


def count_queries(client: Client, url: str) -> int:
    client.get(url)  # what the site keeps in cache for everybody
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def sections(response: Any) -> list[str]:
    return [section["name"] for section in response.context["sections"]]


@pytest.mark.parametrize(
    ("query", "expected"), [("", 7), ("?vue=liste&q=arbre", 7), ("?vue=plan&statut=received", 9)]
)
def test_the_list_of_ideas_asks_the_same_number_of_queries(
    client: Client, query: str, expected: int
) -> None:
    for size in (1, 3, 25):
        budget = make_budget()
        place = make_territory(kind="neighbourhood", parent=budget.activity.process.perimeter)
        for _ in range(size):
            make_idea(
                budget,
                title="Un arbre",
                territory=place,
                point=HERE,
                category=make_category(budget),
            )
        assert count_queries(client, at("ideas", budget) + query) == expected


def test_the_page_of_an_idea_stays_within_fifteen_queries(client: Client) -> None:
    budget = make_budget()
    idea = make_idea(budget, title="Un arbre", point=HERE)
    alone = count_queries(client, at("idea", budget, idea.pk))
    for _ in range(12):
        make_idea(budget, title="Un arbre encore")
    assert count_queries(client, at("idea", budget, idea.pk)) == alone
    assert alone <= 15


def test_a_member_pays_no_more_than_fifteen_queries_for_an_idea(client: Client) -> None:
    city = make_territory()
    budget = make_budget(process__perimeter=city, process__residents_only=True)
    idea = make_idea(budget, title="Un arbre", point=HERE)
    district = make_territory(kind="neighbourhood", parent=city)
    member = make_user(home_territory=district)
    for _ in range(3):
        make_idea(budget, title="Un arbre encore")
        comment = make_comment(contribution=idea.contribution)
        make_comment(contribution=idea.contribution, parent=comment)
    client.force_login(member, backend=BACKEND)
    assert count_queries(client, at("idea", budget, idea.pk)) <= 15


def test_a_picture_of_a_boundary_is_drawn_once(client: Client) -> None:
    budget = make_budget()
    place = make_territory(kind="neighbourhood", parent=budget.activity.process.perimeter)
    idea = make_idea(budget, territory=place, point=HERE)
    first = client.get(at("idea", budget, idea.pk))
    with CaptureQueriesContext(connection) as queries:
        again = client.get(at("idea", budget, idea.pk))
    assert "territory-picture__point" in text_of(again)
    assert first.content == again.content
    assert not [query for query in queries if "ST_AsSVG" in query["sql"]]


def test_projects_deliveries_and_results_do_not_grow(client: Client) -> None:
    counts = []
    for size in (2, 6):
        tally = make_counted_poll(projects=size)
        budget = tally.poll.envelope.budget
        for project in budget.envelopes.get().projects.all():
            make_delivery(project)
        counts.append(
            [
                count_queries(client, at(name, budget))
                for name in ("home", "projects", "deliveries", "results", "rules")
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15


def test_the_geojson_does_not_grow(client: Client) -> None:
    counts = []
    for size in (1, 12):
        budget = make_budget()
        for _ in range(size):
            make_idea(budget, point=HERE, category=make_category(budget))
        counts.append(count_queries(client, at("ideas_geojson", budget)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("step", "tabs", "act"),
    [
        (Step.COLLECT, ["home", "ideas", "rules"], "idea_new"),
        (Step.EXAMINE, ["home", "rules"], ""),
        (Step.DECIDE, ["home", "vote", "rules"], "vote"),
        (Step.FOLLOW, ["home", "rules"], ""),
    ],
)
def test_the_home_offers_the_one_act_of_the_moment(
    client: Client, step: str, tabs: list[str], act: str
) -> None:
    budget = make_budget(step)
    page = client.get(at("home", budget))
    assert sections(page) == tabs
    assert page.context["call"].url == (at(act, budget) if act else "")


def test_ideas_under_study_are_offered_once_there_are_some(client: Client) -> None:
    budget = make_budget(Step.EXAMINE)
    make_idea(budget)
    assert client.get(at("home", budget)).context["call"].url == at("ideas", budget)


def test_a_name_without_spaces_goes_to_the_line_after_a_slash(client: Client) -> None:
    budget = make_budget(Step.DECIDE)
    make_project(make_envelope(budget), territory=make_territory("Tabar/Le <Lac>"))
    page = client.get(at("projects", budget)).content.decode()
    assert "Tabar/<wbr>Le &lt;Lac&gt;" in page


def test_results_then_deliveries_come_first(client: Client) -> None:
    budget = make_counted_poll().poll.envelope.budget
    page = client.get(at("home", budget))
    assert page.context["call"].url == at("results", budget)
    assert sections(page) == ["home", "projects", "results", "rules"]
    make_delivery(budget.envelopes.get().projects.order_by("rank").first())
    page = client.get(at("home", budget))
    assert page.context["call"].url == at("deliveries", budget)
    assert sections(page) == ["home", "projects", "results", "deliveries", "rules"]


def test_the_tab_of_ideas_stays_while_there_are_some_or_some_may_come(client: Client) -> None:
    studied, to_come, never = make_budget(Step.EXAMINE), make_budget(None), make_budget(None)
    make_idea(studied)
    make_phase(to_come.activity, Step.COLLECT, opens_in=5, closes_in=9)
    make_phase(never.activity, Step.DECIDE, opens_in=5, closes_in=9)
    shown = [sections(client.get(at("home", each))) for each in (studied, to_come, never)]
    assert shown == [["home", "ideas", "rules"], ["home", "ideas", "rules"], ["home", "rules"]]


def test_a_cancelled_budget_says_why_and_offers_nothing(client: Client) -> None:
    budget = make_budget(
        process__cancelled_at=timezone.now(), process__cancellation_reason="Faute de crédits."
    )
    page = client.get(at("home", budget))
    assert page.context["call"].url == ""
    assert "Faute de crédits." in text_of(page)


def test_an_unpublished_budget_is_404_except_for_staff(client: Client) -> None:
    budget = make_budget(process__published=False)
    names = ("home", "ideas", "ideas_geojson", "projects", "vote", "rules", "idea_new")
    assert [client.get(at(name, budget)).status_code for name in names] == [404] * len(names)
    client.force_login(make_user(is_staff=True), backend=BACKEND)
    page = client.get(at("home", budget))
    assert page.status_code == 200
    assert page.context["page"].is_preview


def test_html_in_every_text_of_a_project_is_shown_as_text(client: Client) -> None:
    danger = "<script>alert(1)</script>"
    budget = make_budget(
        Step.DECIDE, process__terms=danger, process__summary=danger, source_note=danger
    )
    category = make_category(budget, danger)
    envelope = make_envelope(budget, name=danger)
    project = make_project(
        envelope, title=danger, description=danger, address=danger, category=category
    )
    make_poll(budget, envelope=envelope)
    client.force_login(make_user(), backend=BACKEND)
    for url in (
        at("home", budget),
        at("projects", budget),
        at("projects", budget) + "?vue=liste",
        at("project", budget, project.pk),
        at("vote", budget),
        at("rules", budget),
        at("ballot", budget, envelope.slug),
        at("projects", budget) + f"?q={danger}",
    ):
        page = text_of(client.get(url))
        assert danger not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_rules_are_those_that_are_counted(client: Client) -> None:
    budget = make_budget(
        Step.DECIDE,
        on_misfit="stop",
        minimum_votes=12,
        district_quota_cents=1_000_000,
        remainder="next_edition",
    )
    before = client.get(at("rules", budget)).context["counting"]
    envelope = make_envelope(budget, amount_cents=100_000_000)
    make_project(envelope, district="Nord")
    poll = make_poll(budget, envelope=envelope)
    page = client.get(at("rules", budget))
    assert page.context["counting"] == before
    assert len(before) == 6
    assert poll.options_sha256 in text_of(page)


def test_the_instrument_is_declared() -> None:
    budget = make_budget()
    idea = make_idea(budget)
    declared = registry.get("budget")
    assert declared.landing(budget.activity) == at("home", budget)
    assert declared.contribution_url(idea.contribution) == at("idea", budget, idea.pk)
    summary = declared.summary(budget.activity, timezone.now())
    assert summary["url"] == at("idea_new", budget)
    assert [record["title"] for record in declared.personal_data(idea.contribution.author)] == [
        idea.contribution.title
    ]


def test_a_vote_is_in_the_personal_data_without_its_choice() -> None:
    poll = make_poll()
    voter = make_user()
    cast(poll, [poll.envelope.projects.order_by("pk").first()], voter)
    (record,) = registry.get("budget").personal_data(voter)
    assert set(record) == {"type", "budget", "envelope", "voted_on", "deposit_code"}


def test_comments_close_with_the_budget_s_setting(client: Client) -> None:
    budget = make_budget(comments_open=False)
    idea = make_idea(budget)
    page = client.get(at("idea", budget, idea.pk))
    assert "comments_closed" in page.context["may_comment"].codes
    assert "phase_closed" not in page.context["may_support"].codes
