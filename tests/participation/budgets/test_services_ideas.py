"""Drafts, submissions, changes, withdrawals."""

import uuid

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from wagtail.models import ModelLogEntry

from participation.budgets.models import Idea
from participation.budgets.services.ideas import (
    IdeaData,
    edit_idea,
    save_draft,
    submit_idea,
    withdraw_idea,
)
from participation.core.choices import ModerationMode
from participation.core.models import Contribution, Follow, Notification
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import make_budget, make_category, make_idea, move_to
from tests.participation.budgets.refusals import refusal

pytestmark = pytest.mark.django_db

DATA = IdeaData(title="Un banc", body="Devant l’école.")


def submit(budget, author, data=DATA, key=None, **more):
    return submit_idea(
        budget=budget,
        author=author,
        data=data,
        submission_key=key or uuid.uuid4(),
        at=timezone.now(),
        **more,
    )


def submit_codes(budget, author, data=DATA, **more):
    return refusal(
        submit_idea,
        budget=budget,
        author=author,
        data=data,
        submission_key=uuid.uuid4(),
        at=timezone.now(),
        **more,
    )


def test_a_submitted_idea_is_whole_public_receipted_and_followed_by_its_author():
    budget = make_budget(process__moderation=ModerationMode.AFTER)
    territory, category = make_territory(), make_category(budget)
    author = make_user(wants_mail=False)
    at = timezone.now()
    idea = submit_idea(
        budget=budget,
        author=author,
        data=IdeaData(
            title="  Un banc ",
            body="Devant l’école.\n",
            category=category,
            territory=territory,
            point=Point(1.44, 43.6, srid=4326),
            address=" 3 rue Haute ",
            estimated_cost_cents=123_45,
        ),
        submission_key=uuid.uuid4(),
        at=at,
    )
    stored = Idea.objects.select_related("contribution").get()
    contribution = stored.contribution
    assert stored == idea
    assert (contribution.title, contribution.body, contribution.address) == (
        "Un banc",
        "Devant l’école.",
        "3 rue Haute",
    )
    assert (contribution.visibility, contribution.submitted_at, contribution.published_at) == (
        "published",
        at,
        at,
    )
    assert (stored.state, stored.category, stored.estimated_cost_cents) == (
        "received",
        category,
        12345,
    )
    assert (contribution.territory, contribution.point.coords) == (territory, (1.44, 43.6))
    assert Follow.objects.get(contribution=contribution).user == author
    told = Notification.objects.get()
    assert (told.recipient, told.contribution) == (author, contribution)
    assert contribution.receipt_number in told.subject
    assert told.path == f"/budget/{budget.activity.slug}/idees/{idea.pk}/"
    assert ModelLogEntry.objects.get().action == "parvis.idea.submit"


def test_where_ideas_are_read_first_they_wait():
    idea = submit(make_budget(process__moderation=ModerationMode.BEFORE), make_user())
    assert (idea.contribution.visibility, idea.contribution.published_at) == ("pending", None)


def test_the_same_form_sent_again_finds_the_first_idea_and_changes_nothing():
    budget, author, key = make_budget(), make_user(), uuid.uuid4()
    first = submit(budget, author, key=key)
    again = submit(budget, author, data=IdeaData(title="Autre", body="Autre"), key=key)
    assert again == first
    assert Contribution.objects.get().title == "Un banc"
    assert Notification.objects.count() == 1


def test_a_key_of_somebody_else_or_of_another_budget_is_refused():
    budget, author, key = make_budget(), make_user(), uuid.uuid4()
    submit(budget, author, key=key)
    for other_budget, other_author in ((budget, make_user()), (make_budget(), author)):
        assert refusal(
            submit_idea,
            budget=other_budget,
            author=other_author,
            data=DATA,
            submission_key=key,
            at=timezone.now(),
        ) == ("key_reused",)


def test_a_draft_is_kept_changed_then_submitted_once():
    budget, author, key = make_budget(), make_user(), uuid.uuid4()
    draft = save_draft(
        budget=budget, author=author, data=DATA, submission_key=key, at=timezone.now()
    )
    assert draft.contribution.visibility == "draft"
    assert not Notification.objects.exists()
    later = IdeaData(title="Deux bancs", body="Et un arbre.")
    assert (
        save_draft(budget=budget, author=author, data=later, submission_key=key, at=timezone.now())
        == draft
    )
    last = IdeaData(title="Trois bancs", body="Et un arbre.")
    idea = submit(budget, author, data=last, key=uuid.uuid4(), draft=draft)
    assert (idea, idea.contribution.title) == (draft, "Trois bancs")
    assert submit(budget, author, data=DATA, draft=draft).contribution.title == "Trois bancs"
    kept = save_draft(
        budget=budget, author=author, data=DATA, submission_key=key, at=timezone.now()
    )
    assert kept.contribution.title == "Trois bancs"
    assert Idea.objects.count() == 1


def test_nobody_submits_the_draft_of_another():
    budget = make_budget()
    draft = make_idea(budget, visibility="draft")
    assert submit_codes(budget, make_user(), draft=draft) == ("key_reused",)


def test_the_collection_may_close_while_the_form_is_open():
    budget, author = make_budget(), make_user()
    move_to(budget, "examine")
    assert submit_codes(budget, author) == ("collect_closed",)
    assert not Contribution.objects.exists()


def test_the_service_does_not_trust_the_form():
    perimeter = make_territory(bounds=(1.3, 43.5, 1.6, 43.7))
    budget = make_budget(process__perimeter=perimeter, idea_max_cost_cents=100_000)
    elsewhere = IdeaData(
        title="  ",
        body="",
        category=make_category(make_budget()),
        point=Point(2.35, 48.85, srid=4326),
        estimated_cost_cents=100_001,
    )
    assert submit_codes(budget, make_user(), data=elsewhere) == (
        "title_missing",
        "unknown_category",
        "cost_too_high",
        "outside_perimeter",
    )
    negative = IdeaData(title="Un banc", body="", estimated_cost_cents=-1)
    assert submit_codes(budget, make_user(), data=negative) == ("cost_negative",)
    edge = IdeaData(
        title="Un banc", body="", estimated_cost_cents=100_000, point=Point(1.3, 43.5, srid=4326)
    )
    assert submit(budget, make_user(), data=edge).pk


def test_an_edited_idea_is_read_again_where_ideas_are_read_first():
    author = make_user()
    changes = IdeaData(title="Deux bancs", body="Ici.")
    for mode, visibility in (("after", "published"), ("before", "pending")):
        idea = make_idea(make_budget(process__moderation=mode), author=author)
        edit_idea(idea=idea, data=changes, actor=author, at=timezone.now())
        contribution = Contribution.objects.get(pk=idea.pk)
        assert (contribution.title, contribution.visibility) == ("Deux bancs", visibility)


def test_an_edit_is_refused_whole():
    idea = make_idea(state="in_study")
    before = idea.contribution.title
    assert refusal(
        edit_idea,
        idea=idea,
        data=IdeaData(title="", body=""),
        actor=idea.contribution.author,
        at=timezone.now(),
    ) == ("idea_under_study", "title_missing")
    assert Contribution.objects.get(pk=idea.pk).title == before


def test_a_withdrawn_idea_leaves_the_site_and_keeps_its_number():
    idea = make_idea()
    assert refusal(withdraw_idea, idea=idea, actor=make_user(), at=timezone.now()) == (
        "not_author",
    )
    withdraw_idea(idea=idea, actor=idea.contribution.author, at=timezone.now())
    assert Contribution.objects.get().visibility == "withdrawn"
    assert not Idea.objects.public().exists()
    assert refusal(withdraw_idea, idea=idea, actor=idea.contribution.author, at=timezone.now()) == (
        "idea_not_editable",
    )


def test_a_draft_may_be_withdrawn_too():
    idea = make_idea(visibility="draft")
    withdraw_idea(idea=idea, actor=idea.contribution.author, at=timezone.now())
    assert Contribution.objects.get().visibility == "withdrawn"
