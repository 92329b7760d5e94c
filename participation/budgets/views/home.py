"""The home of a budget and its rules."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.budgets import queries
from participation.budgets.models import Poll
from participation.budgets.presentation import (
    call_to_action,
    key_figures,
    limits_sentence,
    rules_of_counting,
)
from participation.budgets.services.vote.regulation import regulation
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.budgets.views.following import follow_parts

LATEST = 3


@require_safe
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """What the budget is, where it stands, and the one thing to do now."""
    page = open_budget(request, slug)
    budget = page.budget
    has_deliveries = budget.has_deliveries  # type: ignore[attr-defined]  # annotated by open_budget
    context = page.context(
        "home",
        call=call_to_action(
            budget=budget,
            phases=page.phases,
            has_ideas=budget.has_ideas,  # type: ignore[attr-defined]  # annotated by open_budget
            has_results=page.results_are_public,
            has_deliveries=has_deliveries,
        ),
        phases=page.phases,
        figures=key_figures(queries.budget_figures(budget=budget)),
        envelopes=list(budget.envelopes.all()),
        categories=list(budget.categories.all()),
        categories_url=reverse(
            "budgets:projects" if budget.has_projects else "budgets:ideas",  # type: ignore[attr-defined]  # annotated by open_budget
            args=[page.slug],
        ),
        latest=_latest(page),
        **follow_parts(subject=budget.activity, user=request.user),
    )
    return render(request, "budgets/home.html", context)


def _latest(page: BudgetPage) -> dict[str, Any]:
    """What is newest: winners once published, else projects, else ideas."""
    budget = page.budget
    if page.results_are_public:
        winners = queries.projects(budget=budget).filter(state="winner")
        return {"kind": "winners", "rows": list(winners.order_by("rank", "pk")[:LATEST])}
    if budget.has_projects:  # type: ignore[attr-defined]  # annotated by open_budget
        return {"kind": "projects", "rows": list(queries.projects(budget=budget)[:LATEST])}
    ideas = list(queries.for_cards(queries.published_ideas(budget=budget))[:LATEST])
    queries.with_pictures(ideas)
    return {"kind": "ideas", "rows": ideas}


@require_safe
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules, made from what is counted: they cannot say anything else."""
    page = open_budget(request, slug)
    polls = list(
        Poll.objects.filter(envelope__budget=page.budget)
        .select_related("envelope")
        .order_by("envelope__position", "pk")
    )
    options = polls[0].options if polls else regulation(budget=page.budget, groups=[""])
    context = page.context(
        "rules",
        limits=limits_sentence(page.budget),
        counting=rules_of_counting(options),
        polls=polls,
        envelopes=list(page.budget.envelopes.all()),
    )
    return render(request, "budgets/rules.html", context)
