"""Import boundaries in two steps: read and show what would happen, then do it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from maps.boundary_files import BoundaryFile
from maps.forms import BoundaryImportForm
from maps.models import Territory
from maps.services import ImportPlan, ImportRefused, ImportReport, import_territories
from maps.viewsets.kept_files import KeptFile

SESSION_KEY = "boundary_import"
FOLDER = "territories"


def may_import(user: Any) -> bool:
    """Importing creates and changes: both permissions are needed."""
    return bool(user.has_perms(["maps.add_territory", "maps.change_territory"]))


class ImportBoundaries(WagtailAdminTemplateMixin, FormView):
    """A file, then its preview, then the import. Nothing is written before the confirmation."""

    form_class = BoundaryImportForm
    template_name = "maps/admin/import.html"
    page_title = gettext_lazy("Import boundaries")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("territories:index"), "label": _("Territories")},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_form(self, form_class: Any = None) -> BoundaryImportForm:
        form: BoundaryImportForm = super().get_form(form_class)
        if self._confirming():
            del form.fields["file"]
        return form

    def _confirming(self) -> bool:
        return self.request.method == "POST" and "confirm" in self.request.POST

    def form_valid(self, form: BoundaryImportForm) -> HttpResponse:
        return self._write(form) if self._confirming() else self._preview(form)

    def _preview(self, form: BoundaryImportForm) -> HttpResponse:
        upload = form.cleaned_data["file"]
        content = upload.read()
        file = form.read(content)
        if file is None:
            return self.form_invalid(form)
        report = import_territories(file=file, plan=_plan(form), dry_run=True)
        self._kept.keep(upload)
        return self.render_to_response(
            self.get_context_data(form=form, report=report, typed=form.typed())
        )

    def _write(self, form: BoundaryImportForm) -> HttpResponse:
        filename = self._kept.said.get("file", "")
        with self._kept.opened() as stored:
            content = None if stored is None else stored.read()
        if content is None:
            form.add_error(None, _("The file is no longer here: choose it again."))
            return self.form_invalid(form)
        file: BoundaryFile | None = form.read(content)
        if file is None:
            return self.form_invalid(form)
        try:
            report = import_territories(
                file=file, plan=_plan(form), skip_refused="skip_refused" in self.request.POST
            )
        except ImportRefused as refused:
            form.add_error(
                None,
                _("Nothing was imported: %(count)s feature(s) can't be kept.")
                % {"count": len(refused.report.refused)},
            )
            return self.render_to_response(
                self.get_context_data(form=form, report=refused.report, typed=form.typed())
            )
        self._remember(report, form.cleaned_data["kind"], filename)
        self._kept.forget()
        messages.success(self.request, _summary(report))
        return HttpResponseRedirect(reverse("territories:index"))

    @property
    def _kept(self) -> KeptFile:
        return KeptFile(self.request, SESSION_KEY, FOLDER)

    def _remember(self, report: ImportReport, kind: str, filename: str) -> None:
        """One line of history, on the first territory that the import wrote."""
        written = (*report.created, *report.updated)
        if not written:
            return
        first = Territory.objects.light().filter(kind=kind, code=written[0].code).first()
        log(
            instance=first,
            action="parvis.territory.import",
            user=self.request.user,
            data={
                "file": filename,
                "created": len(report.created),
                "updated": len(report.updated),
                "repaired": [each.code for each in report.repaired],
                "refused": len(report.refused),
            },
        )


def _plan(form: BoundaryImportForm) -> ImportPlan:
    return ImportPlan(
        kind=form.cleaned_data["kind"],
        source=form.cleaned_data["source"],
        parent=form.cleaned_data["parent"],
    )


def _summary(report: ImportReport) -> str:
    created, updated = len(report.created), len(report.updated)
    return " ".join(
        [
            ngettext("%d territory created.", "%d territories created.", created) % created,
            ngettext("%d updated.", "%d updated.", updated) % updated,
        ]
    )
