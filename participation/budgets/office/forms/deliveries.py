"""Plan a delivery, and give its news."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from participation.budgets.choices import (
    DeliveryStep,
)
from participation.budgets.office.forms.shared import text_area
from participation.core.models import Directorate


class PlanForm(forms.Form):
    directorate = forms.ModelChoiceField(
        label=_("Lead directorate"), queryset=Directorate.objects.order_by("name"), required=False
    )
    expected_on = forms.DateField(label=_("Expected on"), required=False, widget=AdminDateInput)


class AdvanceForm(forms.Form):
    step = forms.ChoiceField(
        label=_("Step"),
        choices=DeliveryStep.choices,
        widget=forms.RadioSelect,
        help_text=_("Keep the current step to give news only."),
    )
    happened_on = forms.DateField(label=_("Date"), widget=AdminDateInput)
    title = forms.CharField(
        label=_("Title of the news"),
        max_length=150,
        required=False,
        help_text=_("Empty: the name of the step."),
    )
    body = forms.CharField(label=_("Text"), max_length=8000, required=False, widget=text_area(5))
    image = forms.FileField(label=_("Picture"), required=False)
    image_alt = forms.CharField(
        label=_("Description of the picture"),
        max_length=250,
        required=False,
        help_text=_("For people who don't see it."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        required=False,
        widget=text_area(3),
        help_text=_("To give up a project or go back to an earlier step. It is public."),
    )
