"""The list of projects and the page where one is written."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    StatusTagColumn,
)
from wagtail.admin.widgets.button import HeaderButton

from participation.budgets import policies
from participation.budgets.choices import ProjectState
from participation.budgets.models import Poll, Project
from participation.budgets.office.exports import ProjectExport
from participation.budgets.office.filters import ProjectFilter
from participation.budgets.office.forms import NewProjectForm, ProjectForm
from participation.budgets.office.imports import ImportProjects
from participation.budgets.office.lookups import project_or_404, whole_number
from participation.budgets.office.shared import (
    BudgetScreen,
    Desk,
    EuroColumn,
    Listing,
    Screen,
    budget_trail,
)
from participation.budgets.services.projects import (
    ProjectData,
    create_project,
    edit_project,
    put_on_ballot,
    take_off_ballot,
)
from participation.core.verdict import Refused
from participation.core.viewsets.columns import FactsColumn

_DATA = ("title", "description", "cost_cents", "category", "territory", "point", "address")


class ProjectListing(Listing):
    policy = staticmethod(policies.may_study)
    page_title = _("Projects")
    filterset_class = ProjectFilter
    is_searchable = True
    search_fields = ["title", "reference"]
    selectable = True
    export_url_name = "project:export"

    @cached_property
    def header_buttons(self) -> list[Any]:
        budget = whole_number(self.request.GET.get("budget", ""))
        buttons = [
            HeaderButton(_("Import projects"), url=reverse("project:import"), icon_name="upload")
        ]
        if budget:
            buttons.insert(
                0,
                HeaderButton(
                    _("New project"),
                    url=reverse("project:add", args=[budget]),
                    icon_name="plus",
                    priority=-1,
                ),
            )
        return buttons

    def get_base_queryset(self) -> Any:
        return (
            Project.objects.with_results(early=bool(policies.may_run_vote(user=self.request.user)))
            .select_related("envelope__budget__activity", "envelope__poll", "category", "territory")
            .defer("territory__geometry", "envelope__poll__options")
            .order_by("-envelope__budget__edition", "envelope", "reference")
        )

    @cached_property
    def columns(self) -> list[Any]:
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="project"),
            FactsColumn(
                "title",
                width="45%",
                label=_("Project"),
                facts=lambda project: (
                    project.envelope.name,
                    project.category,
                    project.territory or project.district,
                ),
                accessor="title",
                get_url=lambda project: reverse("project:edit", args=[project.pk]),
                get_title_id=lambda project: f"project_{project.pk}_title",
                sort_key="title",
            ),
            Column("reference", label=_("Number"), sort_key="reference"),
            EuroColumn("cost_cents", label=_("Cost"), sort_key="cost_cents"),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=lambda project: ProjectState(project.shown_state).label,
                primary=lambda project: (
                    project.shown_state in (ProjectState.ON_BALLOT, ProjectState.WINNER)
                ),
            ),
            Column(
                "votes",
                label=_("Votes"),
                accessor=lambda project: (
                    "–" if project.shown_votes is None else project.shown_votes
                ),
                sort_key="shown_votes",
            ),
        ]


class EditProject(Screen):
    """One project: its text, its ideas, and the buttons of the ballot."""

    policy = staticmethod(policies.may_study)
    template_name = "budgets_admin/project.html"
    header_icon = "form"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.project = project_or_404(kwargs["pk"])
        self.budget = self.project.envelope.budget
        self.has_poll = Poll.objects.filter(pk=self.project.envelope_id).exists()
        self.sealed = self.has_poll and self.project.state != ProjectState.DRAFT

    def get_page_title(self) -> str:
        return self.project.title

    def trail(self) -> list[tuple[str, str]]:
        address = f"{reverse('project:index')}?budget={self.budget.pk}"
        return [*budget_trail(self.budget), (address, gettext("Projects"))]

    def _form(self, data: Any = None, files: Any = None) -> ProjectForm:
        project = self.project
        return ProjectForm(
            data,
            files,
            budget=self.budget,
            project=project,
            sealed=self.sealed,
            initial={
                **{name: getattr(project, name) for name in ("title", "description", "address")},
                "cost_cents": project.cost_cents,
                "category": project.category_id,
                "territory": project.territory_id,
                "latitude": round(project.point.y, 6) if project.point else None,
                "longitude": round(project.point.x, 6) if project.point else None,
                "image_alt": project.image_alt,
            },
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        project = self.project
        shown = project.state != ProjectState.DRAFT and (
            self.budget.activity.process.published_at is not None
        )
        early = policies.may_see_results(budget=self.budget, user=self.request.user)
        told: Any = Project.objects.with_results(early=bool(early)).get(pk=project.pk)
        return super().get_context_data(
            project=project,
            state=ProjectState(told.shown_state).label,
            votes=told.shown_votes,
            budget=self.budget,
            sealed=self.sealed,
            may_put=project.state == ProjectState.DRAFT and not self.has_poll,
            may_take=project.state == ProjectState.ON_BALLOT and not self.has_poll,
            ideas=list(
                project.ideas.select_related("contribution__author").order_by("contribution")
            ),
            public_url=reverse("budgets:project", args=[self.budget.activity.slug, project.pk])
            if shown
            else "",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST, request.FILES)
        return self.attempt(
            lambda: edit_project(
                project=self.project,
                data=_data(form.cleaned_data),
                image=form.cleaned_data["image"],
                remove_image=form.cleaned_data.get("remove_image", False),
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The project is saved."),
            to=reverse("project:edit", args=[self.project.pk]),
        )


def _data(cleaned: dict[str, Any]) -> ProjectData:
    return ProjectData(**{name: cleaned[name] for name in _DATA}, image_alt=cleaned["image_alt"])


class AddProject(BudgetScreen):
    """A project that comes from no idea."""

    policy = staticmethod(policies.may_study)
    page_title = _("New project")
    template_name = "budgets_admin/project_new.html"
    header_icon = "plus"

    def trail(self) -> list[tuple[str, str]]:
        address = f"{reverse('project:index')}?budget={self.budget.pk}"
        return [*super().trail(), (address, gettext("Projects"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", NewProjectForm(budget=self.budget))
        return super().get_context_data(budget=self.budget, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewProjectForm(request.POST, request.FILES, budget=self.budget)
        return self.attempt(
            lambda: create_project(
                envelope=form.cleaned_data["envelope"],
                data=_data(form.cleaned_data),
                image=form.cleaned_data["image"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The project is saved, in preparation."),
            to=f"{reverse('project:index')}?budget={self.budget.pk}",
        )


class _MoveProject(EditProject):
    """A button of the ballot."""

    http_method_names = ["post"]
    move: Any = None
    done: Any = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            type(self).move(projects=[self.project], actor=request.user, at=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, str(self.done))
        return HttpResponseRedirect(reverse("project:edit", args=[self.project.pk]))


class PutOnBallot(_MoveProject):
    move = staticmethod(put_on_ballot)
    done = _("The project is on the ballot.")


class TakeOffBallot(_MoveProject):
    move = staticmethod(take_off_ballot)
    done = _("The project is back in preparation.")


class ProjectDesk(Desk):
    name = "project"
    url_prefix = "budget/projets"
    model = Project
    icon = "form"
    menu_label = _("Projects")
    listing = ProjectListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("export/", ProjectExport, "export"),
            ("import/", ImportProjects, "import"),
            ("nouveau/<int:budget>/", AddProject, "add"),
            ("<int:pk>/", EditProject, "edit"),
            ("<int:pk>/bulletin/", PutOnBallot, "put"),
            ("<int:pk>/preparation/", TakeOffBallot, "take"),
        ]
