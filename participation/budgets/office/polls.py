"""Votes: prepare, seal, follow the turnout, count, publish."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn

from participation.budgets import policies, queries
from participation.budgets.choices import ProjectState
from participation.budgets.models import Envelope, OfficialRecord
from participation.budgets.office.filters import PollFilter
from participation.budgets.office.forms import ConfirmForm
from participation.budgets.office.keys import BoardPage, DestroyKeys, HoldCeremony, UploadBoard
from participation.budgets.office.lookups import envelope_or_404
from participation.budgets.office.shared import (
    BudgetScreen,
    Desk,
    EuroColumn,
    Listing,
    Screen,
    budget_trail,
)
from participation.budgets.office.voting_forms import OpenBoxForm, RevisionForm, has_paper
from participation.budgets.policies.board import may_close, may_open, may_revise
from participation.budgets.presentation import grouped, rules_of_counting
from participation.budgets.presentation.minutes import record_response
from participation.budgets.queries.vote import roll_of
from participation.budgets.services.vote import (
    close_poll,
    open_box,
    publish_results,
    revise_count,
    seal_poll,
)
from participation.core.choices import Step
from participation.methods.proof import SMALLEST_CELL

STATES = {
    "preparing": _("In preparation"),
    "waiting": _("Sealed, opens later"),
    "open": pgettext_lazy("vote", "Open"),
    "over": _("Over, to close"),
    "closed": _("Closed, to count"),
    "counted": _("Counted"),
    "published": _("Results published"),
}


def state_of(envelope: Envelope, at: datetime.datetime) -> str:
    """Where the vote on an envelope stands: a key of `STATES`."""
    poll = getattr(envelope, "poll", None)
    if poll is None:
        return "preparing"
    if poll.opened_at is not None:
        return "published" if envelope.budget.results_published_at else "counted"
    if poll.closed_at is not None:
        return "closed"
    phases = [phase for phase in envelope.budget.activity.phases.all() if phase.step == Step.DECIDE]
    states = {phase.state_at(at) for phase in phases}
    if "current" in states:
        return "open"
    return "waiting" if "future" in states else "over"


class PollListing(Listing):
    policy = staticmethod(policies.may_run_vote)
    page_title = pgettext_lazy("polls", "Votes")
    intro = _("One vote per envelope: prepare it, seal it, count it after its close.")
    filterset_class = PollFilter
    is_searchable = True
    search_fields = ["name", "budget__activity__title"]

    def get_base_queryset(self) -> Any:
        return (
            Envelope.objects.select_related("budget__activity", "poll__tally")
            .prefetch_related("budget__activity__phases")
            .order_by("-budget__edition", "-budget", "position", "pk")
        )

    @cached_property
    def columns(self) -> list[Any]:
        now = timezone.now()
        return [
            TitleColumn(
                "name",
                label=_("Envelope"),
                get_url=lambda envelope: reverse("poll:read", args=[envelope.pk]),
            ),
            Column("budget", label=_("Participatory budget"), accessor="budget.activity.title"),
            EuroColumn("amount_cents", label=_("Amount")),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=lambda envelope: STATES[state_of(envelope, now)],
                primary=lambda envelope: state_of(envelope, now) in ("open", "over", "closed"),
            ),
            Column("voters", label=_("Voters, once counted"), accessor=_voters),
        ]


def _voters(envelope: Envelope) -> str:
    poll = getattr(envelope, "poll", None)
    tally = getattr(poll, "tally", None)
    return "–" if tally is None else grouped(tally.voters)


class ReadPoll(Screen):
    """One vote: its state, what is to be done, what it was frozen with, its turnout, its result."""

    policy = staticmethod(policies.may_run_vote)
    template_name = "budgets_admin/poll.html"
    header_icon = "check"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.envelope = envelope_or_404(kwargs["pk"])
        self.budget = self.envelope.budget
        self.poll = getattr(self.envelope, "poll", None)

    def get_page_title(self) -> str:
        return self.envelope.name

    def trail(self) -> list[tuple[str, str]]:
        address = f"{reverse('poll:index')}?budget={self.budget.pk}"
        return [*budget_trail(self.budget), (address, str(PollListing.page_title))]

    @property
    def here(self) -> str:
        return reverse("poll:read", args=[self.envelope.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        envelope, user, now = self.envelope, self.request.user, timezone.now()
        poll = self.poll
        state = state_of(envelope, now)
        projects = envelope.projects.exclude(state=ProjectState.DRAFT).select_related("territory")
        return super().get_context_data(
            envelope=envelope,
            budget=self.budget,
            poll=poll,
            tally=getattr(poll, "revision", None) or getattr(poll, "tally", None),
            revision=getattr(poll, "revision", None),
            set_aside=poll.set_aside.count() if poll and poll.opened_at else 0,
            may_revise=may_revise(poll=poll, user=user, at=now)
            if poll and poll.opened_at
            else None,
            state=state,
            state_label=STATES[state],
            phases=[p for p in self.budget.activity.phases.all() if p.step == Step.DECIDE],
            projects=list(
                projects.order_by("rank", "reference")
                if poll and poll.opened_at
                else projects.order_by("reference")
            ),
            drafts=envelope.projects.filter(state=ProjectState.DRAFT).count(),
            total_cents=sum(project.cost_cents for project in projects),
            may_seal=None if poll else policies.may_seal(envelope=envelope, user=user, at=now),
            may_close=may_close(poll=poll, user=user, at=now) if poll else None,
            may_open=may_open(poll=poll, user=user, at=now) if poll else None,
            board=getattr(self.budget, "board", None),
            records=list(poll.records.order_by("made_at", "pk")) if poll else [],
            may_publish=policies.may_publish_results(budget=self.budget, user=user),
            roll=roll_of(poll=poll) if poll else [],
            rules=rules_of_counting(poll.options) if poll else [],
            turnout=[t for t in queries.turnout(budget=self.budget) if t.poll.pk == envelope.pk],
            **kwargs,
        )


class _ConfirmPoll(ReadPoll):
    """Say what will happen, ask to confirm, do it."""

    template_name = "budgets_admin/poll_confirm.html"
    button: Any = ""
    done: Any = ""
    points: tuple[Any, ...] = ()

    def act(self, at: datetime.datetime) -> None:
        raise NotImplementedError

    def get_page_title(self) -> str:
        return str(self.page_title)

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (self.here, self.envelope.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ConfirmForm())
        return super().get_context_data(
            button=self.button, points=self.points, back_url=self.here, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.attempt(
            lambda: self.act(timezone.now()),
            form=ConfirmForm(request.POST),
            done=str(self.done),
            to=self.here,
        )


class SealPoll(_ConfirmPoll):
    page_title = _("Seal the vote")
    button = _("Seal this vote")
    done = _("The vote is sealed. It opens and closes at the dates of its phase.")
    points = (
        _("The projects on the ballot, their titles, their costs and the envelope are frozen."),
        _("The rule of the count is frozen, with its fingerprint that anyone can check."),
        _("The lot that settles ties is drawn now, before anybody votes."),
        _("Ballots will be sealed to the key of the board: this server cannot open them."),
    )

    def act(self, at: datetime.datetime) -> None:
        seal_poll(envelope=self.envelope, actor=self.request.user, at=at)


class ClosePoll(_ConfirmPoll):
    page_title = _("Close the vote")
    button = _("Close this vote")
    done = _("The vote is closed and the head of its journal is signed.")
    points = (
        _("No ballot enters any more, whatever becomes of the dates."),
        _("The last head of the journal is signed, mailed to the board and to the observers."),
        _("The box stays shut: two members of the board open it."),
    )

    def act(self, at: datetime.datetime) -> None:
        close_poll(poll=self.poll, actor=self.request.user, at=at)  # type: ignore[arg-type]  # checked below

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.poll is None:
            return self.show()
        return super().post(request, *args, **kwargs)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class OpenBox(ReadPoll):
    """Open the box with two secrets of the board, and count."""

    page_title = _("Open the box and count")
    template_name = "budgets_admin/poll_open.html"

    def get_page_title(self) -> str:
        return str(self.page_title)

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (self.here, self.envelope.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        poll = self.poll
        if poll is not None:
            kwargs.setdefault("form", OpenBoxForm(has_paper=has_paper(poll)))
            kwargs["verdict"] = may_open(poll=poll, user=self.request.user, at=timezone.now())
            kwargs["members"] = poll.board.members.order_by("rank") if poll.board else []
        return super().get_context_data(back_url=self.here, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        poll = self.poll
        if poll is None:
            return self.show()
        form = OpenBoxForm(request.POST, request.FILES, has_paper=has_paper(poll))
        return self.attempt(
            lambda: open_box(
                poll=poll,
                secrets=form.secrets,
                gap_explanation=form.explanation,
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The votes are counted. Check the result, then publish it."),
            to=self.here,
        )


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class ReviseCount(ReadPoll):
    """After a judgment, open what was set aside with two secrets of the board, and count again."""

    page_title = _("Count after a judgment")
    template_name = "budgets_admin/poll_revise.html"

    def get_page_title(self) -> str:
        return str(self.page_title)

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (self.here, self.envelope.name)]

    def _form(self, *data: Any) -> RevisionForm:
        number = self.poll.set_aside.count() if self.poll else 0
        return RevisionForm(*data, is_small=number < SMALLEST_CELL)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        poll = self.poll
        if poll is not None:
            kwargs.setdefault("form", self._form())
            kwargs["verdict"] = may_revise(poll=poll, user=self.request.user, at=timezone.now())
            kwargs["members"] = poll.board.members.order_by("rank") if poll.board else []
        return super().get_context_data(back_url=self.here, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        poll = self.poll
        if poll is None or poll.board_id is None:
            return self.show()
        form = self._form(request.POST, request.FILES)
        return self.attempt(
            lambda: revise_count(
                poll=poll,
                secrets=form.secrets,
                reference=form.cleaned_data["reference"],
                reason=form.cleaned_data["reason"],
                accepts_small_group=form.cleaned_data.get("accepts_small_group", False),
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The votes are counted again; the new result is published and in force."),
            to=self.here,
        )


class RecordFile(ReadPoll):
    """Minutes of the poll as a PDF to print and sign."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = get_object_or_404(OfficialRecord, poll_id=self.envelope.pk, kind=kwargs["kind"])
        return record_response(record)


class PublishResults(BudgetScreen):
    """Publish the results of all the votes of one budget."""

    policy = staticmethod(policies.may_run_vote)
    page_title = _("Publish the results")
    template_name = "budgets_admin/publish.html"
    header_icon = "view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ConfirmForm())
        return super().get_context_data(
            budget=self.budget,
            verdict=policies.may_publish_results(budget=self.budget, user=self.request.user),
            results=queries.results(budget=self.budget),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.attempt(
            lambda: publish_results(budget=self.budget, actor=request.user, at=timezone.now()),
            form=ConfirmForm(request.POST),
            done=gettext("The results are published and the followers are told."),
            to=reverse("budget:board", args=[self.budget.pk]),
        )


class PollDesk(Desk):
    name = "poll"
    url_prefix = "budget/votes"
    model = Envelope
    icon = "check"
    menu_label = pgettext_lazy("polls", "Votes")
    listing = PollListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("<int:pk>/", ReadPoll, "read"),
            ("<int:pk>/sceller/", SealPoll, "seal"),
            ("<int:pk>/fermer/", ClosePoll, "close"),
            ("<int:pk>/depouiller/", OpenBox, "count"),
            ("<int:pk>/apres-jugement/", ReviseCount, "revise"),
            ("<int:pk>/pv/<slug:kind>.pdf", RecordFile, "record"),
            ("bureau/<int:budget>/", BoardPage, "keys"),
            ("bureau/<int:budget>/ceremonie/", HoldCeremony, "ceremony"),
            ("bureau/<int:budget>/fichier/", UploadBoard, "board_file"),
            ("bureau/<int:budget>/detruire/", DestroyKeys, "destroy"),
            ("publier/<int:budget>/", PublishResults, "publish"),
        ]
