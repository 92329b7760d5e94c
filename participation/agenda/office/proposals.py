"""Events proposed by organisations and groups of residents."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from participation.agenda import policies
from participation.agenda.choices import EventKind
from participation.agenda.models import EventProposal, Theme
from participation.agenda.office.forms.fields import AgendaZoneTimes
from participation.agenda.office.shared import Desk, Listing, Screen
from participation.agenda.services.events import EventPlan
from participation.agenda.services.proposals import (
    accept_proposal,
    ask_for_changes,
    refuse_proposal,
)
from participation.core.viewsets.shared import moment


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sent to the proposers."),
    )


class AcceptForm(AgendaZoneTimes, AnswerForm):
    """When it takes place, and under which theme; the rest is written afterwards."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices)
    theme = forms.ModelChoiceField(label=_("Theme"), queryset=Theme.objects.order_by("name", "pk"))

    def plan(self, proposal: EventProposal) -> EventPlan:
        data = self.cleaned_data
        return EventPlan(
            kind=data["kind"],
            title=proposal.title,
            body=proposal.body,
            theme=data["theme"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            timezone=self.zone_name(),
            address=proposal.place,
        )


class ProposalListing(Listing):
    policy = staticmethod(policies.may_run_events)
    page_title = _("Proposed events")
    is_searchable = True
    search_fields = ["title", "organisation"]

    def get_base_queryset(self) -> Any:
        return EventProposal.objects.order_by("-sent_at", "-pk")

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "title",
                label=_("Title"),
                get_url=lambda row: reverse("agenda_proposal:one", args=[row.pk]),
            ),
            Column("organisation", label=_("Organisation or group"), accessor="organisation"),
            moment("sent_at", label=_("Sent")),
            Column("state", label=_("State"), accessor="get_state_display"),
        ]


class OneProposal(Screen):
    policy = staticmethod(policies.may_run_events)
    header_icon = "mail"
    template_name = "agenda_admin/proposal.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.proposal = get_object_or_404(
            EventProposal.objects.select_related("event", "proposer"), pk=kwargs["pk"]
        )

    def get_page_title(self) -> str:
        return self.proposal.title

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("agenda_proposal:index"), gettext("Proposed events"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("accept_form", AcceptForm(auto_id="id_accept_%s"))
        kwargs.setdefault("answer_form", AnswerForm(auto_id="id_answer_%s"))
        return super().get_context_data(
            proposal=self.proposal,
            waits=bool(
                policies.may_answer_proposal(proposal=self.proposal, user=self.request.user)
            ),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now, row, back = timezone.now(), self.proposal, request.path
        if request.POST.get("act") == "accept":
            form = AcceptForm(request.POST, auto_id="id_accept_%s")
            return self.attempt(
                lambda: accept_proposal(
                    proposal=row,
                    plan=form.plan(row),
                    answer=form.cleaned_data["answer"],
                    actor=request.user,
                    at=now,
                ),
                form=form,
                name="accept_form",
                done=gettext("The proposal is accepted: its event is a draft."),
                to=back,
            )
        answers = {
            "changes": (ask_for_changes, gettext("The changes are asked for.")),
            "refuse": (refuse_proposal, gettext("The proposal is refused.")),
        }
        if request.POST.get("act") not in answers:
            return HttpResponseBadRequest()
        act, done = answers[request.POST["act"]]
        reply = AnswerForm(request.POST, auto_id="id_answer_%s")
        return self.attempt(
            lambda: act(
                proposal=row, answer=reply.cleaned_data["answer"], actor=request.user, at=now
            ),
            form=reply,
            name="answer_form",
            done=done,
            to=back,
        )


class ProposalDesk(Desk):
    name = "agenda_proposal"
    url_prefix = "agenda/propositions"
    model = EventProposal
    icon = "mail"
    menu_label = _("Proposed events")
    listing = ProposalListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [("<int:pk>/", OneProposal, "one")]
