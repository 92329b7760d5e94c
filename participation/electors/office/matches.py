"""The second look: recognise, or refuse, somebody whom the roll did not find at once."""

from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from participation.core.dates import date_format
from participation.core.viewsets import screens
from participation.electors import policies, queries
from participation.electors.choices import MatchState
from participation.electors.models import Elector, MatchRequest
from participation.electors.office.forms import ReasonForm
from participation.electors.office.lookups import electorate_trail, match_or_404
from participation.electors.office.roll import all_electorates
from participation.electors.services import accept_match, refuse_match

NEW_PERSON = "new"


class MatchFilter(WagtailFilterSet):
    electorate = django_filters.ModelChoiceFilter(label=_("Vote"), queryset=all_electorates)
    state = django_filters.ChoiceFilter(label=_("State"), choices=MatchState.choices)

    class Meta:
        model = MatchRequest
        fields = ["electorate", "state"]


class MatchListing(screens.Listing):
    policy = staticmethod(policies.may_run_electorates)
    page_title = _("Second look")
    intro = _("People who said who they are and were not found at once. Those who wait come first.")
    filterset_class = MatchFilter

    def get_base_queryset(self) -> Any:
        return MatchRequest.objects.select_related("electorate__activity").order_by(
            "-state", "asked_on", "pk"
        )

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "name",
                label=_("States to be"),
                accessor=str,
                get_url=lambda match: reverse("match:read", args=[match.pk]),
            ),
            Column(
                "asked_on",
                label=_("Asked"),
                accessor=lambda match: date_format(match.asked_on, "SHORT_DATE_FORMAT"),
            ),
            Column("way", label=_("Came"), accessor="get_way_display"),
            Column("state", label=_("State"), accessor="get_state_display"),
            Column("vote", label=_("Vote"), accessor="electorate.activity.title"),
        ]


class AcceptForm(forms.Form):
    """Which elector it is."""

    elector = forms.ChoiceField(
        label=_("It is this person"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who it is.")},
    )

    def __init__(
        self, data: Any = None, *, candidates: list[Elector], may_add: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        choices = [(str(elector.pk), in_words(elector)) for elector in candidates]
        if may_add:
            choices.append((NEW_PERSON, gettext("Somebody else, who is not on the roll")))
        field = self.fields["elector"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = choices


def in_words(elector: Elector) -> str:
    """A line of the roll that an agent compares with what was stated."""
    parts = [str(elector)]
    if elector.usual_name:
        parts.append(gettext("born %(name)s") % {"name": elector.family_name})
    if elector.birth_date:
        parts.append(date_format(elector.birth_date, "SHORT_DATE_FORMAT"))
    if elector.territory:
        parts.append(elector.territory.name)
    if elector.ways or elector.account_id:
        parts.append(gettext("has already come"))
    return " · ".join(parts)


class ReadMatch(screens.Screen):
    policy = staticmethod(policies.may_run_electorates)
    header_icon = "user"
    template_name = "electors_admin/match.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.match = match_or_404(kwargs["pk"])
        self.candidates = queries.candidates(request=self.match)

    def get_page_title(self) -> str:
        return str(self.match)

    def trail(self) -> list[tuple[str, str]]:
        return [
            *electorate_trail(self.match.electorate),
            (reverse("match:index"), gettext("Second look")),
        ]

    def _accept_form(self, data: Any = None) -> AcceptForm:
        may_add = not self.match.electorate.is_roll_closed
        return AcceptForm(data, candidates=self.candidates, may_add=may_add)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("accept", self._accept_form())
        kwargs.setdefault("refuse", ReasonForm())
        return super().get_context_data(
            match=self.match,
            candidates=self.candidates,
            is_pending=self.match.state == MatchState.PENDING,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = reverse("match:index")
        if request.POST.get("act") == "refuse":
            refusal = ReasonForm(request.POST)
            return self.attempt(
                lambda: refuse_match(
                    request=self.match,
                    reason=refusal.cleaned_data["reason"],
                    actor=request.user,
                    at=timezone.now(),
                ),
                form=refusal,
                done=gettext("The person is told, with your reason."),
                to=back,
                name="refuse",
            )
        form = self._accept_form(request.POST)

        def act() -> None:
            chosen = form.cleaned_data["elector"]
            elector = next((e for e in self.candidates if str(e.pk) == chosen), None)
            accept_match(request=self.match, elector=elector, actor=request.user, at=timezone.now())

        return self.attempt(
            act,
            form=form,
            done=gettext("The person may vote, and is told."),
            to=back,
            name="accept",
        )
