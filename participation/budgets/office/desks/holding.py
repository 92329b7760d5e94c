"""A desk as its agents hold it: the roll, its people, the shared device."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from participation.budgets.models import Poll
from participation.budgets.office.desks.forms import EnrolForm, SearchForm
from participation.budgets.office.desks.setting_up import DeskList, desk_or_404
from participation.budgets.office.shared import Screen, add_refusals
from participation.budgets.policies import paper as policies
from participation.budgets.policies import voting_open
from participation.budgets.queries import desk as reads
from participation.budgets.services.kiosk import exit_code, give_code, note_start
from participation.budgets.services.paper.marks import (
    hand_ballots,
    take_back_ballot,
)
from participation.budgets.views.kiosk import turn_into_kiosk
from participation.core.verdict import Refused
from participation.electors.choices import PaperPolicy, Way
from participation.electors.models import Elector
from participation.electors.services import enrol_at_desk


@method_decorator(never_cache, name="dispatch")
class _AtDesk(Screen):
    """A page of one desk, for its agents. Nothing of it stays in the browser."""

    policy = staticmethod(policies.may_hold_desk)
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk = desk_or_404(kwargs["pk"])
        self.budget = self.desk.budget
        self.electorate = reads.electorate_of_desk(desk=self.desk)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_use_desk(desk=self.desk, user=request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def here(self) -> str:
        return reverse("desk:hold", args=[self.desk.pk])

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("desk:index"), str(DeskList.page_title)), (self.here, self.desk.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        counts = reads.head_counts(budget=self.budget, today=today)
        return super().get_context_data(
            desk=self.desk,
            budget=self.budget,
            count=counts.get(self.desk.name, reads.HeadCount(0, 0)),
            count_of_day=sum(count.today for count in counts.values()),
            prevails=self.electorate.paper_policy == PaperPolicy.PAPER_PREVAILS,
            may_enrol=not self.electorate.is_roll_closed and Way.DESK in self.electorate.ways,
            **kwargs,
        )


class HoldDesk(_AtDesk):
    """Search the roll."""

    template_name = "budgets_admin/desk.html"

    def get_page_title(self) -> str:
        return self.desk.name

    def trail(self) -> list[tuple[str, str]]:
        return super().trail()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SearchForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SearchForm(request.POST)
        form.is_valid()
        search = reads.understood(form.cleaned_data.get("q") or "")
        found, has_more = reads.search_roll(budget=self.budget, search=search)
        standings = reads.standings(budget=self.budget, electors=found)
        return self.render_to_response(
            self.get_context_data(
                form=form,
                search=search,
                found=[(person, standings[person.pk]) for person in found],
                has_more=has_more,
            )
        )


class _WithPerson(_AtDesk):
    template_name = "budgets_admin/desk_person.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.person = get_object_or_404(
            Elector.objects.select_related("territory", "electorate").defer("territory__geometry"),
            pk=kwargs["elector"],
            electorate_id=self.budget.pk,
        )

    def get_page_title(self) -> str:
        return str(self.person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        standings = reads.standings(budget=self.budget, electors=[self.person])[self.person.pk]
        rows = [(each, voting_open(poll=each.poll, at=now)) for each in standings]
        first_counts = self.electorate.paper_policy == PaperPolicy.FIRST_COUNTS
        to_hand = [
            each
            for each, is_open in rows
            if is_open and each.channel != "paper" and not (first_counts and each.channel == "web")
        ]
        return super().get_context_data(
            person=self.person,
            rows=rows,
            to_hand=to_hand,
            cancels_online=any(each.channel == "web" for each in to_hand),
            kept_online=first_counts and any(each.channel == "web" for each in standings),
            refusals=next((verdict.refusals for _each, verdict in rows if not verdict), ()),
            **kwargs,
        )

    def polls_named(self, names: list[str]) -> list[Poll]:
        standings = reads.standings(budget=self.budget, electors=[self.person])[self.person.pk]
        return [each.poll for each in standings if str(each.poll.pk) in names]

    @property
    def address(self) -> str:
        return reverse("desk:person", args=[self.desk.pk, self.person.pk])


class Person(_WithPerson):
    """One person of the roll: where they stand, and the ballots to hand."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        polls = self.polls_named(request.POST.getlist("polls"))
        form = forms.Form(request.POST)
        return self.attempt(
            lambda: hand_ballots(
                desk=self.desk,
                voter=self.person,
                polls=polls,
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("%(person)s is marked. Hand these paper ballots: %(votes)s.")
            % {
                "person": self.person,
                "votes": ", ".join(poll.envelope.name for poll in polls),
            },
            to=self.here,
        )


class TakeBack(_WithPerson):
    """The person gives a paper ballot back: cancel the mark, with the reason."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        poll = get_object_or_404(
            Poll.objects.select_related("envelope__budget__activity__process"),
            pk=kwargs["poll"],
            envelope__budget=self.budget,
        )
        form = forms.Form(request.POST)
        return self.attempt(
            lambda: take_back_ballot(
                desk=self.desk,
                poll=poll,
                voter=self.person,
                reason=request.POST.get("reason", ""),
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The mark is cancelled: this person may vote."),
            to=self.address,
        )


class GiveCode(_WithPerson):
    """A one-time code for the shared device of this desk, shown once."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.Form(request.POST)
        form.is_valid()
        try:
            code = give_code(
                desk=self.desk, elector=self.person, actor=request.user, at=timezone.now()
            )
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)
        return self.render_to_response(self.get_context_data(code=code))


class Enrol(_AtDesk):
    """Add a person, where no closed roll says who may vote."""

    page_title = _("Add a person")
    template_name = "budgets_admin/desk_enrol.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", EnrolForm(electorate=self.electorate))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EnrolForm(request.POST, electorate=self.electorate)
        if not form.is_valid():
            return self.show(form=form)
        try:
            person = enrol_at_desk(
                electorate=self.electorate,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)
        return HttpResponseRedirect(reverse("desk:person", args=[self.desk.pk, person.pk]))


class StartKiosk(_AtDesk):
    """Turn this browser into the shared device of the desk; the agent is signed out of it."""

    page_title = _("Start the shared device")
    template_name = "budgets_admin/desk_kiosk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = exit_code(desk=self.desk, day=timezone.localdate())
        return super().get_context_data(exit_code=code, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        note_start(desk=self.desk, actor=request.user)
        return turn_into_kiosk(request, self.desk)
