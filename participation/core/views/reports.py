"""Reporting a contribution or a comment: open to all, members or not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participation.core import services
from participation.core.forms import ReportForm
from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.views.shared import path_of, reportable, too_fast

_PER_HOUR = 10


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The form of a notice, and its receipt."""
    subject = reportable(kind, pk)
    member = request.user if request.user.is_authenticated else None
    form = ReportForm(request.POST or None, is_member=member is not None)
    if request.method == "POST" and form.is_valid():
        if not within_limit(request, action="report", limit=_PER_HOUR, seconds=3600):
            return too_fast(request, subject)
        try:
            services.report(
                subject=subject,
                reporter=member,
                reporter_name=form.cleaned_data.get("reporter_name", ""),
                reporter_email=form.cleaned_data.get("reporter_email", ""),
                ground=form.cleaned_data["ground"],
                explanation=form.cleaned_data["explanation"],
                at=timezone.now(),
            )
        except Refused as refused:
            for refusal in refused.verdict.refusals:
                form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Thank you. We received your report and confirm it by e-mail."),
            )
            return HttpResponseRedirect(path_of(subject))
    return render(
        request,
        "core/report.html",
        {"subject": subject, "kind": kind, "form": form, "back": path_of(subject)},
        status=422 if form.is_bound else 200,
    )
