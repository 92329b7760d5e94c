"""Import events: a file, then what would happen, then it does."""

import uuid
from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from participation.agenda.forms.imports import ImportForm, PlanForm
from participation.agenda.policies import may_run_events
from participation.agenda.services.imports import ImportReport, import_events
from participation.core.verdict import Refused
from participation.core.viewsets.screens import Screen, add_refusals

FOLDER = "imports/agenda"
SESSION_KEY = "agenda_import"
SHOWN = 200


class Import(Screen):
    """Nothing is written before the last step; one wrong line and nothing is, unless asked."""

    policy = staticmethod(may_run_events)
    page_title = _("Import events")
    header_icon = "upload"
    template_name = "agenda_admin/import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ImportForm())
        kwargs.setdefault("plan_form", None)
        kwargs.setdefault("report", None)
        kwargs.setdefault("file_name", "")
        return super().get_context_data(shown=SHOWN, here=_here(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = request.POST.get("step", "file")
        return self._file(request) if step == "file" else self._plan(request, step)

    def _file(self, request: HttpRequest) -> HttpResponse:
        """Set the file aside, privately, and ask what it does not say."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        upload = form.cleaned_data["file"]
        self._forget()
        request.session[SESSION_KEY] = {
            "name": default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", upload),
            "file": upload.name[:200],
        }
        return self.render_to_response(
            self.get_context_data(plan_form=PlanForm(), file_name=upload.name)
        )

    def _plan(self, request: HttpRequest, step: str) -> HttpResponse:
        """Tell what would happen, or do it."""
        held: Any = request.session.get(SESSION_KEY)
        if not held or not default_storage.exists(held["name"]):
            messages.error(request, gettext("The file is no longer here: choose it again."))
            return HttpResponseRedirect(_here())
        form = PlanForm(request.POST)
        shown: dict[str, Any] = {"plan_form": form, "file_name": held["file"]}
        if not form.is_valid():
            return self.show(**shown)
        write = step == "write"
        try:
            report = self._run(form, held, dry_run=not write)
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(**shown)
        if not write:
            return self.render_to_response(self.get_context_data(report=report, **shown))
        self._forget()
        messages.success(request, _summary(report))
        return HttpResponseRedirect(_here())

    def _run(self, form: PlanForm, held: Any, *, dry_run: bool) -> ImportReport:
        with default_storage.open(held["name"]) as file:
            content = file.read()
        return import_events(
            content=content,
            plan=form.plan(),
            actor=self.request.user,
            at=timezone.now(),
            dry_run=dry_run,
            leave_refused=form.cleaned_data["leave_refused"],
        )

    def _forget(self) -> None:
        held = self.request.session.pop(SESSION_KEY, None)
        if held:
            default_storage.delete(held["name"])


class EventImports(ViewSet):
    """The menu entry of those who organise events."""

    name = "agenda_import"
    url_prefix = "agenda/importer"
    menu_label = _("Import events")
    icon = "upload"

    def get_urlpatterns(self) -> list[Any]:
        return [path("", self.construct_view(Import), name="index")]


def _here() -> str:
    return reverse("agenda_import:index")


def _summary(report: ImportReport) -> str:
    parts = [
        ngettext("%(count)d draft event made.", "%(count)d draft events made.", report.new)
        % {"count": report.new}
    ]
    if report.updated:
        parts.append(
            ngettext(
                "%(count)d draft brought up to date.",
                "%(count)d drafts brought up to date.",
                report.updated,
            )
            % {"count": report.updated}
        )
    if report.known:
        parts.append(
            ngettext(
                "%(count)d already published, left as it is.",
                "%(count)d already published, left as they are.",
                report.known,
            )
            % {"count": report.known}
        )
    if report.refused:
        parts.append(
            ngettext("%(count)d left out.", "%(count)d left out.", len(report.refused))
            % {"count": len(report.refused)}
        )
    return " ".join(parts)
