"""Projects put to the vote: three views of one filtered set, the page of one project."""

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from maps.geojson import Feature
from participation.budgets import queries
from participation.budgets.filters import ListFilters, filter_projects, project_filters
from participation.budgets.models import Project, ProjectIdea
from participation.budgets.presentation import euros
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.budgets.views.features import features_of, place
from participation.budgets.views.following import follow_parts
from participation.core import presentation as core_presentation
from participation.core.choices import Step, Visibility
from participation.core.views.listing import list_context


@require_safe
def project_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Cards, compact list or map of the projects that match."""
    page = open_budget(request, slug)
    filters, projects = _asked(request, page)
    context = page.context(
        "projects",
        vote_is_open=page.is_open(Step.DECIDE),
        shows_results=page.sees_results,
        **list_context(
            request,
            projects,
            filters,
            point="point",
            features_path=reverse("budgets:projects_geojson", args=[page.slug]),
        ),
    )
    template = "budgets/_projects.html" if request.htmx else "budgets/projects.html"  # type: ignore[attr-defined]  # set by its middleware
    return render(request, template, context)


@require_safe
def project_features(request: HttpRequest, slug: str) -> HttpResponse:
    """The same set as GeoJSON: the projects that have a point."""
    page = open_budget(request, slug)
    _filters, projects = _asked(request, page)

    def feature(project: Project) -> Feature:
        return place(
            key=project.pk,
            point=project.point,
            title=project.title,
            url=reverse("budgets:project", args=[page.slug, project.pk]),
            summary=euros(project.cost_cents),
            category=project.category,
            status=str(project.get_state_display()) if page.sees_results else "",
        )

    return features_of(projects.filter(point__isnull=False), feature)


def _asked(request: HttpRequest, page: BudgetPage) -> tuple[ListFilters, QuerySet[Project]]:
    filters = project_filters(
        request.GET, budget=page.budget, today=page.today, show_results=page.sees_results
    )
    rows = queries.projects(budget=page.budget).defer("territory__geometry")
    return filters, filter_projects(rows, filters)


@require_safe
def project_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One project: its cost, its place, the ideas it comes from, what became of it."""
    page = open_budget(request, slug)
    project = _open_project(page, pk)
    sources = [
        link.idea
        for link in project.public_sources  # type: ignore[attr-defined]  # prefetched below
        if link.idea.contribution.visibility == Visibility.PUBLISHED
    ]
    discussed = sources[0].contribution if sources else None
    parts = follow_parts(subject=page.budget.activity, user=request.user)
    if discussed is not None:
        discussed.activity = page.budget.activity
        parts = core_presentation.contribution_parts(
            contribution=discussed, user=request.user, at=page.at
        )
    context = parts | page.context(
        "projects",
        project=project,
        sources=sources,
        has_discussion=discussed is not None,
        delivery=getattr(project, "delivery", None),
        vote_is_open=page.is_open(Step.DECIDE),
        shows_results=page.sees_results,
    )
    return render(request, "budgets/project.html", context)


def _open_project(page: BudgetPage, pk: int) -> Project:
    links = ProjectIdea.objects.select_related("idea__contribution__author").order_by(
        "merged_at", "pk"
    )
    project: Project | None = (
        Project.objects.public()
        .filter(envelope__budget=page.budget, pk=pk)
        .select_related("envelope", "category", "territory", "delivery")
        .defer("territory__geometry")
        .prefetch_related(Prefetch("sources", queryset=links, to_attr="public_sources"))
        .first()
    )
    if project is None:
        raise Http404(gettext("This project does not exist."))
    return project
