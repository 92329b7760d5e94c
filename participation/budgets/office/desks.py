"""Polling desks: set up by the officer, held by agents who see nothing else of the vote."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from maps.models import Territory
from participation.budgets.models import Budget, Poll, PollingDesk
from participation.budgets.office.lookups import budget_or_404
from participation.budgets.office.shared import Desk, Screen, add_refusals, budget_trail
from participation.budgets.policies import may_run_vote, voting_open
from participation.budgets.policies import paper as policies
from participation.budgets.queries import desk as reads
from participation.budgets.services.kiosk import exit_code, give_code, note_start
from participation.budgets.services.paper.marks import (
    DeskPlan,
    hand_ballots,
    save_desk,
    take_back_ballot,
)
from participation.budgets.views.kiosk import turn_into_kiosk
from participation.core.verdict import Refused
from participation.electors.choices import PaperPolicy, Way
from participation.electors.models import Elector, Electorate
from participation.electors.services import enrol_at_desk


class DeskForm(forms.Form):
    """A desk as the officer sets it up."""

    name = forms.CharField(
        label=_("Name of the desk"),
        max_length=80,
        help_text=_("It is written on the roll beside each person who votes there."),
    )
    place = forms.CharField(label=_("Place and opening hours"), max_length=200, required=False)
    agents = forms.ModelMultipleChoiceField(
        label=_("Agents"),
        queryset=get_user_model().objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Accounts with the role “Agent de bureau de vote”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelMultipleChoiceField, self.fields["agents"])
        field.queryset = reads.possible_agents()
        field.label_from_instance = _named  # type: ignore[assignment]  # as Django documents


def _named(agent: Any) -> str:
    return f"{agent.public_name} ({agent.email})"


class SearchForm(forms.Form):
    """Sent in the body of a request: a name is in no address and no log."""

    q = forms.CharField(
        label=_("Name, birth date or number"),
        max_length=120,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
    )


class EnrolForm(forms.Form):
    """A person whose papers the agent has in hand."""

    family_name = forms.CharField(label=_("Family name"), max_length=120)
    given_names = forms.CharField(label=_("Given names"), max_length=120)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"],
        help_text=_("Such as 17/05/1985."),
        error_messages={"invalid": _("Type the date as 17/05/1985.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    territory = forms.ModelChoiceField(
        label=_("Neighbourhood"), queryset=Territory.objects.none(), required=False
    )

    def __init__(self, *args: Any, electorate: Electorate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["territory"]).queryset = (
            Territory.objects.filter(parent=electorate.perimeter_id)
            .defer("geometry")
            .order_by("name")
            if electorate.perimeter_id
            else Territory.objects.none()
        )


def _desk_or_404(pk: int) -> PollingDesk:
    return get_object_or_404(
        PollingDesk.objects.select_related(
            "budget__activity__process__perimeter", "budget__activity__electorate"
        ).prefetch_related("budget__activity__phases"),
        pk=pk,
    )


class DeskList(Screen):
    """The desks: all of them for the officer, their own for agents."""

    policy = staticmethod(policies.may_see_desks)
    page_title = _("Polling desks")
    template_name = "budgets_admin/desks.html"
    header_icon = "group"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        runs = bool(may_run_vote(user=user))
        return super().get_context_data(
            groups=reads.desks_by_budget(
                agent=None if runs else user, viewer=user, today=timezone.localdate()
            ),
            budgets=reads.budgets_for_desks() if runs else [],
            runs=runs,
            **kwargs,
        )


class _DeskSettings(Screen):
    policy = staticmethod(may_run_vote)
    template_name = "budgets_admin/desk_settings.html"
    header_icon = "group"
    budget: Budget
    desk: PollingDesk | None = None

    def trail(self) -> list[tuple[str, str]]:
        return [*budget_trail(self.budget), (reverse("desk:index"), str(DeskList.page_title))]

    def _form(self, data: Any = None) -> DeskForm:
        if self.desk is None:
            return DeskForm(data)
        initial = {
            "name": self.desk.name,
            "place": self.desk.place,
            "agents": list(self.desk.agents.values_list("pk", flat=True)),
        }
        return DeskForm(data, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(budget=self.budget, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)

        def act() -> None:
            data = form.cleaned_data
            plan = DeskPlan(data["name"], data["place"], list(data["agents"]))
            save_desk(budget=self.budget, plan=plan, actor=request.user, desk=self.desk)

        return self.attempt(
            act, form=form, done=gettext("The desk is saved."), to=reverse("desk:index")
        )


class AddDesk(_DeskSettings):
    page_title = _("Add a polling desk")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.budget = budget_or_404(kwargs["budget"])


class EditDesk(_DeskSettings):
    page_title = _("Change the polling desk")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk = _desk_or_404(kwargs["pk"])
        self.budget = self.desk.budget


@method_decorator(never_cache, name="dispatch")
class _AtDesk(Screen):
    """A page of one desk, for its agents. Nothing of it stays in the browser."""

    policy = staticmethod(policies.may_hold_desk)
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.desk = _desk_or_404(kwargs["pk"])
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


class PollingSection(Desk):
    """The menu entry; its agents see this one only."""

    name = "desk"
    url_prefix = "budget/bureaux"
    model = PollingDesk
    icon = "group"
    menu_label = _("Polling desks")
    listing = DeskList

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.construct_view(DeskList), name="index"),
            *(
                path(route, self.construct_view(screen), name=name)
                for route, screen, name in self.screens()
            ),
        ]

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("ajouter/<int:budget>/", AddDesk, "add"),
            ("<int:pk>/reglages/", EditDesk, "edit"),
            ("<int:pk>/", HoldDesk, "hold"),
            ("<int:pk>/inscrire/", Enrol, "enrol"),
            ("<int:pk>/borne/", StartKiosk, "kiosk"),
            ("<int:pk>/personne/<int:elector>/", Person, "person"),
            ("<int:pk>/personne/<int:elector>/annuler/<int:poll>/", TakeBack, "take_back"),
            ("<int:pk>/personne/<int:elector>/code/", GiveCode, "code"),
        ]
