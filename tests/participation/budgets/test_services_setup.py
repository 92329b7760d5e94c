"""A budget from a template, its rules, envelopes, categories, projects."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import IntegrityError
from PIL import Image

from participation.budgets.models import Budget, Category, Envelope, Project
from participation.budgets.services.projects import (
    ProjectData,
    create_project,
    edit_project,
    put_on_ballot,
    take_off_ballot,
)
from participation.budgets.services.setup import (
    EnvelopePlan,
    PhasePlan,
    create_budget,
    remove_category,
    save_category,
    save_envelope,
    save_rules,
)
from participation.core.models import Process
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    make_budget,
    make_category,
    make_envelope,
    make_idea,
    make_officer,
    make_poll,
    make_project,
)
from tests.factories.core import make_directorate, make_process
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def officer():
    return make_officer()


def plan(**fields):
    return {
        "title": "Budget participatif 2026",
        "slug": "budget-2026",
        "edition": 2026,
        "owner": make_directorate(),
        "perimeter": make_territory(),
        "contact_name": "Mission participation",
        "contact_email": "participation@example.org",
        "terms": "Toute personne de 16 ans ou plus.",
        "phases": [
            PhasePlan("collect", "Dépôt des idées", NOW, NOW + 30 * DAY),
            PhasePlan("decide", "Vote", NOW + 60 * DAY, NOW + 90 * DAY, "Votez."),
            PhasePlan("follow", "Réalisation", NOW + 90 * DAY),
        ],
        "envelopes": [
            EnvelopePlan("Toute la ville", 800_000_000),
            EnvelopePlan("Toute la ville", 5, make_territory()),
        ],
        "categories": ["Nature", "Mobilités", "Nature", " "],
        "ballot_kind": "approval",
        "min_choices": 1,
        "max_choices": 3,
        "at": NOW,
    } | fields


def test_one_gesture_makes_a_whole_unpublished_budget(officer):
    budget = create_budget(**plan(actor=officer, ideas_per_person=5))
    process = Process.objects.get()
    assert process.published_at is None
    assert (process.slug, budget.activity.slug, budget.activity.kind) == (
        "budget-2026",
        "budget-2026",
        "budget",
    )
    phases = budget.activity.phases.order_by("period")
    assert [(p.step, p.title, p.opens_at, p.closes_at) for p in phases] == [
        ("collect", "Dépôt des idées", NOW, NOW + 30 * DAY),
        ("decide", "Vote", NOW + 60 * DAY, NOW + 90 * DAY),
        ("follow", "Réalisation", NOW + 90 * DAY, None),
    ]
    assert list(budget.envelopes.values_list("slug", "amount_cents", "position")) == [
        ("toute-la-ville", 800_000_000, 0),
        ("toute-la-ville-2", 5, 1),
    ]
    assert list(budget.categories.values_list("name", flat=True)) == ["Nature", "Mobilités"]
    assert Budget.objects.get().ideas_per_person == 5


def test_a_budget_may_join_a_process_that_exists(officer):
    process = make_process()
    budget = create_budget(**plan(actor=officer, process=process))
    assert budget.activity.process == process
    assert Process.objects.count() == 1


def test_what_creating_refuses(officer):
    vote = PhasePlan("decide", "Vote", NOW, NOW + DAY)

    def codes(**fields):
        return refusal(create_budget, **plan(**{"actor": officer} | fields))

    assert codes(actor=make_user()) == ("not_allowed",)
    assert codes(envelopes=[], phases=[]) == ("no_envelope", "no_phase")
    assert codes(envelopes=[EnvelopePlan("Ville", 0)]) == ("amount_missing",)
    assert codes(min_choices=4) == ("choices_reversed",)
    assert codes(phases=[PhasePlan("decide", "Vote", NOW, NOW)]) == ("phase_reversed",)
    late = PhasePlan("follow", "Suivi", NOW + DAY - datetime.timedelta(seconds=1))
    assert codes(phases=[late, vote]) == ("phases_overlap",)
    endless = PhasePlan("collect", "Idées", NOW - DAY)
    assert codes(phases=[endless, vote]) == ("phases_overlap",)
    make_process(slug="budget-2026")
    assert codes() == ("slug_taken",)
    assert not Budget.objects.exists()


def test_the_rules_of_the_vote_freeze_with_the_first_sealed_ballot(officer):
    budget = make_budget("decide")
    save_rules(budget=budget, rules={"max_choices": 5, "minimum_votes": 10}, actor=officer)
    budget.refresh_from_db()
    assert (budget.max_choices, budget.minimum_votes) == (5, 10)
    assert refusal(save_rules, budget=budget, rules={"max_choices": 0}, actor=officer) == (
        "choices_reversed",
    )
    make_poll(budget)
    save_rules(budget=budget, rules={"max_choices": 5, "comments_open": False}, actor=officer)
    assert refusal(save_rules, budget=budget, rules={"minimum_votes": 0}, actor=officer) == (
        "budget_sealed",
    )
    assert refusal(save_rules, budget=budget, rules={}, actor=make_user()) == ("not_allowed",)


def test_envelopes_change_until_they_are_sealed(officer):
    budget = make_budget("examine")
    envelope = save_envelope(
        envelope=Envelope(budget=budget),
        plan=EnvelopePlan("Centre", 1000),
        position=0,
        actor=officer,
    )
    assert envelope.slug == "centre"
    make_project(envelope, cost_cents=900)

    def codes(plan, envelope=envelope, actor=officer):
        return refusal(save_envelope, envelope=envelope, plan=plan, position=0, actor=actor)

    assert codes(EnvelopePlan("Centre", 899)) == ("cost_over_envelope",)
    assert codes(EnvelopePlan("Centre", 0)) == ("amount_missing",)
    assert codes(EnvelopePlan("Centre", 1), actor=make_user()) == (
        "not_allowed",
        "cost_over_envelope",
    )
    make_poll(envelope=envelope)
    assert codes(EnvelopePlan("Centre", 2000)) == ("envelope_sealed",)
    with pytest.raises(IntegrityError, match="envelope_has_money"), transaction.atomic():
        make_envelope(budget, amount_cents=0)


def test_categories_are_once_and_stay_while_they_serve(officer):
    budget = make_budget()
    category = make_category(budget, "Nature")
    assert refusal(
        save_category,
        budget=budget,
        category=None,
        name=" Nature ",
        icon="tree",
        position=0,
        actor=officer,
    ) == ("name_taken",)
    save_category(
        budget=budget, category=category, name="Nature", icon="tree", position=3, actor=officer
    )
    idea = make_idea(budget, category=category)
    assert refusal(remove_category, category=category, actor=officer) == ("category_used",)
    idea.category = None
    idea.save()
    assert refusal(remove_category, category=category, actor=make_user()) == ("not_allowed",)
    remove_category(category=category, actor=officer)
    assert not Category.objects.exists()


def picture(size=(40, 30)) -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", size, "green").save(held, "PNG")
    return SimpleUploadedFile("vue.png", held.getvalue(), "image/png")


def test_a_project_is_written_numbered_and_put_on_the_ballot(officer):
    envelope = make_envelope(make_budget("examine"))
    data = ProjectData(title=" Un verger ", description="Quinze arbres.", cost_cents=500)
    first = create_project(
        envelope=envelope, data=data, actor=officer, at=NOW, reference="002", image=picture()
    )
    second = create_project(envelope=envelope, data=data, actor=officer, at=NOW)
    third = create_project(envelope=envelope, data=data, actor=officer, at=NOW)
    assert [p.reference for p in (first, second, third)] == ["002", "003", "004"]
    assert (first.title, first.state) == ("Un verger", "draft")
    assert first.image.name.endswith(".jpg")
    put_on_ballot(projects=[first, second], actor=officer, at=NOW)
    assert set(Project.objects.order_by("pk").values_list("reference", "state")) == {
        ("002", "on_ballot"),
        ("003", "on_ballot"),
        ("004", "draft"),
    }
    take_off_ballot(projects=[first], actor=officer, at=NOW)
    assert Project.objects.get(pk=first.pk).state == "draft"
    edit_project(project=first, data=data, actor=officer, at=NOW, remove_image=True)
    assert not Project.objects.get(pk=first.pk).image


def test_what_projects_refuse(officer):
    budget = make_budget("examine")
    envelope = make_envelope(budget, amount_cents=1000)
    data = ProjectData(title="Un verger", description="", cost_cents=1000)

    def codes(data=data, actor=officer, **fields):
        values = {"envelope": envelope} | fields
        return refusal(create_project, data=data, actor=actor, at=NOW, **values)

    assert codes(actor=make_user()) == ("not_allowed",)
    assert codes(
        ProjectData(
            title="", description="", cost_cents=1001, category=make_category(make_budget())
        )
    ) == ("title_missing", "cost_over_envelope", "other_budget")
    assert codes(ProjectData(title="A", description="", cost_cents=0)) == ("cost_missing",)
    project = create_project(envelope=envelope, data=data, actor=officer, at=NOW, reference="7")
    assert codes(reference="7") == ("number_taken",)
    assert codes(image=SimpleUploadedFile("a.png", b"GIF8 not really")) == ("file_unreadable",)
    assert codes(image=SimpleUploadedFile("a.txt", b"texte")) == ("file_type",)
    project.cost_cents = 1500
    project.save()
    assert refusal(put_on_ballot, projects=[project], actor=officer, at=NOW) == (
        "cost_over_envelope",
    )
    assert refusal(take_off_ballot, projects=[project], actor=officer, at=NOW) == (
        "not_on_ballot",
        "cost_over_envelope",
    )
    sealed = make_poll(envelope=make_envelope(budget)).envelope
    assert codes(envelope=sealed) == ("envelope_sealed",)
    standing = sealed.projects.order_by("pk").first()
    assert refusal(take_off_ballot, projects=[standing], actor=officer, at=NOW) == (
        "envelope_sealed",
    )
    assert refusal(put_on_ballot, projects=[standing], actor=officer, at=NOW) == (
        "envelope_sealed",
        "not_a_draft",
    )


def test_a_sealed_project_takes_a_picture_and_nothing_else(officer):
    project = make_poll().envelope.projects.order_by("pk").first()
    same = ProjectData(
        title=project.title,
        description=project.description,
        cost_cents=project.cost_cents,
        image_alt="Vue du verger",
    )
    edit_project(project=project, data=same, actor=officer, at=NOW, image=picture())
    stored = Project.objects.get(pk=project.pk)
    assert (bool(stored.image), stored.image_alt) == (True, "Vue du verger")
    for change in ({"title": "B"}, {"cost_cents": 1}, {"territory": make_territory()}):
        data = ProjectData(
            **{
                "title": project.title,
                "description": project.description,
                "cost_cents": project.cost_cents,
            }
            | change
        )
        assert refusal(edit_project, project=project, data=data, actor=officer, at=NOW) == (
            "project_sealed",
        )
