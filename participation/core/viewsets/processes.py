"""The menu "Démarches": processes, their activities, their phases, directorates."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from participation.core import policies, services
from participation.core.forms import PhaseForm, ProcessForm, ReasonForm
from participation.core.models import Activity, AnswerTemplate, Directorate, Phase, Process
from participation.core.verdict import Refused
from participation.core.viewsets.shared import Guarded, add_refusals, moment


class _ActPage(Guarded, WagtailAdminTemplateMixin, FormView):
    """A page that asks "are you sure?" and calls one service."""

    policy = staticmethod(policies.may_manage_processes)
    model: Any = None
    index_url_name = ""
    form_class = ReasonForm
    template_name = "core/admin/act.html"
    button: Any = ""
    question: Any = ""
    done: Any = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(self.model, pk=kwargs["pk"])

    def act(self, reason: str) -> None:
        raise NotImplementedError

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse(self.index_url_name),
                "label": self.model._meta.verbose_name_plural.capitalize(),
            },
            {"url": "", "label": str(self.object)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.question,
            button=self.button,
            back_url=reverse(self.index_url_name),
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form.cleaned_data.get("reason", ""))
        except Refused as refused:
            add_refusals(form, refused)
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return HttpResponseRedirect(reverse(self.index_url_name))


class PublishProcess(_ActPage):
    page_title = _("Publish")
    question = _("Publish this process? Everyone will see it, its terms and its calendar.")
    button = _("Publish")
    done = _("The process is published.")

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        del form.fields["reason"]
        return form

    def act(self, reason: str) -> None:
        services.publish_process(process=self.object, actor=self.request.user, at=timezone.now())


class CancelProcess(_ActPage):
    page_title = _("Cancel")
    question = _("Cancel this process? Its page stays, with your reason, which is public.")
    button = _("Cancel this process")
    done = _("The process is cancelled.")

    def act(self, reason: str) -> None:
        services.cancel_process(
            process=self.object, reason=reason, actor=self.request.user, at=timezone.now()
        )


class RemovePhase(_ActPage):
    page_title = _("Remove")
    question = _("Remove this phase? Only one that has not begun can be removed.")
    button = _("Remove")
    done = _("The phase is removed.")

    def act(self, reason: str) -> None:
        services.remove_phase(
            phase=self.object, reason=reason, actor=self.request.user, at=timezone.now()
        )


class _ActButtons(generic.EditView):
    """An edit page with buttons to acts; fields never change a state."""

    acts: tuple[tuple[str, Any, str], ...] = ()

    @property
    def header_buttons(self) -> list[HeaderButton]:
        namespace = str(self.edit_url_name).split(":")[0]
        return [
            HeaderButton(
                label, url=reverse(f"{namespace}:{name}", args=[self.object.pk]), icon_name=icon
            )
            for name, label, icon in self.acts
        ]


class EditProcess(_ActButtons):
    @property
    def acts(self) -> tuple[tuple[str, Any, str], ...]:  # type: ignore[override]  # by its state
        acts: tuple[tuple[str, Any, str], ...] = ()
        if self.object.published_at is None:
            acts += (("publish", _("Publish"), "upload"),)
        if self.object.cancelled_at is None:
            acts += (("cancel", _("Cancel this process"), "cross"),)
        return acts


class KeptRows(ModelViewSet):
    """Rows that are never deleted from the back office."""

    copy_view_enabled = False
    hidden_views: tuple[str, ...] = ("delete",)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        hidden = {f"{name}_url_name": None for name in self.hidden_views}
        return {**super().get_common_view_kwargs(**kwargs), **hidden}

    def get_urlpatterns(self) -> list[Any]:
        return [url for url in super().get_urlpatterns() if url.name not in self.hidden_views]


def _process_state(process: Process) -> Any:
    if process.cancelled_at is not None:
        return pgettext_lazy("process", "Cancelled")
    if process.published_at is not None:
        return pgettext_lazy("process", "Published")
    return _("Draft")


class ProcessViewSet(KeptRows):
    model = Process
    name = "processes"
    url_prefix = "demarches/demarches"
    icon = "group"
    menu_label = _("Processes")
    edit_view_class = EditProcess
    search_backend_name = None
    search_fields = ["title", "summary"]
    list_filter = ["owner", "engagement_level"]
    list_display = [
        "title",
        "owner",
        Column("get_engagement_level_display", label=_("Level of engagement")),
        StatusTagColumn(
            "published_at",
            label=_("State"),
            accessor=_process_state,
            primary=lambda process: process.published_at and not process.cancelled_at,
        ),
    ]

    def get_form_class(self, for_update: bool = False) -> type[ProcessForm]:
        return ProcessForm

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            queryset=Process.objects.select_related("owner"), **kwargs
        )

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("publish/<int:pk>/", self.construct_view(PublishProcess), name="publish"),
            path("cancel/<int:pk>/", self.construct_view(CancelProcess), name="cancel"),
        ]


class ActivityViewSet(KeptRows):
    """Activities are made by their instrument; here they are renamed and put in order."""

    model = Activity
    name = "activities"
    url_prefix = "demarches/activites"
    icon = "clipboard-list"
    menu_label = _("Activities")
    hidden_views = ("delete", "add")
    search_backend_name = None
    search_fields = ["title"]
    list_filter = ["process", "kind"]
    list_display = ["title", "process", "kind", "position"]
    form_fields = ["title", "position"]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            queryset=Activity.objects.select_related("process"), **kwargs
        )


class _SavePhase:
    """Saves through the service that keeps the calendar; its refusals appear in the form."""

    request: HttpRequest
    form: Any

    def phase(self) -> Phase | None:
        return None

    def save_instance(self) -> Phase:
        data = self.form.cleaned_data
        return services.amend_phase(
            activity=data["activity"],
            phase=self.phase(),
            step=data["step"],
            title=data["title"],
            summary=data["summary"],
            opens_at=data["opens_at"],
            closes_at=data["closes_at"],
            reason=data["reason"],
            actor=self.request.user,
            at=timezone.now(),
        )

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]  # a Wagtail view follows
        except Refused as refused:
            add_refusals(form, refused)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]  # idem
            return super().form_invalid(form)  # type: ignore[misc]  # idem


class AddPhase(_SavePhase, generic.CreateView):
    pass


class EditPhase(_SavePhase, _ActButtons):
    acts = (("remove", _("Remove"), "bin"),)

    def phase(self) -> Phase | None:
        return Phase.objects.select_related("activity__process").get(pk=self.object.pk)


class PhaseViewSet(KeptRows):
    model = Phase
    name = "phases"
    url_prefix = "demarches/phases"
    icon = "date"
    menu_label = _("Calendar")
    add_view_class = AddPhase
    edit_view_class = EditPhase
    search_backend_name = None
    search_fields = ["title", "activity__title"]
    list_filter = ["activity", "step"]

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "title",
            Column("activity", label=_("Activity")),
            Column("get_step_display", label=_("Step")),
            moment("opens_at", label=_("Opens")),
            moment("closes_at", label=_("Closes")),
        ]

    def get_form_class(self, for_update: bool = False) -> type[PhaseForm]:
        return PhaseForm

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            queryset=Phase.objects.select_related("activity"), **kwargs
        )

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("remove/<int:pk>/", self.construct_view(RemovePhase), name="remove"),
        ]


class DirectorateViewSet(ModelViewSet):
    model = Directorate
    name = "directorates"
    url_prefix = "demarches/directions"
    icon = "user"
    menu_label = _("Directorates")
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["name"]
    list_display = ["name", "email"]
    form_fields = ["name", "email"]


class AnswerTemplateViewSet(ModelViewSet):
    """Texts that official answers start from."""

    model = AnswerTemplate
    name = "answer_templates"
    url_prefix = "demarches/modeles"
    icon = "doc-full"
    menu_label = _("Answer templates")
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["name", "body"]
    list_display = ["name", Column("get_status_display", label=_("Status"))]
    form_fields = ["name", "status", "body"]


class ProcessesGroup(ViewSetGroup):
    """One menu to run processes."""

    items = (
        ProcessViewSet(),
        ActivityViewSet(),
        PhaseViewSet(),
        DirectorateViewSet(),
        AnswerTemplateViewSet(),
    )
    menu_label = _("Participation processes")
    menu_icon = "group"
    menu_order = 240


processes_group = ProcessesGroup()
