"""Ideas: three views of one filtered set, and its map features."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maps.geojson import Feature
from participation.budgets import queries
from participation.budgets.filters import ListFilters, filter_ideas, idea_filters
from participation.budgets.instrument import idea_url
from participation.budgets.models import Idea
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.budgets.views.features import features_of, place
from participation.core.choices import Step
from participation.core.models import Contribution
from participation.core.views.listing import list_context


@require_safe
def idea_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Cards, compact list or map of the ideas that match."""
    page = open_budget(request, slug)
    filters, found = _asked(request, page)
    listed = list_context(
        request,
        found,
        filters,
        point="point",
        features_path=reverse("budgets:ideas_geojson", args=[page.slug]),
        cards=queries.idea_cards,
    )
    context = page.context("ideas", may_submit=page.is_open(Step.COLLECT), **listed)
    template = "budgets/_ideas.html" if request.htmx else "budgets/ideas.html"  # type: ignore[attr-defined]  # set by its middleware
    return render(request, template, context)


@require_safe
def idea_features(request: HttpRequest, slug: str) -> HttpResponse:
    """The same set as GeoJSON: the published ideas that have a point."""
    page = open_budget(request, slug)
    _filters, found = _asked(request, page)

    def feature(idea: Idea) -> Feature:
        contribution = idea.contribution
        return place(
            key=idea.pk,
            point=contribution.point,
            title=contribution.title,
            url=idea_url(page.slug, idea.pk),
            summary=contribution.territory.name if contribution.territory else "",
            category=idea.category,
            status=str(idea.get_state_display()),
        )

    located = found.filter(point__isnull=False).order_by().values("pk")
    ideas = queries.published_ideas(budget=page.budget).filter(contribution__in=located)
    return features_of(ideas, feature)


def _asked(request: HttpRequest, page: BudgetPage) -> tuple[ListFilters, QuerySet[Contribution]]:
    filters = idea_filters(request.GET, budget=page.budget, today=page.today)
    published = queries.published_contributions(budget=page.budget)
    return filters, filter_ideas(published, filters, budget=page.budget)
