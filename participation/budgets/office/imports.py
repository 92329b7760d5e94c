"""Import projects from a spreadsheet: first what would happen, then, if all is well, it does."""

import base64
import io
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from import_export.results import Result
from wagtail.admin import messages

from participation.budgets import policies
from participation.budgets.models import Envelope
from participation.budgets.office.forms import ImportForm
from participation.budgets.office.shared import Screen, add_refusals
from participation.budgets.resources import ProjectResource, read_sheet
from participation.budgets.resources.projects import COLUMNS
from participation.core.verdict import Refused

_SALT = "parvis.budgets.import"
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file as it would be imported, or why it would not."""

    number: int
    project: str
    title: str
    is_new: bool
    faults: tuple[str, ...]


class ImportProjects(Screen):
    policy = staticmethod(policies.may_study)
    page_title = _("Import projects")
    header_icon = "upload"
    template_name = "budgets_admin/import.html"

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("project:index"), gettext("Projects"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ImportForm())
        kwargs.setdefault("lines", None)
        return super().get_context_data(
            columns=COLUMNS,
            example_url=f"{reverse('project:export')}?pour=import&format=xlsx",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "confirm" in request.POST:
            return self._confirm(request)
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        upload = form.cleaned_data["file"]
        envelope = form.cleaned_data["envelope"]
        try:
            lines = self._run(envelope, upload, upload.size, dry_run=True)
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)
        faulty = [line for line in lines if line.faults]
        upload.seek(0)
        held = "" if faulty else _hold(envelope, upload.read())
        context = self.get_context_data(
            form=form,
            lines=lines,
            faulty=faulty,
            envelope=envelope,
            new=sum(line.is_new for line in lines),
            changed=sum(not line.is_new for line in lines),
            held=held,
        )
        return self.render_to_response(context, status=422 if faulty else 200)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        """Write what was shown. The file is read and judged again: the data may have changed."""
        form = ImportForm()
        try:
            envelope, content = _held(request.POST["confirm"])
            lines = self._run(envelope, io.BytesIO(content), len(content), dry_run=False)
        except (signing.BadSignature, Envelope.DoesNotExist):
            messages.error(request, gettext("This preview has expired: send the file again."))
            return HttpResponseRedirect(reverse("project:import"))
        except Refused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(reverse("project:import"))
        faulty = [line for line in lines if line.faults]
        if faulty:
            return self.show(
                form=form, lines=lines, faulty=faulty, envelope=envelope, held="", new=0, changed=0
            )
        count = len(lines)
        messages.success(
            request,
            ngettext("%(count)s project imported.", "%(count)s projects imported.", count)
            % {"count": count},
        )
        address = f"{reverse('project:index')}?budget={envelope.budget_id}"
        return HttpResponseRedirect(f"{address}&envelope={envelope.pk}")

    def _run(self, envelope: Envelope, file: Any, size: int, *, dry_run: bool) -> list[Line]:
        """All the lines, in one transaction; one bad line and nothing is written."""
        dataset = read_sheet(file, size, columns=COLUMNS)
        resource = ProjectResource(envelope=envelope, actor=self.request.user, at=timezone.now())
        result = resource.import_data(
            dataset,
            dry_run=dry_run,
            raise_errors=False,
            use_transactions=True,
            collect_failed_rows=False,
            rollback_on_validation_errors=True,
        )
        return _lines(result, dataset)


def _lines(result: Result, dataset: Any) -> list[Line]:
    """What the import says of each line of the file."""
    faults: dict[int, list[str]] = {}
    for invalid in result.invalid_rows:
        faults.setdefault(invalid.number, []).extend(invalid.error.messages)
    for error_row in result.error_rows:
        faults.setdefault(error_row.number, []).extend(
            str(error.error) for error in error_row.errors
        )
    if result.base_errors:
        raise result.base_errors[0].error
    new = {number for number, row in enumerate(result.rows, start=1) if row.is_new()}
    return [
        Line(
            number=number + 1,
            project=str(row["numero"] if row["numero"] is not None else ""),
            title=str(row["titre"] if row["titre"] is not None else ""),
            is_new=number in new,
            faults=tuple(faults.get(number, ())),
        )
        for number, row in enumerate(dataset.dict, start=1)
    ]


def _hold(envelope: Envelope, content: bytes) -> str:
    """The file, signed, to be sent back by the button that confirms."""
    return signing.dumps(
        {"envelope": envelope.pk, "file": base64.b64encode(content).decode()},
        salt=_SALT,
        compress=True,
    )


def _held(text: str) -> tuple[Envelope, bytes]:
    held = signing.loads(text, salt=_SALT, max_age=_HOUR)
    envelope = Envelope.objects.select_related("budget__activity__process__perimeter").get(
        pk=held["envelope"]
    )
    return envelope, base64.b64decode(held["file"])
