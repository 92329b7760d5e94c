"""Key one's own pass of a lot."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages

from participation.budgets.choices import LotState
from participation.budgets.office.lookups import whole_number
from participation.budgets.office.paper.lots import OfLot
from participation.budgets.office.shared import add_refusals
from participation.budgets.policies import paper as policies
from participation.budgets.presentation.reading import reading_words
from participation.budgets.queries import paper as reads
from participation.budgets.services.paper.lots import (
    finish_pass,
    key_ballot,
    take_pass,
    undo_ballot,
)
from participation.budgets.services.paper.reading import void_keys, write_reading
from participation.core.verdict import Refused


class KeyLot(OfLot):
    """Key one's own pass, one line per ballot. What the other agent keys is never read here."""

    policy = staticmethod(policies.may_key_paper)
    template_name = "budgets_admin/paper_key.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refused = policies.may_take_pass(lot=self.lot, user=request.user)
        if policies.may_key_paper(user=request.user) and not refused:
            messages.warning(request, str(refused.refusals[0]))
            return HttpResponseRedirect(reverse("paper:index"))
        return super().dispatch(request, *args, **kwargs)

    @property
    def here(self) -> str:
        return reverse("paper:key", args=[self.lot.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lot, options = self.lot, self.lot.poll.options
        entries = reads.own_entries(lot=lot, user=self.request.user)
        rows = [
            {
                "rank": entry.rank,
                "code": reads.paper_code(lot.number, entry.rank),
                "line": write_reading(options=options, reading=entry),
                "words": reading_words(options, entry),
            }
            for entry in entries
        ]
        keyed = {entry.rank for entry in entries}
        missing = [rank for rank in range(1, lot.sealed_count + 1) if rank not in keyed]
        rank = kwargs.pop("rank", None) or self._asked_rank() or next(iter(missing), None)
        asked = next((row for row in rows if row["rank"] == rank), None)
        kwargs.setdefault("line", asked["line"] if asked else "")
        return super().get_context_data(
            lot=lot,
            number=reads.pass_of(lot=lot, user=self.request.user),
            entries=entries,
            rows=list(reversed(rows)),
            last=self._last(rows),
            missing=missing,
            rank=rank,
            code=reads.paper_code(lot.number, rank) if rank else "",
            kind=options["ballot_kind"],
            void_keys=void_keys(options),
            **kwargs,
        )

    def _asked_rank(self) -> int | None:
        rank = whole_number(self.request.GET.get("rang", ""))
        return rank if rank and 1 <= rank <= self.lot.sealed_count else None

    def _last(self, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The ballot that was just kept, as its address says."""
        rank = whole_number(self.request.GET.get("garde", ""))
        return next((row for row in rows if row["rank"] == rank), None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rank = whole_number(request.POST.get("rank", "")) or 0
        line = request.POST.get("line", "")
        try:
            key_ballot(lot=self.lot, rank=rank, line=line, actor=request.user)
        except Refused as refused:
            form = forms.Form(request.POST)
            form.is_valid()
            add_refusals(form, refused)
            return self.show(form=form, rank=rank, line=line)
        return HttpResponseRedirect(f"{self.here}?garde={rank}")


class _KeyAct(KeyLot):
    """An act on one's own pass, by one button."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            to = self.act()
        except Refused as refused:
            form = forms.Form(request.POST)
            form.is_valid()
            add_refusals(form, refused)
            return self.show(form=form)
        return HttpResponseRedirect(to)

    def act(self) -> str:
        raise NotImplementedError


class TakePass(_KeyAct):
    def act(self) -> str:
        take_pass(lot=self.lot, actor=self.request.user)
        return self.here


class UndoBallot(_KeyAct):
    def act(self) -> str:
        rank = undo_ballot(lot=self.lot, actor=self.request.user)
        return f"{self.here}?rang={rank}" if rank else self.here


class FinishPass(_KeyAct):
    def act(self) -> str:
        lot = finish_pass(lot=self.lot, actor=self.request.user)
        words = {
            LotState.KEYING: gettext("Your pass is finished. Another agent keys the second one."),
            LotState.DIFFERING: gettext(
                "Both passes are finished and differ: a third person arbitrates this lot."
            ),
            LotState.ACCEPTED: gettext("Both passes say the same: the lot is accepted."),
        }
        messages.success(self.request, words[LotState(lot.state)])
        return reverse("paper:index")
