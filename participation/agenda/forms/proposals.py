"""The form of a proposed event; `key` makes a double click one proposal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.agenda.services.proposals import ProposalPlan


class ProposalForm(forms.Form):
    organisation = forms.CharField(
        label=_("In whose name you propose it"),
        max_length=150,
        help_text=_(
            "Your organisation, your council, or a few residents: for example “The citizens'"
            " council” or “Neighbours of the rue du Port”."
        ),
    )
    title = forms.CharField(label=_("Title"), max_length=150)
    body = forms.CharField(
        label=_("What you propose"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    wished_dates = forms.CharField(
        label=_("Dates that would suit you"),
        max_length=300,
        help_text=_("For example: a Saturday in May, in the morning."),
    )
    place = forms.CharField(label=_("Address or place"), max_length=250, required=False)
    audience = forms.CharField(label=_("For whom, and how many"), max_length=200, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def plan(self) -> ProposalPlan:
        data = dict(self.cleaned_data)
        del data["key"]
        return ProposalPlan(**data)
