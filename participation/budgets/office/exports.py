"""Lists as files: the same filters as on the screen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View

from participation.budgets import policies
from participation.budgets.models import Delivery, Idea, Project
from participation.budgets.office.filters import (
    DeliveryFilter,
    IdeaFilter,
    ProjectFilter,
    matching_ideas,
)
from participation.budgets.resources import (
    DELIVERY_HEADINGS,
    IDEA_HEADINGS,
    PROJECT_HEADINGS,
    DeliveryResource,
    IdeaResource,
    ProjectResource,
)
from participation.core.choices import Visibility
from participation.core.sheets import CONTENT_TYPES, write_sheet
from participation.core.viewsets.shared import Guarded


class _Export(Guarded, View):
    http_method_names = ["get", "head"]
    filterset: Any = None
    resource: Any = None
    headings: Any = None
    filename = "export"

    def rows(self) -> Any:
        raise NotImplementedError

    def search(self, rows: Any, text: str) -> Any:
        return rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
        rows = self.rows()
        filters = self.filterset(request.GET, queryset=rows, request=request)
        if filters.is_valid():
            rows = filters.filter_queryset(rows)
        if text := request.GET.get("q", "").strip():
            rows = self.search(rows, text)
        content = write_sheet(self.resource.export(rows), kind, headings=self.headings)
        name = f"{self.filename}-{timezone.localdate():%Y-%m-%d}.{kind}"
        return HttpResponse(
            content,
            content_type=CONTENT_TYPES[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class IdeaExport(_Export):
    policy = staticmethod(policies.may_study)
    filterset = IdeaFilter
    headings = IDEA_HEADINGS
    filename = "idees"

    @property
    def resource(self) -> IdeaResource:
        return IdeaResource()

    def rows(self) -> Any:
        return (
            Idea.objects.exclude(contribution__visibility=Visibility.DRAFT)
            .select_related("category", "contribution__author", "contribution__territory")
            .defer("contribution__territory__geometry")
            .prefetch_related("studies__directorate")
            .order_by("pk")
        )

    def search(self, rows: Any, text: str) -> Any:
        return matching_ideas(rows, text)


class ProjectExport(_Export):
    policy = staticmethod(policies.may_enter_office)
    filterset = ProjectFilter
    filename = "projets"

    @property
    def comes_back(self) -> bool:
        """Whether the file is made to be imported: its columns keep their names."""
        return self.request.GET.get("pour") == "import"

    @property
    def resource(self) -> ProjectResource:
        return ProjectResource(importable=self.comes_back)

    @property
    def headings(self) -> Any:
        return None if self.comes_back else PROJECT_HEADINGS

    def rows(self) -> Any:
        return (
            Project.objects.with_results(early=bool(policies.may_run_vote(user=self.request.user)))
            .select_related("envelope__budget__activity", "category", "territory")
            .defer("territory__geometry")
            .order_by("envelope", "reference")
        )

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(title__icontains=text)


class DeliveryExport(_Export):
    policy = staticmethod(policies.may_manage_delivery)
    filterset = DeliveryFilter
    headings = DELIVERY_HEADINGS
    filename = "realisations"

    @property
    def resource(self) -> DeliveryResource:
        return DeliveryResource()

    def rows(self) -> Any:
        return (
            Delivery.objects.select_related(
                "directorate", "project__territory", "project__envelope__budget__activity"
            )
            .defer("project__territory__geometry")
            .order_by("project")
        )

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(project__title__icontains=text)
