"""Study an idea, decide on it, answer it."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import (
    FeasibilityVerdict,
    IdeaState,
)
from participation.budgets.forms.money import EuroField
from participation.budgets.office.forms.shared import text_area
from participation.core.choices import AnswerStatus
from participation.core.models import Directorate


class AssignForm(forms.Form):
    directorates = forms.ModelMultipleChoiceField(
        label=_("Directorates in charge of the study"),
        queryset=Directorate.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
    )


class StudyForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[c for c in FeasibilityVerdict.choices if c[0] != FeasibilityVerdict.PENDING],
        widget=forms.RadioSelect,
    )
    cost_cents = EuroField(label=_("Cost (euros)"), required=False)
    lead_time_months = forms.IntegerField(
        label=_("Lead time (months)"), required=False, min_value=0, max_value=240
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        required=False,
        max_length=8000,
        widget=text_area(),
        help_text=_("Published with the study, and read by the author."),
    )


class DecisionForm(forms.Form):
    """`states` are those that the idea may take now; a cost is asked where one may be feasible."""

    state = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    cost_cents = EuroField(
        label=_("Cost retained (euros)"), required=False, help_text=_("For a feasible idea.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=8000,
        widget=text_area(),
        help_text=_("Public, and mailed to the author."),
    )

    def __init__(self, *args: Any, states: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["state"]).choices = [
            (state, IdeaState(state).label) for state in states
        ]
        if IdeaState.FEASIBLE not in states:
            del self.fields["cost_cents"]


class AnswerForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=AnswerStatus.choices)
    body = forms.CharField(label=_("Answer"), max_length=8000, widget=text_area(5))
    directorate = forms.ModelChoiceField(
        label=_("Directorate"), queryset=Directorate.objects.order_by("name"), required=False
    )
