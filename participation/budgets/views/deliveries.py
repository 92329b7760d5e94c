"""What becomes of the winners: the board and the page of each delivery."""

from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from maps.geojson import Feature
from participation.budgets.choices import DeliveryStep
from participation.budgets.filters import ListFilters, delivery_filters, filter_deliveries
from participation.budgets.models import Budget, Delivery, DeliveryUpdate, ProjectIdea
from participation.budgets.presentation import DELIVERY_PATH
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.budgets.views.features import features_of, place
from participation.budgets.views.following import follow_parts
from participation.core import presentation as core_presentation
from participation.core.choices import Visibility
from participation.core.views.listing import list_context


@require_safe
def delivery_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The winners with their step, and how many are at each."""
    page = open_budget(request, slug)
    filters, rows = _asked(request, page)
    context = page.context(
        "deliveries",
        steps=_steps(page.budget, filters),
        **list_context(
            request,
            rows,
            filters,
            point="project__point",
            features_path=reverse("budgets:deliveries_geojson", args=[page.slug]),
        ),
    )
    template = "budgets/_deliveries.html" if request.htmx else "budgets/deliveries.html"  # type: ignore[attr-defined]  # set by its middleware
    return render(request, template, context)


@require_safe
def delivery_features(request: HttpRequest, slug: str) -> HttpResponse:
    """The same set as GeoJSON: the deliveries that have a point."""
    page = open_budget(request, slug)
    _filters, rows = _asked(request, page)

    def feature(delivery: Delivery) -> Feature:
        project = delivery.project
        return place(
            key=delivery.pk,
            point=project.point,
            title=project.title,
            url=reverse("budgets:delivery", args=[page.slug, delivery.pk]),
            summary=project.territory.name if project.territory else project.district,
            category=project.category,
            status=str(delivery.get_step_display()),
        )

    return features_of(rows.filter(project__point__isnull=False), feature)


def _asked(request: HttpRequest, page: BudgetPage) -> tuple[ListFilters, QuerySet[Delivery]]:
    filters = delivery_filters(request.GET, budget=page.budget, today=page.today)
    rows = (
        Delivery.objects.filter(project__envelope__budget=page.budget)
        .select_related(
            "project__category", "project__territory", "project__envelope", "directorate"
        )
        .defer("project__territory__geometry")
    )
    return filters, filter_deliveries(rows, filters)


def _steps(budget: Budget, filters: ListFilters) -> list[dict[str, Any]]:
    """Each step with the number of deliveries that match everything else, and its link."""
    rows = Delivery.objects.filter(project__envelope__budget=budget)
    counted = dict(
        filter_deliveries(rows, filters, with_step=False)
        .order_by()
        .values_list("step")
        .annotate(number=Count("pk"))
        .values_list("step", "number")
    )
    asked = filters.values.get("etape")
    steps = [
        {
            "value": step.value,
            "label": step.label,
            "count": counted.get(step.value, 0),
            "url": filters.query(etape=None if asked == step.value else step.value),
            "is_current": asked == step.value,
        }
        for step in (*DELIVERY_PATH, DeliveryStep.ABANDONED)
    ]
    return steps


@require_safe
def delivery_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One delivery: how far it is, its dated news and pictures."""
    page = open_budget(request, slug)
    delivery = _open_delivery(page, pk)
    project = delivery.project
    sources = [
        link.idea
        for link in project.public_sources  # type: ignore[attr-defined]  # prefetched below
        if link.idea.contribution.visibility == Visibility.PUBLISHED
    ]
    followed = sources[0].contribution if sources else None
    parts = follow_parts(subject=page.budget.activity, user=request.user)
    if followed is not None:
        followed.activity = page.budget.activity
        parts = core_presentation.contribution_parts(
            contribution=followed, user=request.user, at=page.at
        )
    context = parts | page.context(
        "deliveries",
        delivery=delivery,
        project=project,
        path=_path(delivery),
        updates=list(delivery.updates.all()),
        sources=sources,
    )
    return render(request, "budgets/delivery.html", context)


def _open_delivery(page: BudgetPage, pk: int) -> Delivery:
    links = ProjectIdea.objects.select_related("idea__contribution__author").order_by(
        "merged_at", "pk"
    )
    news = DeliveryUpdate.objects.order_by("-happened_on", "-pk")
    delivery = (
        Delivery.objects.filter(project__envelope__budget=page.budget, pk=pk)
        .select_related(
            "project__category", "project__territory", "project__envelope", "directorate"
        )
        .defer("project__territory__geometry")
        .prefetch_related(
            Prefetch("updates", queryset=news),
            Prefetch("project__sources", queryset=links, to_attr="public_sources"),
        )
        .first()
    )
    if delivery is None:
        raise Http404(gettext("This delivery does not exist."))
    return delivery


def _path(delivery: Delivery) -> list[dict[str, Any]]:
    """The steps from first to last, each past, current or to come, with its first date."""
    reached: dict[str, Any] = {}
    for update in sorted(delivery.updates.all(), key=lambda row: row.happened_on):
        reached.setdefault(update.step, update.happened_on)
    abandoned = delivery.step == DeliveryStep.ABANDONED
    place = -1 if abandoned else DELIVERY_PATH.index(DeliveryStep(delivery.step))
    steps = []
    for number, step in enumerate(DELIVERY_PATH):
        is_done = step.value in reached if abandoned else number < place
        is_done = is_done or delivery.step == DeliveryStep.COMPLETED
        state = "past" if is_done else "current" if number == place else "future"
        steps.append(
            {
                "label": step.label,
                "state": state,
                "date": reached.get(step.value),
                "is_abandoned": False,
            }
        )
    if abandoned:
        steps.append(
            {
                "label": DeliveryStep.ABANDONED.label,
                "state": "current",
                "date": reached.get(DeliveryStep.ABANDONED.value),
                "is_abandoned": True,
            }
        )
    return steps
