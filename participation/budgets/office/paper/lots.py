"""One lot: what the officer mends in it, and how its two passes are arbitrated."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from participation.budgets.choices import LotState
from participation.budgets.models import PaperLot
from participation.budgets.office.lookups import whole_number
from participation.budgets.office.paper.forms import CountForm
from participation.budgets.office.paper.shared import PaperScreen
from participation.budgets.office.shared import add_refusals
from participation.budgets.policies import may_run_vote
from participation.budgets.policies import paper as policies
from participation.budgets.presentation.reading import reading_words
from participation.budgets.queries import paper as reads
from participation.budgets.services.paper.lots import (
    correct_lot,
    key_again,
    settle,
)
from participation.budgets.services.paper.reading import void_keys
from participation.core.verdict import Refused


def _lot_or_404(pk: int) -> PaperLot:
    return get_object_or_404(
        PaperLot.objects.select_related(
            "poll__envelope__budget__activity__process", "first_keyer", "second_keyer"
        ),
        pk=pk,
    )


class OfLot(PaperScreen):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.lot = _lot_or_404(kwargs["pk"])

    def get_page_title(self) -> str:
        return gettext("Lot %(number)s") % {"number": self.lot.number}


class ManageLot(OfLot):
    """What the officer may mend in a lot. Nothing of what was keyed is shown."""

    policy = staticmethod(may_run_vote)
    template_name = "budgets_admin/paper_lot.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lot = self.lot
        kwargs.setdefault("count_form", CountForm(initial={"sealed_count": lot.sealed_count}))
        passes = [
            (1, _("First pass"), lot.first_keyer),
            (2, _("Second pass"), lot.second_keyer),
        ]
        return super().get_context_data(lot=lot, passes=passes, **kwargs)


class CorrectLot(ManageLot):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CountForm(request.POST)
        return self.attempt(
            lambda: correct_lot(
                lot=self.lot, actor=request.user, at=timezone.now(), **form.cleaned_data
            ),
            form=form,
            name="count_form",
            done=gettext("The number of ballots is corrected."),
            to=reverse("paper:poll", args=[self.lot.poll_id]),
        )


class KeyAgain(ManageLot):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = kwargs["pass_number"]
        if number not in (1, 2):
            raise Http404
        return self.attempt(
            lambda: key_again(
                lot=self.lot,
                pass_number=number,
                reason=request.POST.get("reason", ""),
                actor=request.user,
                at=timezone.now(),
            ),
            form=forms.Form(request.POST),
            done=gettext("The pass is to be keyed again."),
            to=reverse("paper:poll", args=[self.lot.poll_id]),
        )


class SettleLot(OfLot):
    """Arbitrate, for who keyed neither pass."""

    template_name = "budgets_admin/paper_settle.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if policies.may_see_paper(user=request.user):
            refused = policies.may_settle(lot=self.lot, user=request.user)
            if "own_lot" in refused.codes:
                raise PermissionDenied
            if not refused:
                messages.warning(request, str(refused.refusals[0]))
                return HttpResponseRedirect(reverse("paper:index"))
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return gettext("Arbitrate lot %(number)s") % {"number": self.lot.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = self.lot.poll.options
        rows = [
            {
                "rank": each.rank,
                "code": each.code,
                "first": reading_words(options, each.first),
                "second": reading_words(options, each.second),
                "settled": each.settled,
                "settled_words": reading_words(options, each.settled) if each.settled else "",
            }
            for each in reads.differences(lot=self.lot)
        ]
        return super().get_context_data(
            lot=self.lot,
            rows=rows,
            kind=options["ballot_kind"],
            void_keys=void_keys(options),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rank = whole_number(request.POST.get("rank", "")) or 0
        line, note = request.POST.get("line", ""), request.POST.get("note", "")
        try:
            settle(lot=self.lot, rank=rank, line=line, note=note, actor=request.user)
        except Refused as refused:
            form = forms.Form(request.POST)
            form.is_valid()
            add_refusals(form, refused)
            return self.show(form=form, refused_rank=rank, line=line, note=note)
        self.lot.refresh_from_db()
        if self.lot.state == LotState.ACCEPTED:
            messages.success(request, gettext("Everything is settled: the lot is accepted."))
            return HttpResponseRedirect(reverse("paper:index"))
        return HttpResponseRedirect(reverse("paper:settle", args=[self.lot.pk]))
