"""What every page of one budget starts from: the budget, its moment, its sections."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.budgets import policies
from participation.budgets.choices import ProjectState
from participation.budgets.models import Budget, Delivery, Project
from participation.core import queries as core_queries
from participation.core.choices import Step, Visibility
from participation.core.models import Contribution, Phase
from participation.core.written import Given, Written, attach


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """One budget as a visitor sees it at one moment (`at`, aware)."""

    budget: Budget
    at: datetime.datetime
    phases: list[tuple[Phase, str]]
    is_preview: bool
    sees_results: bool
    path: str

    @property
    def slug(self) -> str:
        return self.budget.activity.slug

    @property
    def current(self) -> Phase | None:
        return next((phase for phase, state in self.phases if state == "current"), None)

    @property
    def today(self) -> datetime.date:
        return timezone.localtime(self.at).date()

    @property
    def results_are_public(self) -> bool:
        return self.budget.results_published_at is not None

    def is_open(self, step: str) -> bool:
        return self.current is not None and self.current.step == step

    def is_not_over(self, step: str) -> bool:
        """Whether a phase of this step is open or to come."""
        return any(phase.step == step and state != "past" for phase, state in self.phases)

    def context(self, section: str, **more: Any) -> dict[str, Any]:
        """What the templates of this budget need; `section` is the current tab."""
        process = self.budget.activity.process
        return {
            "page": self,
            "back": self.path,
            "budget": self.budget,
            "activity": self.budget.activity,
            "process": process,
            "map_parts": "neighbourhood" if process.perimeter_id else "",
            "section": section,
            "sections": self.sections(section),
            **more,
        }

    def sections(self, current: str) -> list[dict[str, Any]]:
        """The tabs that lead somewhere now, in the order of the path."""
        has = self.budget
        tabs = [
            ("home", gettext("Overview"), True),
            ("ideas", gettext("Ideas"), has.has_ideas or self.is_not_over(Step.COLLECT)),  # type: ignore[attr-defined]  # annotated by open_budget
            ("projects", gettext("Projects"), has.has_projects),  # type: ignore[attr-defined]  # annotated by open_budget
            ("vote", gettext("Vote"), self.is_open(Step.DECIDE)),
            ("results", gettext("Results"), self.results_are_public or self.sees_results),
            ("deliveries", gettext("Deliveries"), has.has_deliveries),  # type: ignore[attr-defined]  # annotated by open_budget
            ("rules", gettext("Rules"), True),
        ]
        return [
            {
                "name": name,
                "label": label,
                "url": reverse(f"budgets:{name}", args=[self.slug]),
                "is_current": name == current,
            }
            for name, label, leads_somewhere in tabs
            if leads_somewhere
        ]


def _budget_of_address() -> QuerySet[Budget]:
    """A budget with what every page of it asks first."""
    contributions = Contribution.objects.filter(
        activity=OuterRef("pk"), visibility=Visibility.PUBLISHED
    )
    projects = Project.objects.exclude(state=ProjectState.DRAFT).filter(
        envelope__budget=OuterRef("pk")
    )
    deliveries = Delivery.objects.filter(project__envelope__budget=OuterRef("pk"))
    return (
        Budget.objects.select_related("activity__process__perimeter")
        .defer("activity__process__perimeter__geometry")
        .annotate(
            has_ideas=Exists(contributions.order_by()),
            has_projects=Exists(projects.order_by()),
            has_deliveries=Exists(deliveries.order_by()),
        )
        .filter(activity__slug=Given("slug", CharField()))
        .order_by("pk")
    )


_BUDGET = Written(_budget_of_address)
_PHASES = Written(
    lambda: Phase.objects.filter(activity=Given("activity", BigIntegerField())).order_by("period")
)


def open_budget(request: HttpRequest, slug: str) -> BudgetPage:
    """The budget of that address, in two queries.

    Raises `Http404` when it is not published, except for staff, who see it as a preview.
    """
    budget = _BUDGET.first(slug=slug)
    if budget is None:
        raise Http404(gettext("No participatory budget has this address."))
    is_public = budget.activity.process.published_at is not None
    if not is_public and not request.user.is_staff:
        raise Http404(gettext("No participatory budget has this address."))
    attach(budget.activity, "phases", _PHASES.read(activity=budget.pk), Phase)
    at = timezone.now()
    return BudgetPage(
        budget=budget,
        at=at,
        phases=core_queries.phases(activity=budget.activity, at=at),
        is_preview=not is_public,
        sees_results=_sees_results(budget, request),
        path=request.get_full_path(),
    )


def _sees_results(budget: Budget, request: HttpRequest) -> bool:
    # Only staff can hold the right to see them early: nobody else pays for asking.
    if budget.results_published_at is None and not request.user.is_staff:
        return False
    return bool(policies.may_see_results(budget=budget, user=request.user))
