"""The study: directorates, verdicts, decisions, merging."""

import pytest
from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from django.utils import timezone

from participation.budgets.models import FeasibilityStudy, Idea, IdeaDecision, Project, ProjectIdea
from participation.budgets.services.study import (
    assign_idea,
    decide_idea,
    merge_ideas,
    record_study,
)
from participation.core.models import Notification
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    make_budget,
    make_category,
    make_envelope,
    make_idea,
    make_officer,
    make_poll,
    make_project,
    make_study,
)
from tests.factories.core import make_directorate
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


def merge_fields(envelope, **fields):
    return {
        "envelope": envelope,
        "title": "Un verger",
        "description": "Quinze arbres.",
        "cost_cents": 2_000_000,
        "category": None,
        "territory": None,
        "point": None,
        "at": timezone.now(),
    } | fields


def test_assigning_starts_the_study_and_tells_the_author(officer):
    idea = make_idea(author=make_user(language="en"))
    green, roads = make_directorate("Espaces verts"), make_directorate("Voirie")
    at = timezone.now()
    studies = assign_idea(idea=idea, directorates=[green, roads], actor=officer, at=at)
    assert {study.directorate for study in studies} == {green, roads}
    assert Idea.objects.get().state == "in_study"
    decision = IdeaDecision.objects.get()
    assert (decision.state_before, decision.state_after, decision.decided_by) == (
        "received",
        "in_study",
        officer,
    )
    told = Notification.objects.get()
    assert told.recipient == idea.contribution.author
    assert "Under study" in told.subject


def test_assigning_again_replaces_the_list_but_keeps_recorded_studies(officer):
    answered = make_study(verdict="feasible", cost_cents=100)
    idea = answered.idea
    silent = make_study(idea)
    new = make_directorate()
    assign_idea(idea=idea, directorates=[new], actor=officer, at=timezone.now())
    left = set(FeasibilityStudy.objects.order_by("pk").values_list("directorate", flat=True))
    assert left == {answered.directorate_id, new.pk}
    assert silent.directorate_id not in left
    assert not IdeaDecision.objects.exists()


def test_what_assigning_refuses(officer):
    now = timezone.now()
    directorate = make_directorate()

    def codes(idea, directorates=(directorate,), actor=officer):
        return refusal(assign_idea, idea=idea, directorates=directorates, actor=actor, at=now)

    assert codes(make_idea(), ()) == ("no_directorate",)
    assert codes(make_idea(), actor=make_user()) == ("not_allowed",)
    assert codes(make_idea(visibility="pending")) == ("idea_not_published",)
    assert codes(make_idea(state="merged")) == ("assignment_too_late", "transition_not_allowed")
    assert not FeasibilityStudy.objects.exists()


def test_a_study_is_recorded_and_may_be_corrected_while_the_idea_is_studied(officer):
    study = make_study()
    at = timezone.now()
    record_study(
        study=study,
        verdict="feasible",
        cost_cents=4_500_000,
        lead_time_months=9,
        reasons=" Raccordement possible. ",
        actor=officer,
        at=at,
    )
    stored = FeasibilityStudy.objects.get()
    assert (
        stored.verdict,
        stored.cost_cents,
        stored.lead_time_months,
        stored.reasons,
        stored.decided_at,
    ) == ("feasible", 4_500_000, 9, "Raccordement possible.", at)
    record_study(
        study=stored,
        verdict="infeasible",
        cost_cents=None,
        lead_time_months=None,
        reasons="Canalisation de gaz.",
        actor=officer,
        at=at,
    )
    assert FeasibilityStudy.objects.get().verdict == "infeasible"


def test_what_recording_a_study_refuses(officer):
    study = make_study()

    def codes(study=study, actor=officer, **fields):
        values = {"verdict": "feasible", "cost_cents": 100, "lead_time_months": 1, "reasons": ""}
        return refusal(record_study, study=study, actor=actor, at=timezone.now(), **values | fields)

    assert codes(cost_cents=None) == ("cost_missing",)
    assert codes(verdict="infeasible", reasons="  ") == ("reason_missing",)
    assert codes(verdict="pending") == ("verdict_missing",)
    assert codes(actor=make_user()) == ("not_allowed",)
    assert codes(study=make_study(make_idea(state="feasible"))) == ("idea_not_in_study",)


def test_the_database_refuses_studies_and_decisions_without_their_reasons(officer):
    idea = make_idea(state="in_study")
    for fields in ({"verdict": "infeasible"}, {"verdict": "feasible"}, {"cost_cents": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_study(idea, **fields)
    with pytest.raises(IntegrityError, match="idea_refusal_has_reason"), transaction.atomic():
        IdeaDecision.objects.create(
            idea=idea,
            state_before="in_study",
            state_after="infeasible",
            decided_by=officer,
            decided_at=timezone.now(),
        )


def test_each_decision_is_kept_in_order_and_mailed_with_its_reason(officer):
    idea = make_idea(author=make_user(wants_mail=False))
    for state, reason, cost in (
        ("in_study", "", None),
        ("infeasible", "Le sous-sol est creux.", None),
        ("in_study", "Un sondage dit le contraire.", None),
        ("feasible", "", 300_000),
    ):
        decide_idea(
            idea=idea, state=state, reason=reason, cost_cents=cost, actor=officer, at=timezone.now()
        )
    history = list(IdeaDecision.objects.values_list("state_after", "reason", "cost_cents"))
    assert history == [
        ("feasible", "", 300_000),
        ("in_study", "Un sondage dit le contraire.", None),
        ("infeasible", "Le sous-sol est creux.", None),
        ("in_study", "", None),
    ]
    bodies = list(Notification.objects.order_by("pk").values_list("body", flat=True))
    assert len(bodies) == 4
    assert ["Le sous-sol est creux." in body for body in bodies] == [False, True, False, False]
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        IdeaDecision.objects.update(reason="Autre")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        IdeaDecision.objects.all().delete()


def test_an_idea_without_member_author_is_decided_without_mail(officer):
    idea = make_idea()
    idea.contribution.author = None
    idea.contribution.author_label = "Réunion de quartier"
    idea.contribution.save()
    decide_idea(
        idea=idea, state="eligible", reason="", cost_cents=None, actor=officer, at=timezone.now()
    )
    assert not Notification.objects.exists()


def test_merging_makes_one_draft_project_keeps_the_trail_and_tells_each_author(officer):
    budget = make_budget("examine")
    envelope = make_envelope(budget)
    make_project(envelope, reference="001")
    ideas = [make_idea(budget, state=state) for state in ("eligible", "in_study", "feasible")]
    category, territory = make_category(budget), make_territory()
    project = merge_ideas(
        ideas=ideas,
        actor=officer,
        **merge_fields(
            envelope,
            category=category,
            territory=territory,
            point=Point(1.44, 43.6, srid=4326),
        ),
    )
    stored = Project.objects.get(pk=project.pk)
    assert (stored.state, stored.reference, stored.cost_cents) == ("draft", "002", 2_000_000)
    assert (stored.category, stored.territory, stored.point.coords) == (
        category,
        territory,
        (1.44, 43.6),
    )
    assert set(stored.ideas.order_by("pk")) == set(ideas)
    assert set(Idea.objects.order_by("pk").values_list("state", flat=True)) == {"merged"}
    assert set(
        IdeaDecision.objects.order_by("idea").values_list("idea", "state_before", "state_after")
    ) == {(idea.pk, idea.state, "merged") for idea in ideas}
    told = Notification.objects.order_by("pk")
    assert {notification.recipient for notification in told} == {
        idea.contribution.author for idea in ideas
    }
    assert all("002" in notification.body for notification in told)


def test_what_merging_refuses(officer):
    budget = make_budget("examine")
    envelope = make_envelope(budget, amount_cents=1000)
    good = make_idea(budget, state="feasible")

    def codes(ideas, actor=officer, **fields):
        return refusal(
            merge_ideas,
            ideas=ideas,
            actor=actor,
            **merge_fields(fields.pop("envelope", envelope), **{"cost_cents": 1000} | fields),
        )

    assert codes([good], actor=make_user()) == ("not_allowed",)
    assert codes([]) == ("no_idea",)
    assert codes([good, make_idea(state="feasible")]) == ("other_budget",)
    assert codes([good, make_idea(budget, state="ineligible")]) == ("not_mergeable",)
    assert codes([make_idea(budget, state="feasible", visibility="hidden")]) == (
        "idea_not_published",
    )
    assert codes([good], title=" ", cost_cents=0) == ("title_missing", "cost_missing")
    assert codes([good], cost_cents=1001) == ("cost_over_envelope",)
    sealed = make_poll(envelope=make_envelope(budget)).envelope
    assert codes([good], envelope=sealed) == ("envelope_sealed",)
    assert not ProjectIdea.objects.exists()
    assert Idea.objects.get(pk=good.pk).state == "feasible"


def test_an_idea_goes_into_one_project_only(officer):
    idea = make_idea(state="feasible")
    envelope = make_envelope(idea.budget)
    merge_ideas(ideas=[idea], actor=officer, **merge_fields(envelope))
    assert refusal(
        merge_ideas, ideas=[idea], actor=officer, **merge_fields(envelope, title="Bis")
    ) == ("not_mergeable",)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectIdea.objects.create(
            project=make_project(envelope), idea=idea, merged_at=timezone.now()
        )
