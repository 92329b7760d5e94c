"""Votes: prepare, seal, follow the turnout, count, publish."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn

from participation.budgets import policies, queries
from participation.budgets.choices import ProjectState
from participation.budgets.models import Envelope
from participation.budgets.office.filters import PollFilter
from participation.budgets.office.forms import ConfirmForm
from participation.budgets.office.lookups import budget_or_404, envelope_or_404
from participation.budgets.office.shared import (
    Desk,
    EuroColumn,
    Listing,
    Screen,
    budget_trail,
)
from participation.budgets.presentation import rules_of_counting
from participation.budgets.queries.vote import roll_of
from participation.budgets.services.vote import open_and_count, publish_results, seal_poll
from participation.core.choices import Step

STATES = {
    "preparing": _("In preparation"),
    "waiting": _("Sealed, opens later"),
    "open": pgettext_lazy("vote", "Open"),
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
    phases = [phase for phase in envelope.budget.activity.phases.all() if phase.step == Step.DECIDE]
    states = {phase.state_at(at) for phase in phases}
    if "current" in states:
        return "open"
    return "waiting" if "future" in states else "closed"


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
                primary=lambda envelope: state_of(envelope, now) in ("open", "closed"),
            ),
            Column("voters", label=_("Voters, once counted"), accessor=_voters),
        ]


def _voters(envelope: Envelope) -> str:
    poll = getattr(envelope, "poll", None)
    tally = getattr(poll, "tally", None)
    return "–" if tally is None else str(tally.voters)


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
            tally=getattr(poll, "tally", None),
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
            may_count=policies.may_count(poll=poll, user=user, at=now) if poll else None,
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
        _(
            "A key is made to seal the ballots. Its private half is written in a file of this "
            "server: without this file the box can never be opened. Have it backed up."
        ),
    )

    def act(self, at: datetime.datetime) -> None:
        seal_poll(envelope=self.envelope, actor=self.request.user, at=at)


class CountPoll(_ConfirmPoll):
    page_title = _("Open the box and count")
    button = _("Open the box and count")
    done = _("The votes are counted. Check the result, then publish it.")
    points = (
        _("All ballots are opened at once, in the order of their random codes."),
        _("The sealed envelopes are removed from the roll: nothing relates a voter to a ballot."),
        _("The rule that was frozen is applied, and the result can't be changed any more."),
        _("The result stays between us until you publish it."),
    )

    def act(self, at: datetime.datetime) -> None:
        open_and_count(poll=self.poll, actor=self.request.user, at=at)  # type: ignore[arg-type]  # checked below

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.poll is None:
            return self.show()
        return super().post(request, *args, **kwargs)


class PublishResults(Screen):
    """Publish the results of all the votes of one budget."""

    policy = staticmethod(policies.may_run_vote)
    page_title = _("Publish the results")
    template_name = "budgets_admin/publish.html"
    header_icon = "view"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.budget = budget_or_404(kwargs["budget"])

    def trail(self) -> list[tuple[str, str]]:
        return budget_trail(self.budget)

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
            ("<int:pk>/depouiller/", CountPoll, "count"),
            ("publier/<int:budget>/", PublishResults, "publish"),
        ]
