"""Paper ballots: print them, make lots, key them twice, arbitrate, audit."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from participation.budgets.choices import LotState
from participation.budgets.models import PaperAudit, PaperLot, Poll
from participation.budgets.models.paper import MOST_IN_A_LOT
from participation.budgets.office.lookups import whole_number
from participation.budgets.office.shared import Desk, Screen, add_refusals
from participation.budgets.policies import may_run_vote
from participation.budgets.policies import paper as policies
from participation.budgets.presentation.printing import (
    SERIES,
    Paper,
    audit_pdf,
    ballot_pdf,
    has_series,
    poster_pdf,
)
from participation.budgets.presentation.reading import reading_words
from participation.budgets.queries import paper as reads
from participation.budgets.services.paper.audits import (
    draw_audit,
    explain_difference,
    record_check,
)
from participation.budgets.services.paper.lots import (
    correct_lot,
    finish_pass,
    key_again,
    key_ballot,
    make_lot,
    settle,
    take_pass,
    undo_ballot,
)
from participation.budgets.services.paper.reading import void_keys, write_reading
from participation.core.verdict import Refused


class LotForm(forms.Form):
    sealed_count = forms.IntegerField(
        label=_("Ballots in this lot"), min_value=1, max_value=MOST_IN_A_LOT, initial=MOST_IN_A_LOT
    )


class CountForm(LotForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ExplainForm(forms.Form):
    note = forms.CharField(
        label=_("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AuditForm(forms.Form):
    seed = forms.CharField(
        label=_("Public seed"),
        max_length=128,
        help_text=_("Drawn before witnesses once all lots are accepted, such as twelve dice."),
    )
    size = forms.IntegerField(label=_("Ballots to compare"), min_value=1, initial=100)


def _poll_or_404(pk: int) -> Poll:
    return get_object_or_404(
        Poll.objects.select_related("envelope__budget__activity__process").prefetch_related(
            "envelope__budget__activity__phases"
        ),
        pk=pk,
    )


def _lot_or_404(pk: int) -> PaperLot:
    return get_object_or_404(
        PaperLot.objects.select_related(
            "poll__envelope__budget__activity__process", "first_keyer", "second_keyer"
        ),
        pk=pk,
    )


class PaperHome(Screen):
    """What waits for this person: lots to key, to arbitrate; the polls for the officer."""

    policy = staticmethod(policies.may_see_paper)
    page_title = _("Paper ballots")
    template_name = "budgets_admin/paper.html"
    header_icon = "doc-full"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        runs = bool(may_run_vote(user=user))
        may_key = bool(policies.may_key_paper(user=user))
        return super().get_context_data(
            may_key=may_key,
            to_key=reads.lots_to_key(user=user) if may_key else [],
            to_settle=reads.lots_to_settle(user=user),
            runs=runs,
            balances=reads.balances_under_way() if runs else [],
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class _Paper(Screen):
    policy = staticmethod(policies.may_see_paper)
    header_icon = "doc-full"

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("paper:index"), str(PaperHome.page_title))]


class _OfPoll(_Paper):
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
        return _file(pdf, f"bulletin-{self.poll.envelope.slug}-{kwargs['paper']}.pdf")


class PrintPoster(_OfPoll):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _file(poster_pdf(poll=self.poll), f"affiche-{self.poll.envelope.slug}.pdf")


def _file(pdf: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


class _OfLot(_Paper):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.lot = _lot_or_404(kwargs["pk"])

    def get_page_title(self) -> str:
        return gettext("Lot %(number)s") % {"number": self.lot.number}


class KeyLot(_OfLot):
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


class SettleLot(_OfLot):
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


class ManageLot(_OfLot):
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


class Audit(_Paper):
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
        return _file(pdf, f"controle-{self.audit.pk}.pdf")


class PaperSection(Desk):
    """The menu entry of paper ballots."""

    name = "paper"
    url_prefix = "budget/papier"
    model = PaperLot
    icon = "doc-full"
    menu_label = _("Paper ballots")

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.construct_view(PaperHome), name="index"),
            *(
                path(route, self.construct_view(screen), name=name)
                for route, screen, name in self.screens()
            ),
        ]

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("vote/<int:pk>/", PollPaper, "poll"),
            ("vote/<int:pk>/bulletin/<slug:paper>/", PrintBallot, "ballot"),
            ("vote/<int:pk>/affiche/", PrintPoster, "poster"),
            ("vote/<int:pk>/expliquer/", Explain, "explain"),
            ("vote/<int:pk>/tirer/", Draw, "draw"),
            ("lot/<int:pk>/", ManageLot, "lot"),
            ("lot/<int:pk>/corriger/", CorrectLot, "correct"),
            ("lot/<int:pk>/ressaisir/<int:pass_number>/", KeyAgain, "again"),
            ("lot/<int:pk>/saisie/", KeyLot, "key"),
            ("lot/<int:pk>/saisie/prendre/", TakePass, "take"),
            ("lot/<int:pk>/saisie/annuler/", UndoBallot, "undo"),
            ("lot/<int:pk>/saisie/finir/", FinishPass, "finish"),
            ("lot/<int:pk>/arbitrage/", SettleLot, "settle"),
            ("controle/<int:pk>/", Audit, "audit"),
            ("controle/<int:pk>/liste/", AuditList, "audit_list"),
        ]
