"""Make a participatory budget from a template, in one gesture."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets import policies
from participation.budgets.choices import BallotKind, CountingRule, Remainder
from participation.budgets.models import Budget, Category, Envelope, Poll
from participation.core import audit
from participation.core.choices import EngagementLevel, Step
from participation.core.models import Activity, Directorate, Process
from participation.core.services.calendar import PhasePlan, calendar_holds, lay_calendar
from participation.core.verdict import ALLOWED, Verdict, refuse


@dataclass(frozen=True, slots=True)
class EnvelopePlan:
    """Money put to one vote, in integer cents; without territory it is for the whole perimeter."""

    name: str
    amount_cents: int
    territory: Territory | None = None


@transaction.atomic
def create_budget(
    *,
    title: str,
    slug: str,
    edition: int,
    owner: Directorate,
    perimeter: Territory | None,
    contact_name: str,
    contact_email: str,
    terms: str,
    phases: Sequence[PhasePlan],
    envelopes: Sequence[EnvelopePlan],
    categories: Sequence[str],
    ballot_kind: str,
    min_choices: int,
    max_choices: int | None,
    actor: Any,
    at: datetime.datetime,
    process: Process | None = None,
    **rules: Any,
) -> Budget:
    """Make the process (unless one is given), the activity with its phases, the budget with its
    envelopes and categories. Nothing is published.

    `rules` are other columns of `Budget`, such as `on_misfit` or `ideas_per_person`.
    Codes: `not_allowed`, `no_envelope`, `amount_missing`, `no_phase`, `phases_overlap`,
    `phase_reversed`, `slug_taken`, `choices_reversed`.
    """
    verdict = policies.may_set_up(user=actor)
    verdict &= _plans_complete(phases, envelopes)
    if Activity.objects.filter(slug=slug).exists() or (
        process is None and Process.objects.filter(slug=slug).exists()
    ):
        verdict &= refuse("slug_taken", _("This address is already that of another process."))
    if max_choices is not None and max_choices < min_choices:
        verdict &= refuse("choices_reversed", _("The maximum must not be below the minimum."))
    verdict.or_refuse()
    if process is None:
        process = Process.objects.create(
            title=title,
            slug=slug,
            owner=owner,
            engagement_level=EngagementLevel.CO_DECIDE,
            perimeter=perimeter,
            contact_name=contact_name,
            contact_email=contact_email,
            terms=terms,
        )
    activity = Activity.objects.create(process=process, kind="budget", title=title, slug=slug)
    lay_calendar(activity=activity, phases=phases)
    budget = Budget.objects.create(
        activity=activity,
        edition=edition,
        ballot_kind=ballot_kind,
        min_choices=min_choices,
        max_choices=max_choices,
        **rules,
    )
    for position, envelope in enumerate(envelopes):
        Envelope.objects.create(
            budget=budget,
            name=envelope.name,
            slug=envelope_slug(budget=budget, name=envelope.name),
            territory=envelope.territory,
            amount_cents=envelope.amount_cents,
            position=position,
        )
    Category.objects.bulk_create(
        [
            Category(budget=budget, name=name.strip(), position=position)
            for position, name in enumerate(dict.fromkeys(categories))
            if name.strip()
        ]
    )
    audit.record(action="parvis.budget.create", instance=activity, actor=actor)
    return budget


def envelope_slug(*, budget: Budget, name: str) -> str:
    """A free address for an envelope of that name."""
    wanted = slugify(name)[:70] or "enveloppe"
    taken = set(budget.envelopes.values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


@transaction.atomic
def save_rules(*, budget: Budget, rules: dict[str, Any], actor: Any) -> Budget:
    """Change the published rules, as long as no ballot of the budget is sealed.

    Codes: `not_allowed`, `budget_sealed`, `choices_reversed`, `points_missing`,
    `points_of_ranks_missing`, `guarantee_without_ranking`, `minimum_without_ranking`,
    `guarantee_without_common_money`.
    """
    verdict = policies.may_set_up(user=actor)
    locked = Budget.objects.select_for_update(of=("self",), no_key=True).get(pk=budget.pk)
    changed = {name: value for name, value in rules.items() if getattr(locked, name) != value}
    if changed.keys() & _COUNTED and Poll.objects.filter(envelope__budget=budget).exists():
        verdict &= refuse(
            "budget_sealed",
            _("A ballot of this budget is sealed: the rules of its vote can't change any more."),
        )
    for name, value in changed.items():
        setattr(locked, name, value)
    if locked.max_choices is not None and locked.max_choices < locked.min_choices:
        verdict &= refuse("choices_reversed", _("The maximum must not be below the minimum."))
    verdict &= _ballot_complete(locked)
    verdict &= _rule_coherent(locked)
    verdict.or_refuse()
    locked.save()
    audit.record(
        action="parvis.budget.rules",
        instance=locked.activity,
        actor=actor,
        changed=dict(sorted(changed.items())),
    )
    return locked


def _ballot_complete(budget: Budget) -> Verdict:
    """What a ballot with points needs; an ordered one has as many places as points are given."""
    if budget.ballot_kind == BallotKind.CUMULATIVE and not budget.max_points:
        return refuse("points_missing", _("Say how many points each voter gives."))
    if budget.ballot_kind == BallotKind.ORDINAL:
        ranks = len(budget.rank_scores)
        if not ranks or ranks < (budget.max_choices or 0):
            return refuse(
                "points_of_ranks_missing",
                _("Say how many points each rank is worth, for as many ranks as choices."),
            )
    return ALLOWED


def _rule_coherent(budget: Budget) -> Verdict:
    verdict = ALLOWED
    if budget.rule != CountingRule.GREEDY and budget.minimum_winners:
        verdict &= refuse(
            "guarantee_without_ranking",
            _(
                "Guaranteed projects are the best placed of each neighbourhood, and this rule "
                "ranks none: set money aside for each neighbourhood instead, or choose the most "
                "voted first."
            ),
        )
    if budget.rule != CountingRule.GREEDY and (
        budget.minimum_votes > 1 or budget.minimum_share_percent
    ):
        verdict &= refuse(
            "minimum_without_ranking",
            _(
                "Minimums of votes exist only in the rule of the most voted first: in this one, "
                "a project is selected when its supporters can pay it."
            ),
        )
    if (
        budget.district_quota_cents
        and budget.minimum_winners
        and budget.remainder != Remainder.POOLED
    ):
        verdict &= refuse(
            "guarantee_without_common_money",
            _(
                "Guaranteed projects are paid by the money put in common: choose to put in common "
                "what the neighbourhoods leave, or guarantee none."
            ),
        )
    return verdict


_COUNTED = {
    "rule",
    "satisfaction",
    "completion",
    "stops_when_exhaustive",
    "grouping",
    "minimum_winners",
    "max_points",
    "max_points_per_project",
    "rank_scores",
    "minimum_share_percent",
    "ballot_kind",
    "min_choices",
    "max_choices",
    "on_misfit",
    "district_quota_cents",
    "remainder",
    "minimum_votes",
}


@transaction.atomic
def save_envelope(*, envelope: Envelope, plan: EnvelopePlan, position: int, actor: Any) -> Envelope:
    """Add an envelope (unsaved, with its budget) or change one whose ballot is not sealed.

    Codes: `not_allowed`, `envelope_sealed`, `amount_missing`, `cost_over_envelope`.
    """
    verdict = policies.may_set_up(user=actor)
    if envelope.pk and Poll.objects.filter(pk=envelope.pk).exists():
        verdict &= refuse("envelope_sealed", _("The ballot of this envelope is sealed."))
    if plan.amount_cents <= 0:
        verdict &= refuse("amount_missing", _("The amount must be above zero."))
    elif (
        envelope.pk
        and envelope.projects.filter(state="on_ballot", cost_cents__gt=plan.amount_cents).exists()
    ):
        verdict &= refuse(
            "cost_over_envelope",
            _("A project on the ballot costs more than this amount: take it off first."),
        )
    verdict.or_refuse()
    if not envelope.pk:
        envelope.slug = envelope_slug(budget=envelope.budget, name=plan.name)
    envelope.name = plan.name
    envelope.amount_cents = plan.amount_cents
    envelope.territory = plan.territory
    envelope.position = position
    envelope.save()
    audit.record(
        action="parvis.envelope.save",
        instance=envelope,
        actor=actor,
        amount_cents=plan.amount_cents,
    )
    return envelope


def _plans_complete(phases: Sequence[PhasePlan], envelopes: Sequence[EnvelopePlan]) -> Verdict:
    verdict = ALLOWED
    if not envelopes:
        verdict &= refuse("no_envelope", _("A budget needs at least one envelope."))
    if any(envelope.amount_cents <= 0 for envelope in envelopes):
        verdict &= refuse("amount_missing", _("The amount must be above zero."))
    if not any(phase.step == Step.DECIDE for phase in phases):
        verdict &= refuse("no_phase", _("A budget needs at least its voting phase."))
    return verdict & calendar_holds(phases)


@transaction.atomic
def save_category(
    *, budget: Budget, category: Category | None, name: str, icon: str, position: int, actor: Any
) -> Category:
    """Add or change a category. Codes: `not_allowed`, `name_taken`."""
    verdict = policies.may_set_up(user=actor)
    category = category or Category(budget=budget)
    others = budget.categories.exclude(pk=category.pk) if category.pk else budget.categories.all()
    if others.filter(name=name.strip()).exists():
        verdict &= refuse("name_taken", _("This budget already has a category of that name."))
    verdict.or_refuse()
    category.name, category.icon, category.position = name.strip(), icon, position
    category.save()
    audit.record(
        action="parvis.budget.category", instance=budget.activity, actor=actor, name=category.name
    )
    return category


@transaction.atomic
def remove_category(*, category: Category, actor: Any) -> None:
    """Remove a category that no idea and no project uses. Codes: `not_allowed`, `category_used`."""
    verdict = policies.may_set_up(user=actor)
    if category.ideas.exists() or category.projects.exists():
        verdict &= refuse(
            "category_used", _("Ideas or projects are in this category: it can't be removed.")
        )
    verdict.or_refuse()
    audit.record(
        action="parvis.budget.category",
        instance=category.budget.activity,
        actor=actor,
        removed=category.name,
    )
    category.delete()
