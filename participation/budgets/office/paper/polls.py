"""The paper of one poll: ballots to print, lots to make, differences to explain, draws."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.budgets.models import Poll
from participation.budgets.models.paper import MOST_IN_A_LOT
from participation.budgets.office.lookups import whole_number
from participation.budgets.office.paper.forms import AuditForm, ExplainForm, LotForm
from participation.budgets.office.paper.shared import PaperScreen, pdf_answer
from participation.budgets.policies import may_run_vote
from participation.budgets.policies import paper as policies
from participation.budgets.presentation.printing import (
    SERIES,
    Paper,
    ballot_pdf,
    has_series,
    poster_pdf,
)
from participation.budgets.queries import paper as reads
from participation.budgets.services.paper.audits import (
    draw_audit,
    explain_difference,
)
from participation.budgets.services.paper.lots import (
    make_lot,
)


def _poll_or_404(pk: int) -> Poll:
    return get_object_or_404(
        Poll.objects.select_related("envelope__budget__activity__process").prefetch_related(
            "envelope__budget__activity__phases"
        ),
        pk=pk,
    )


class _OfPoll(PaperScreen):
    policy = staticmethod(may_run_vote)
    template_name = "budgets_admin/paper_poll.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.poll = _poll_or_404(kwargs["pk"])

    def get_page_title(self) -> str:
        return self.poll.envelope.name

    @property
    def here(self) -> str:
        return reverse("paper:poll", args=[self.poll.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        poll, user = self.poll, self.request.user
        balance = reads.paper_balance(poll=poll)
        may_make = policies.may_make_lots(poll=poll, user=user, at=timezone.now())
        kwargs.setdefault("lot_form", LotForm(initial={"sealed_count": _next_size(balance)}))
        kwargs.setdefault("explain_form", ExplainForm())
        kwargs.setdefault("audit_form", AuditForm())
        return super().get_context_data(
            poll=poll,
            papers=Paper.choices,
            series=range(1, SERIES + 1) if has_series(poll) else (),
            balance=balance,
            is_over="voting_not_over" not in may_make.codes,
            may_make=may_make,
            lots=reads.lots(poll=poll),
            may_audit=policies.may_audit_paper(poll=poll, user=user),
            audits=reads.audits(poll=poll),
            **kwargs,
        )


def _next_size(balance: reads.PaperBalance) -> int:
    return max(1, min(MOST_IN_A_LOT, balance.difference))


class PollPaper(_OfPoll):
    """The paper of one poll; posting makes the next lot."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LotForm(request.POST)
        return self.attempt(
            lambda: make_lot(
                poll=self.poll,
                sealed_count=form.cleaned_data["sealed_count"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            name="lot_form",
            done=gettext("The lot is made: two agents can key it."),
            to=self.here,
        )


class Explain(_OfPoll):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ExplainForm(request.POST)
        return self.attempt(
            lambda: explain_difference(
                poll=self.poll,
                note=form.cleaned_data["note"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            name="explain_form",
            done=gettext("The explanation is kept for the minutes."),
            to=self.here,
        )


class Draw(_OfPoll):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AuditForm(request.POST)
        return self.attempt(
            lambda: draw_audit(
                poll=self.poll,
                seed=form.cleaned_data["seed"],
                size=form.cleaned_data["size"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            name="audit_form",
            done=gettext("The ballots are drawn."),
            to=self.here,
        )


class PrintBallot(_OfPoll):
    """The ballot as a PDF."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["paper"] not in Paper.values:
            raise Http404
        series = whole_number(request.GET.get("serie", "1")) or 1
        if series > SERIES:
            raise Http404
        pdf = ballot_pdf(poll=self.poll, paper=Paper(kwargs["paper"]), series=series)
        return pdf_answer(pdf, f"bulletin-{self.poll.envelope.slug}-{kwargs['paper']}.pdf")


class PrintPoster(_OfPoll):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return pdf_answer(poster_pdf(poll=self.poll), f"affiche-{self.poll.envelope.slug}.pdf")
