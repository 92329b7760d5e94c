"""Forms of paper ballots."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.budgets.models.paper import MOST_IN_A_LOT
from participation.budgets.office.voting_forms import PUBLIC_IN_THE_MINUTES


class LotForm(forms.Form):
    sealed_count = forms.IntegerField(
        label=_("Ballots in this lot"), min_value=1, max_value=MOST_IN_A_LOT, initial=MOST_IN_A_LOT
    )


class CountForm(LotForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ExplainForm(forms.Form):
    note = forms.CharField(
        label=_("What happened"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=PUBLIC_IN_THE_MINUTES,
    )


class AuditForm(forms.Form):
    seed = forms.CharField(
        label=_("Public seed"),
        max_length=128,
        help_text=_("Drawn before witnesses once all lots are accepted, such as twelve dice."),
    )
    size = forms.IntegerField(label=_("Ballots to compare"), min_value=1, initial=100)
