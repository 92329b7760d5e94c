"""The back office: who enters where, for every address."""

import re

import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from participation.budgets.choices import ProjectState
from participation.budgets.models import (
    AddedBallot,
    Ballot,
    Project,
    Revision,
    Tally,
    VoterRecord,
)
from participation.budgets.office.menu import budgets_group
from participation.budgets.services.vote import publish_results
from tests.factories.accounts import make_moderator, make_user
from tests.factories.budgets import (
    make_budget,
    make_category,
    make_counted_poll,
    make_delivery,
    make_envelope,
    make_idea,
    make_officer,
    make_poll,
    make_project,
    make_study,
)
from tests.participation.office import opened

pytestmark = pytest.mark.django_db

ENTER = "wagtailadmin.access_admin"


@pytest.fixture
def world():
    """One of each, and the addresses of the back office with who may open them."""
    budget = make_budget("examine")
    category = make_category(budget)
    envelope = make_envelope(budget)
    idea = make_idea(budget, state="in_study", category=category)
    study = make_study(idea)
    project = make_project(envelope, state="draft")
    delivery = make_delivery(make_project(make_envelope(make_budget("follow")), state="winner"))
    sealed = make_poll()
    any_job = {"study", "vote", "delivery", "set_up"}
    return [
        ("get", reverse("budget:index"), any_job),
        ("get", reverse("budget:board", args=[budget.pk]), any_job),
        ("get", reverse("budget:rules", args=[budget.pk]), {"set_up"}),
        ("post", reverse("budget:rules", args=[budget.pk]), {"set_up"}),
        ("get", reverse("budget:envelopes", args=[budget.pk]), {"set_up"}),
        ("post", reverse("budget:envelopes", args=[budget.pk]), {"set_up"}),
        ("get", reverse("budget:envelope", args=[budget.pk, envelope.pk]), {"set_up"}),
        ("get", reverse("budget:categories", args=[budget.pk]), {"set_up"}),
        ("get", reverse("budget:category", args=[budget.pk, category.pk]), {"set_up"}),
        ("post", reverse("budget:category_remove", args=[budget.pk, category.pk]), {"set_up"}),
        ("get", reverse("idea:index"), {"study"}),
        ("get", reverse("idea:index_results"), {"study"}),
        ("get", reverse("idea:export"), {"study"}),
        ("get", reverse("idea:merge") + f"?idee={idea.pk}", {"study"}),
        ("get", reverse("idea:read", args=[idea.pk]), {"study"}),
        ("post", reverse("idea:assign", args=[idea.pk]), {"study"}),
        ("post", reverse("idea:study", args=[idea.pk, study.pk]), {"study"}),
        ("post", reverse("idea:decide", args=[idea.pk]), {"study"}),
        ("post", reverse("idea:answer", args=[idea.pk]), {"answer"}),
        ("get", reverse("project:index"), {"study"}),
        ("get", reverse("project:index_results"), {"study"}),
        ("get", reverse("project:export"), any_job),
        ("get", reverse("project:import"), {"study"}),
        ("post", reverse("project:import"), {"study"}),
        ("get", reverse("project:add", args=[budget.pk]), {"study"}),
        ("get", reverse("project:edit", args=[project.pk]), {"study"}),
        ("post", reverse("project:put", args=[project.pk]), {"study"}),
        ("post", reverse("project:take", args=[project.pk]), {"study"}),
        ("get", reverse("poll:index"), {"vote"}),
        ("get", reverse("poll:index_results"), {"vote"}),
        ("get", reverse("poll:read", args=[envelope.pk]), {"vote"}),
        ("get", reverse("poll:seal", args=[envelope.pk]), {"vote"}),
        ("post", reverse("poll:seal", args=[envelope.pk]), {"vote"}),
        ("get", reverse("poll:count", args=[envelope.pk]), {"vote"}),
        ("post", reverse("poll:count", args=[envelope.pk]), {"vote"}),
        ("get", reverse("poll:close", args=[envelope.pk]), {"vote"}),
        ("post", reverse("poll:close", args=[envelope.pk]), {"vote"}),
        ("get", reverse("poll:record", args=[sealed.pk, "opening"]), {"vote"}),
        ("get", reverse("poll:keys", args=[budget.pk]), {"vote"}),
        ("get", reverse("poll:ceremony", args=[budget.pk]), {"vote"}),
        ("post", reverse("poll:ceremony", args=[budget.pk]), {"vote"}),
        ("get", reverse("poll:board_file", args=[budget.pk]), {"vote"}),
        ("post", reverse("poll:board_file", args=[budget.pk]), {"vote"}),
        ("get", reverse("poll:destroy", args=[budget.pk]), {"vote"}),
        ("post", reverse("poll:destroy", args=[budget.pk]), {"vote"}),
        ("get", reverse("poll:publish", args=[budget.pk]), {"vote"}),
        ("post", reverse("poll:publish", args=[budget.pk]), {"vote"}),
        ("get", reverse("poll:revise", args=[envelope.pk]), {"vote"}),
        ("post", reverse("poll:revise", args=[envelope.pk]), {"vote"}),
        ("get", reverse("delivery:index"), {"delivery"}),
        ("get", reverse("delivery:index_results"), {"delivery"}),
        ("get", reverse("delivery:export"), {"delivery"}),
        ("get", reverse("delivery:start", args=[budget.pk]), {"delivery"}),
        ("get", reverse("delivery:read", args=[delivery.pk]), {"delivery"}),
        ("post", reverse("delivery:advance", args=[delivery.pk]), {"delivery"}),
        ("post", reverse("delivery:plan", args=[delivery.pk]), {"delivery"}),
    ]


JOBS = {
    "study": "budgets.study_idea",
    "vote": "budgets.run_vote",
    "delivery": "budgets.manage_delivery",
    "set_up": "budgets.change_budget",
    "answer": "core.answer_contribution",
}


@pytest.mark.parametrize("person", ["anonymous", "resident", "editor", "moderator", "suspended"])
def test_nobody_else_opens_any_address(client, world, person):
    user = {
        "anonymous": lambda: None,
        "resident": make_user,
        "editor": lambda: make_user(is_staff=True, permissions=(ENTER, "wagtailcore.change_page")),
        "moderator": make_moderator,
        "suspended": lambda: make_officer(is_active=False),
    }[person]()
    assert opened(client, user, world) == []


@pytest.mark.parametrize("job", JOBS)
def test_each_job_opens_its_own_addresses_and_no_other(client, world, job):
    user = make_user(is_staff=True, permissions=(ENTER, JOBS[job]))
    expected = [f"{method} {url}" for method, url, jobs in world if job in jobs]
    assert opened(client, user, world) == expected


def test_an_officer_opens_every_address(client, world):
    assert len(opened(client, make_officer(), world)) == len(world) == 56


def test_the_matrix_forgets_no_address_of_the_desks(world):
    tested = {resolve(url.split("?")[0]).view_name for _method, url, _jobs in world}
    routes = {
        desk.get_url_name(pattern.name)
        for desk in budgets_group.items
        if desk.name not in ("desk", "paper")  # whose matrix is in test_paper_office
        for pattern in desk.get_urlpatterns()
    }
    assert routes - tested == {"budget:index_results"}  # the same view as budget:index


def test_ballots_and_rolls_have_no_address_in_the_back_office():
    models = {desk.model for desk in budgets_group.items}
    assert models.isdisjoint({AddedBallot, Ballot, Revision, VoterRecord, Tally})


def telling(client, project, *jobs: str) -> set[str]:
    """The screens and files of projects that tell whoever has these jobs that it won, or by how
    much; `project` has 98765 votes."""
    client.force_login(make_user(is_staff=True, permissions=(ENTER, *(JOBS[job] for job in jobs))))
    export = reverse("project:export")
    pages = {
        "list": reverse("project:index"),
        "results": reverse("project:index_results"),
        "export": export,
        "screen": reverse("project:edit", args=[project.pk]),
        "bulk": reverse("wagtail_bulk_action", args=["budgets", "project", "take"])
        + f"?id={project.pk}",
        "filtered export": f"{export}?state=winner",
    }
    state = ProjectState.WINNER.label
    told = re.compile(rf"98765|;{state}\b|w-status[^>]*>\s*{state}\b")
    found = {name for name, url in pages.items() if told.search(client.get(url).content.decode())}
    if project.title in client.get(pages["filtered export"]).content.decode():
        found.add("filtered export")
    return found


def test_a_count_that_is_not_published_is_told_to_those_who_run_the_vote_alone(client):
    """Neither the state of a project nor its votes, in a list, a filter, a file or a screen."""
    tally = make_counted_poll(published=False)
    winner = tally.poll.envelope.projects.get(rank=1)
    Project.objects.filter(pk=winner.pk).update(votes=98765)  # a number found nowhere else
    everywhere = {"list", "results", "export", "filtered export", "screen"}
    for job in ("study", "delivery", "set_up"):
        assert telling(client, winner, job) == set()
    assert telling(client, winner, "study", "vote") == everywhere
    publish_results(budget=tally.poll.envelope.budget, actor=make_officer(), at=timezone.now())
    assert telling(client, winner, "study") == everywhere
    assert telling(client, winner, "delivery") == {"export", "filtered export"}
