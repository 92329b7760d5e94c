"""Residents' ideas: keep a draft, submit, change, withdraw."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets import policies
from participation.budgets.models import Budget, Category, Idea
from participation.core import audit
from participation.core.choices import ModerationMode, Visibility
from participation.core.models import Contribution
from participation.core.services import follow, notify
from participation.core.verdict import ALLOWED, Verdict, refuse


@dataclass(frozen=True, slots=True)
class IdeaData:
    """What the author writes. The cost is the author's own estimate, in integer cents."""

    title: str
    body: str
    category: Category | None = None
    territory: Territory | None = None
    point: Point | None = None
    address: str = ""
    estimated_cost_cents: int | None = None


@transaction.atomic
def save_draft(
    *,
    budget: Budget,
    author: Any,
    data: IdeaData,
    submission_key: uuid.UUID,
    at: datetime.datetime,
) -> Idea:
    """Keep a draft that only its author sees; the same key again updates the same draft.

    Raises `Refused` when an idea could not be submitted now, or when the key is of something else.
    """
    known = _known(submission_key)
    if known is not None:
        _same_place(known, budget, author).or_refuse()
        if known.contribution.visibility != Visibility.DRAFT:
            return known  # it was submitted meanwhile: nothing to keep
        _check(budget, author, data, at).or_refuse()
        return _write(known, data)
    _check(budget, author, data, at).or_refuse()
    idea, _created = _create(budget, author, data, submission_key, at)
    return idea


@transaction.atomic
def submit_idea(
    *,
    budget: Budget,
    author: Any,
    data: IdeaData,
    submission_key: uuid.UUID,
    at: datetime.datetime,
    draft: Idea | None = None,
) -> Idea:
    """Submit an idea, out of `draft` if there is one: a number, a receipt by mail.

    A double click, or the form sent again with the same key, finds the first idea and changes
    nothing. The process says whether it is read before its publication or afterwards.
    """
    known = draft if draft is not None else _known(submission_key)
    if known is not None:
        _same_place(known, budget, author).or_refuse()
        # The row's lock makes a second click wait for the first.
        contribution = Contribution.objects.select_for_update(of=("self",), no_key=True).get(
            pk=known.pk
        )
        known.contribution = contribution
        if contribution.visibility != Visibility.DRAFT:
            return known
        _check(budget, author, data, at).or_refuse()
        idea = _write(known, data)
    else:
        _lock_author(author)
        _check(budget, author, data, at).or_refuse()
        idea, created = _create(budget, author, data, submission_key, at)
        if not created:
            return submit_idea(
                budget=budget, author=author, data=data, submission_key=submission_key, at=at
            )
    contribution = idea.contribution
    after = budget.activity.process.moderation == ModerationMode.AFTER
    contribution.visibility = Visibility.PUBLISHED if after else Visibility.PENDING
    contribution.submitted_at = at
    contribution.published_at = at if after else None
    contribution.save(update_fields=["visibility", "submitted_at", "published_at"])
    audit.record(action="parvis.idea.submit", instance=contribution, actor=author)
    follow(user=author, subject=contribution, at=at)
    _send_receipt(idea, author, at)
    return idea


@transaction.atomic
def edit_idea(*, idea: Idea, data: IdeaData, actor: Any, at: datetime.datetime) -> Idea:
    """Its author changes an idea. Where ideas are read before publication, it is read again."""
    contribution = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=idea.pk)
    idea.contribution = contribution
    verdict = policies.may_edit_idea(idea=idea, user=actor, at=at)
    (verdict & _complete(idea.budget, data)).or_refuse()
    before = contribution.visibility
    _write(idea, data)
    moderation = idea.budget.activity.process.moderation
    if before == Visibility.PUBLISHED and moderation == ModerationMode.BEFORE:
        contribution.visibility = Visibility.PENDING
        contribution.save(update_fields=["visibility"])
    if before != Visibility.DRAFT:
        audit.record(action="parvis.idea.edit", instance=contribution, actor=actor)
    return idea


@transaction.atomic
def withdraw_idea(*, idea: Idea, actor: Any, at: datetime.datetime) -> None:
    """Its author takes an idea back: it leaves the site, its number and history stay."""
    contribution = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=idea.pk)
    idea.contribution = contribution
    idea.refresh_from_db(fields=["state"])
    policies.may_withdraw_idea(idea=idea, user=actor).or_refuse()
    if contribution.submitted_at is None:
        contribution.submitted_at = at  # a withdrawn draft has been seen by nobody
    contribution.visibility = Visibility.WITHDRAWN
    contribution.save(update_fields=["visibility", "submitted_at"])
    audit.record(action="parvis.idea.withdraw", instance=contribution, actor=actor)


def _known(submission_key: uuid.UUID) -> Idea | None:
    return (
        Idea.objects.select_related("contribution")
        .filter(contribution__submission_key=submission_key)
        .first()
    )


def _same_place(idea: Idea, budget: Budget, author: Any) -> Verdict:
    if idea.budget_id == budget.pk and idea.contribution.author_id == author.pk:
        return ALLOWED
    return refuse("key_reused", _("This form was already used: open a new one."))


def _check(budget: Budget, author: Any, data: IdeaData, at: datetime.datetime) -> Verdict:
    verdict = policies.may_submit_idea(budget=budget, user=author, at=at)
    return verdict & _complete(budget, data)


def _complete(budget: Budget, data: IdeaData) -> Verdict:
    """What the form also checks; the service does not trust it."""
    verdict = ALLOWED
    if not data.title.strip():
        verdict &= refuse("title_missing", _("Give your idea a title."))
    if data.category is not None and data.category.budget_id != budget.pk:
        verdict &= refuse("unknown_category", _("This category is not one of this budget."))
    cost, limit = data.estimated_cost_cents, budget.idea_max_cost_cents
    if cost is not None and cost < 0:
        verdict &= refuse("cost_negative", _("A cost can't be negative."))
    if cost is not None and limit is not None and cost > limit:
        verdict &= refuse(
            "cost_too_high",
            _("The rules limit an idea to %(limit)s euros."),
            limit=limit // 100,
        )
    perimeter = budget.activity.process.perimeter
    if (
        data.point is not None
        and perimeter is not None
        and not perimeter.geometry.intersects(data.point)
    ):
        verdict &= refuse(
            "outside_perimeter", _("This place is outside the perimeter of the budget.")
        )
    return verdict


def _create(
    budget: Budget,
    author: Any,
    data: IdeaData,
    submission_key: uuid.UUID,
    at: datetime.datetime,
) -> tuple[Idea, bool]:
    """A draft with that key, and whether this call made it (a twin request may have)."""
    contribution, created = Contribution.objects.get_or_create(
        submission_key=submission_key,
        defaults={
            "activity_id": budget.pk,
            "author": author,
            "title": data.title.strip(),
            "body": data.body.strip(),
            "territory": data.territory,
            "point": data.point,
            "address": data.address.strip(),
            "created_at": at,
        },
    )
    if not created:
        return Idea.objects.select_related("contribution").get(contribution=contribution), False
    idea = Idea.objects.create(
        contribution=contribution,
        budget=budget,
        category=data.category,
        estimated_cost_cents=data.estimated_cost_cents,
    )
    return idea, True


def _write(idea: Idea, data: IdeaData) -> Idea:
    contribution = idea.contribution
    contribution.title = data.title.strip()
    contribution.body = data.body.strip()
    contribution.territory = data.territory
    contribution.point = data.point
    contribution.address = data.address.strip()
    contribution.save(update_fields=["title", "body", "territory", "point", "address"])
    idea.category = data.category
    idea.estimated_cost_cents = data.estimated_cost_cents
    idea.save(update_fields=["category", "estimated_cost_cents"])
    return idea


def _lock_author(author: Any) -> None:
    """One submission at a time per person: the limit of ideas holds under concurrency."""
    type(author).objects.select_for_update(of=("self",), no_key=True).get(pk=author.pk)


def _send_receipt(idea: Idea, author: Any, at: datetime.datetime) -> None:
    contribution = idea.contribution
    with override(author.language):
        awaiting = contribution.visibility == Visibility.PENDING
        next_step = (
            gettext("It will be read by the moderation team before its publication.")
            if awaiting
            else gettext("It is published. You can change it until the end of the collection.")
        )
        notify(
            recipient=author,
            kind="idea-received",
            key=f"{contribution.pk}",
            subject=gettext("Your idea is registered under number %(number)s")
            % {"number": contribution.receipt_number},
            body=gettext(
                "We have received your idea “%(title)s” for “%(budget)s”, under number "
                "%(number)s. Keep this number."
            )
            % {
                "title": contribution.title,
                "budget": idea.budget.activity.title,
                "number": contribution.receipt_number,
            }
            + "\n\n"
            + next_step,
            path=reverse("budgets:idea", args=[idea.budget.activity.slug, idea.pk]),
            at=at,
            contribution=contribution,
            essential=True,
        )
