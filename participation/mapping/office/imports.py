"""Import contributions: a file, then what its columns mean and what would happen, then it does."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from maps import intake
from maps.viewsets.kept_files import KeptFile
from participation.core.verdict import Refused, refuse
from participation.mapping import policies
from participation.mapping.office.forms import ColumnsForm, ImportForm
from participation.mapping.office.shared import MapScreen, add_refusals
from participation.mapping.services.imports import (
    ImportReport,
    columns_of,
    guessed,
    import_contributions,
)

FOLDER = "maps"
SHOWN = 200


class Import(MapScreen):
    """Nothing is written before the last step; one wrong line and nothing is, unless asked."""

    policy = staticmethod(policies.may_follow_up)
    page_title = _("Import contributions")
    header_icon = "upload"
    template_name = "mapping_admin/import.html"

    @property
    def here(self) -> str:
        return reverse("participatory_map:import", args=[self.map.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ImportForm())
        kwargs.setdefault("columns_form", None)
        kwargs.setdefault("report", None)
        kwargs.setdefault("file_name", "")
        return super().get_context_data(shown=SHOWN, here=self.here, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = request.POST.get("step", "file")
        return self._file(request) if step == "file" else self._columns(request, step)

    def _file(self, request: HttpRequest) -> HttpResponse:
        """Set the file aside, privately, and ask what its columns mean."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        upload, place = form.cleaned_data["file"], form.place()
        try:
            intake.refuse_large(upload.size)
            columns = columns_of(upload, place=place)
            if not columns:
                refuse(
                    "no_column", _("Nothing in this file can be imported: no line is whole.")
                ).or_refuse()
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)
        except intake.FileRefused as fault:
            form.add_error("file", str(fault))
            return self.show(form=form)
        told = [place.latitude, place.longitude, list(place.address)]
        self._kept.keep(upload, columns=columns, place=told)
        found = guessed(columns)
        found["category_column"] = found.pop("category")
        source = upload.name.rsplit(".", 1)[0][:40]
        asked = ColumnsForm(
            map=self.map, columns=columns, initial={**found, "source_system": source}
        )
        return self.render_to_response(
            self.get_context_data(columns_form=asked, file_name=upload.name)
        )

    def _columns(self, request: HttpRequest, step: str) -> HttpResponse:
        """Tell what would happen, or do it."""
        said = self._kept.said
        with self._kept.opened() as file:
            if file is None:
                messages.error(request, gettext("The file is no longer here: choose it again."))
                return HttpResponseRedirect(self.here)
            form = ColumnsForm(request.POST, map=self.map, columns=said["columns"])
            shown: dict[str, Any] = {"columns_form": form, "file_name": said["file"]}
            if not form.is_valid():
                return self.show(**shown)
            write = step == "write"
            try:
                report = self._run(form, file, dry_run=not write)
            except Refused as refused:
                add_refusals(form, refused)
                return self.show(**shown)
        if not write:
            return self.render_to_response(self.get_context_data(report=report, **shown))
        self._kept.forget()
        messages.success(request, _summary(report))
        return HttpResponseRedirect(f"{reverse('map_contribution:index')}?map={self.map.pk}")

    def _run(self, form: ColumnsForm, file: Any, *, dry_run: bool) -> ImportReport:
        latitude, longitude, addresses = self._kept.said["place"]
        place = intake.Columns(latitude=latitude, longitude=longitude, address=tuple(addresses))
        return import_contributions(
            map=self.map,
            file=file,
            plan=form.plan(place),
            actor=self.request.user,
            at=timezone.now(),
            dry_run=dry_run,
            leave_refused=form.cleaned_data["leave_refused"],
        )

    @property
    def _kept(self) -> KeptFile:
        return KeptFile(self.request, f"map_import_{self.map.pk}", FOLDER)


def _summary(report: ImportReport) -> str:
    parts = [
        ngettext(
            "%(count)d contribution imported.", "%(count)d contributions imported.", report.new
        )
        % {"count": report.new}
    ]
    if report.known:
        parts.append(
            ngettext("%(count)d was already there.", "%(count)d were already there.", report.known)
            % {"count": report.known}
        )
    if report.refused:
        parts.append(
            ngettext("%(count)d left out.", "%(count)d left out.", len(report.refused))
            % {"count": len(report.refused)}
        )
    return " ".join(parts)
