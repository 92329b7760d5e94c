"""The list of ideas and the page where one is studied."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
    StatusTagColumn,
)

from participation.budgets import policies
from participation.budgets.choices import FeasibilityVerdict, IdeaState
from participation.budgets.models import FeasibilityStudy, Idea
from participation.budgets.office.exports import IdeaExport
from participation.budgets.office.filters import IdeaFilter, matching_ideas
from participation.budgets.office.forms import AnswerForm, AssignForm, DecisionForm, StudyForm
from participation.budgets.office.lookups import idea_or_404
from participation.budgets.office.merging import MergeIdeas
from participation.budgets.office.shared import Desk, EuroColumn, Listing
from participation.budgets.services.study import assign_idea, decide_idea, record_study
from participation.core import policies as core_policies
from participation.core.choices import Visibility
from participation.core.services import answer_officially
from participation.core.viewsets.columns import FactsColumn
from participation.core.viewsets.follow_up import Answering, Assigning, ContributionScreen

_STUDIES = Prefetch("studies", FeasibilityStudy.objects.select_related("directorate"))
_DONE = (IdeaState.MERGED, IdeaState.FEASIBLE)


def listed_ideas() -> Any:
    """Submitted ideas with all that a row shows."""
    return (
        Idea.objects.exclude(contribution__visibility=Visibility.DRAFT)
        .select_related(
            "category", "budget__activity", "contribution__author", "contribution__territory"
        )
        .defer("contribution__territory__geometry")
        .prefetch_related(_STUDIES)
        .order_by("-contribution__submitted_at", "-pk")
    )


def study_names(idea: Idea) -> str:
    """The directorates that study an idea; those that have answered are ticked."""
    return ", ".join(
        f"{'' if study.verdict == FeasibilityVerdict.PENDING else '✓ '}{study.directorate.name}"
        for study in idea.studies.all()
    )


class IdeaListing(Listing):
    policy = staticmethod(policies.may_study)
    page_title = _("Ideas")
    filterset_class = IdeaFilter
    is_searchable = True
    selectable = True
    export_url_name = "idea:export"

    def get_base_queryset(self) -> Any:
        return listed_ideas()

    def search_queryset(self, queryset: Any) -> Any:
        return matching_ideas(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[Any]:
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="idea"),
            FactsColumn(
                "title",
                width="48%",
                label=_("Idea"),
                facts=lambda idea: (idea.category, idea.contribution.territory),
                accessor="contribution.title",
                get_url=lambda idea: reverse("idea:read", args=[idea.pk]),
                get_title_id=lambda idea: f"idea_{idea.pk}_title",
                sort_key="contribution__title",
            ),
            Column(
                "directorates",
                width="12%",
                label=_("Directorates"),
                accessor=lambda idea: study_names(idea) or "–",
            ),
            EuroColumn("estimated_cost_cents", label=_("Author's cost")),
            Column(
                "supports",
                label=_("Supports"),
                accessor="contribution.supports_count",
                sort_key="contribution__supports_count",
            ),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=_state_label,
                primary=lambda idea: idea.state in _DONE,
            ),
            DateColumn(
                "submitted_at",
                label=_("Received"),
                accessor="contribution.submitted_at",
                sort_key="contribution__submitted_at",
            ),
        ]


def _state_label(idea: Idea) -> str:
    """The state of the study; what is not online says so first."""
    if idea.contribution.visibility != Visibility.PUBLISHED:
        return idea.contribution.get_visibility_display()
    return idea.get_state_display()


class ReadIdea(ContributionScreen):
    """One idea in full, and every button that its state allows."""

    policy = staticmethod(policies.may_study)
    template_name = "budgets_admin/idea.html"
    read_name = "idea:read"
    find = staticmethod(idea_or_404)
    assign_form_class = AssignForm
    answer_form_class = AnswerForm

    @property
    def idea(self) -> Idea:
        found: Idea = self.row
        return found

    def trail(self) -> list[tuple[str, str]]:
        return [
            (f"{reverse('idea:index')}?budget={self.idea.budget_id}", gettext("Ideas")),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        idea = self.idea
        studies = list(idea.studies.select_related("directorate").order_by("directorate__name"))
        states = policies.IDEA_TRANSITIONS[idea.state]
        kwargs.setdefault("decision_form", self.decision_form())
        judged, judged_form = kwargs.pop("judged", None), kwargs.pop("study_form", None)
        return super().get_context_data(
            idea=idea,
            studies=[
                (
                    study,
                    judged_form
                    if judged == study.pk
                    else StudyForm(auto_id=f"id_study{study.pk}_%s", initial=_of_study(study)),
                )
                for study in studies
            ],
            decisions=list(idea.decisions.select_related("decided_by")),
            project=idea.projects.select_related("envelope").first(),
            may_assign=idea.state in (IdeaState.RECEIVED, IdeaState.ELIGIBLE, IdeaState.IN_STUDY),
            may_judge=idea.state == IdeaState.IN_STUDY,
            may_merge=idea.state in policies.MERGEABLE,
            may_decide=bool(states),
            public_url=reverse("budgets:idea", args=[idea.budget.activity.slug, idea.pk]),
            **kwargs,
        )

    def directorates(self) -> list[int]:
        return [study.directorate_id for study in self.idea.studies.all()]

    def decision_form(self, data: Any = None) -> DecisionForm:
        costs = [study.cost_cents for study in self.idea.studies.all() if study.cost_cents]
        return DecisionForm(
            data,
            states=policies.IDEA_TRANSITIONS[self.idea.state],
            initial={"cost_cents": max(costs, default=None)},
            auto_id="id_decision_%s",
        )


def _of_study(study: FeasibilityStudy) -> dict[str, Any]:
    pending = study.verdict == FeasibilityVerdict.PENDING
    return {
        "verdict": None if pending else study.verdict,
        "cost_cents": study.cost_cents,
        "lead_time_months": study.lead_time_months,
        "reasons": study.reasons,
    }


class _Act(ReadIdea):
    http_method_names = ["post"]


class AssignIdea(Assigning, ReadIdea):
    def assign(self, directorates: Any) -> None:
        assign_idea(
            idea=self.idea,
            directorates=directorates,
            actor=self.request.user,
            at=timezone.now(),
        )


class RecordStudy(_Act):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        study = get_object_or_404(
            self.idea.studies.select_related("directorate", "idea"), pk=kwargs["study"]
        )
        form = StudyForm(request.POST, auto_id=f"id_study{study.pk}_%s")
        return self.attempt(
            lambda: record_study(
                study=study, actor=request.user, at=timezone.now(), **form.cleaned_data
            ),
            form=form,
            name="study_form",
            done=gettext("The study of %(directorate)s is recorded.")
            % {"directorate": study.directorate},
            to=self.here,
        )

    def show(self, **context: Any) -> HttpResponse:
        return super().show(judged=self.kwargs["study"], **context)


class DecideIdea(_Act):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.decision_form(request.POST)
        return self.attempt(
            lambda: decide_idea(
                idea=self.idea,
                state=form.cleaned_data["state"],
                reason=form.cleaned_data["reason"],
                cost_cents=form.cleaned_data.get("cost_cents"),
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            name="decision_form",
            done=gettext("The decision is recorded and mailed to the author."),
            to=self.here,
        )


class AnswerIdea(Answering, ReadIdea):
    policy = staticmethod(core_policies.may_answer)

    def answer(self, given: dict[str, Any]) -> None:
        answer_officially(
            contribution=self.contribution, actor=self.request.user, at=timezone.now(), **given
        )


class IdeaDesk(Desk):
    name = "idea"
    url_prefix = "budget/idees"
    model = Idea
    icon = "pick"
    menu_label = _("Ideas")
    listing = IdeaListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("export/", IdeaExport, "export"),
            ("fusion/", MergeIdeas, "merge"),
            ("<int:pk>/", ReadIdea, "read"),
            ("<int:pk>/directions/", AssignIdea, "assign"),
            ("<int:pk>/etudes/<int:study>/", RecordStudy, "study"),
            ("<int:pk>/decision/", DecideIdea, "decide"),
            ("<int:pk>/reponse/", AnswerIdea, "answer"),
        ]
