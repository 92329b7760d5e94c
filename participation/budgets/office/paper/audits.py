"""Ballots drawn to be compared with their paper."""

import shlex
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participation.budgets.models import PaperAudit
from participation.budgets.office.paper.shared import PaperScreen, pdf_answer
from participation.budgets.office.shared import add_refusals
from participation.budgets.office.voting_forms import PUBLIC_IN_THE_MINUTES
from participation.budgets.policies import may_run_vote
from participation.budgets.presentation.printing import (
    audit_pdf,
)
from participation.budgets.presentation.reading import reading_words
from participation.budgets.queries import paper as reads
from participation.budgets.services.paper.audits import (
    record_check,
)
from participation.core.verdict import Refused


class Audit(PaperScreen):
    """Compare drawn ballots with their paper, one by one."""

    policy = staticmethod(may_run_vote)
    page_title = _("Compare with the paper")
    template_name = "budgets_admin/paper_audit.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.audit = get_object_or_404(
            PaperAudit.objects.select_related("poll__envelope__budget__activity__process"),
            pk=kwargs["pk"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drawn = reads.drawn_ballots(audit=self.audit)
        options = self.audit.poll.options
        checks = [each.check for each in drawn if each.check]
        return super().get_context_data(
            audit=self.audit,
            seed_in_shell=shlex.quote(self.audit.seed),
            rows=[
                {
                    "code": each.ballot.code,
                    "words": reading_words(options, each.ballot),
                    "check": each.check,
                }
                for each in drawn
            ],
            compared=len(checks),
            differing=sum(not check.agrees for check in checks),
            public_note=PUBLIC_IN_THE_MINUTES,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code, note = request.POST.get("code", ""), request.POST.get("note", "")
        agrees = request.POST.get("agrees") == "1"
        try:
            record_check(
                drawn=self.audit,
                code=code,
                agrees=agrees,
                note="" if agrees else note,
                actor=request.user,
            )
        except Refused as refused:
            form = forms.Form(request.POST)
            form.is_valid()
            add_refusals(form, refused)
            return self.show(form=form, refused_code=code, note=note)
        return HttpResponseRedirect(reverse("paper:audit", args=[self.audit.pk]))


class AuditList(Audit):
    """The drawn ballots as a PDF to fill in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pdf = audit_pdf(audit=self.audit, drawn=reads.drawn_ballots(audit=self.audit))
        return pdf_answer(pdf, f"controle-{self.audit.pk}.pdf")
