"""The board of each budget: where it stands and what waits."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from participation.budgets import policies, queries
from participation.budgets.choices import IdeaState
from participation.budgets.models import Budget
from participation.budgets.office import settings
from participation.budgets.office.lookups import budget_or_404
from participation.budgets.office.shared import Desk, Listing, Screen
from participation.budgets.queries.office import deliveries_by_step, waiting
from participation.budgets.queries.results import ideas_by_state
from participation.core import policies as core_policies
from participation.core.queries import phases


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: how much, in which words, and where it is done."""

    number: int
    label: str
    url: str


class BudgetListing(Listing):
    page_title = _("Participatory budget")
    intro = _("Choose an edition to see where it stands and what waits.")
    is_searchable = True
    search_fields = ["activity__title"]

    def get_base_queryset(self) -> Any:
        return (
            Budget.objects.select_related("activity__process")
            .prefetch_related("activity__phases")
            .order_by("-edition", "-activity")
        )

    @cached_property
    def columns(self) -> list[Any]:
        now = timezone.now()
        return [
            TitleColumn(
                "title",
                label=_("Participatory budget"),
                accessor="activity.title",
                get_url=lambda budget: reverse("budget:board", args=[budget.pk]),
            ),
            Column("edition", label=_("Edition"), accessor=lambda budget: str(budget.edition)),
            Column(
                "phase",
                label=_("Now"),
                accessor=lambda budget: phase_now(budget, now),
            ),
            Column(
                "published",
                label=_("On the site"),
                accessor=lambda budget: (
                    _("Yes") if budget.activity.process.published_at else _("Not published")
                ),
            ),
            Column(
                "results",
                label=_("Results"),
                accessor=lambda budget: _("Published") if budget.results_published_at else "–",
            ),
        ]


def phase_now(budget: Budget, now: Any) -> str:
    """The title of the phase open now, or what comes next."""
    in_order = phases(activity=budget.activity, at=now)
    for phase, state in in_order:
        if state == "current":
            return phase.title
    for phase, state in in_order:
        if state == "future":
            return gettext("Before: %(phase)s") % {"phase": phase.title}
    return gettext("Finished") if in_order else gettext("No dates yet")


class Board(Screen):
    """One budget at a glance."""

    template_name = "budgets_admin/board.html"
    header_icon = "clipboard-list"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.budget = budget_or_404(kwargs["pk"])

    def get_page_title(self) -> str:
        return self.budget.activity.title

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("budget:index"), gettext("Participatory budget"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        budget, user = self.budget, self.request.user
        by_state = ideas_by_state(budget=budget)
        return super().get_context_data(
            budget=budget,
            phases=phases(activity=budget.activity, at=timezone.now()),
            figures=queries.budget_figures(budget=budget),
            states=[
                (
                    label,
                    by_state.get(value, 0),
                    f"{reverse('idea:index')}?budget={budget.pk}&state={value}",
                )
                for value, label in IdeaState.choices
            ],
            envelopes=list(
                budget.envelopes.select_related("poll__tally").order_by("position", "pk")
            ),
            steps=[step for step in deliveries_by_step(budget=budget) if step[2]],
            tasks=self._tasks(),
            may_set_up=bool(policies.may_set_up(user=user)),
            may_study=bool(policies.may_study(user=user)),
            may_run_vote=bool(policies.may_run_vote(user=user)),
            may_manage_delivery=bool(policies.may_manage_delivery(user=user)),
            public_url=reverse("budgets:home", args=[budget.activity.slug]),
            **kwargs,
        )

    def _tasks(self) -> list[Task]:
        """What waits for this person, in the order of the calendar; nothing that does not."""
        budget, user = self.budget, self.request.user
        waits = waiting(budget=budget)
        ideas = f"{reverse('idea:index')}?budget={budget.pk}"
        projects = f"{reverse('project:index')}?budget={budget.pk}"
        tasks = []
        if core_policies.may_moderate(user=user):
            tasks.append(
                Task(
                    waits.to_moderate,
                    gettext("to read before publication"),
                    f"{reverse('moderation_contributions:index')}?queue=pending"
                    f"&activity={budget.pk}",
                )
            )
        if policies.may_study(user=user):
            tasks += [
                Task(waits.to_sort, gettext("ideas to sort"), f"{ideas}&waiting=to_sort"),
                Task(
                    waits.to_assign,
                    gettext("eligible ideas to assign to a directorate"),
                    f"{ideas}&waiting=to_assign",
                ),
                Task(
                    waits.studies,
                    gettext("ideas whose study is awaited from a directorate"),
                    f"{ideas}&waiting=studies",
                ),
                Task(
                    waits.to_decide,
                    gettext("studied ideas to decide"),
                    f"{ideas}&waiting=to_decide",
                ),
                Task(
                    waits.to_merge,
                    gettext("feasible ideas to turn into projects"),
                    f"{ideas}&waiting=to_merge",
                ),
                Task(
                    waits.drafts,
                    gettext("projects in preparation, not on the ballot"),
                    f"{projects}&state=draft",
                ),
            ]
        if policies.may_run_vote(user=user):
            polls = f"{reverse('poll:index')}?budget={budget.pk}"
            tasks += [
                Task(waits.to_seal, gettext("votes to seal"), polls),
                Task(waits.to_count, gettext("sealed votes to count after their close"), polls),
            ]
        if policies.may_manage_delivery(user=user) and budget.results_published_at:
            tasks.append(
                Task(
                    waits.to_start,
                    gettext("selected projects without follow-up"),
                    reverse("delivery:start", args=[budget.pk]),
                )
            )
        return [task for task in tasks if task.number]


class BudgetDesk(Desk):
    name = "budget"
    url_prefix = "budget"
    model = Budget
    icon = "clipboard-list"
    menu_label = _("Boards")
    listing = BudgetListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("<int:pk>/", Board, "board"),
            ("<int:pk>/regles/", settings.Rules, "rules"),
            ("<int:pk>/enveloppes/", settings.Envelopes, "envelopes"),
            ("<int:pk>/enveloppes/<int:envelope>/", settings.Envelopes, "envelope"),
            ("<int:pk>/categories/", settings.Categories, "categories"),
            ("<int:pk>/categories/<int:category>/", settings.Categories, "category"),
            (
                "<int:pk>/categories/<int:category>/supprimer/",
                settings.RemoveCategory,
                "category_remove",
            ),
        ]
