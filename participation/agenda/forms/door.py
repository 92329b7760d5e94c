"""What is typed at the door of an event."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ArrivalForm(forms.Form):
    """Somebody arrives (`in`), did not (`out`), or comes without having registered (`walk`).

    `key` is that of the arrival; `at` when the device noted it. A ticket is named by the key of
    its registration, or by the code that was read.
    """

    act = forms.ChoiceField(choices=[("in", ""), ("out", ""), ("walk", ""), ("unwalk", "")])
    key = forms.UUIDField()
    registration = forms.IntegerField(required=False)
    code = forms.CharField(required=False, max_length=600)
    people = forms.IntegerField(required=False, min_value=1)
    name = forms.CharField(required=False, max_length=120)
    at = forms.CharField(required=False, max_length=40)

    def clean_at(self) -> datetime.datetime:
        """When the device noted it: an instant; now when it says none."""
        try:
            said = datetime.datetime.fromisoformat(self.cleaned_data["at"].replace("Z", "+00:00"))
        except ValueError:
            return timezone.now()
        return said if said.tzinfo is not None else timezone.now()


class WalkInForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("If they wish: nobody has to give one."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    people = forms.IntegerField(label=_("Number of people"), min_value=1, max_value=20, initial=1)


class HeadCountForm(forms.Form):
    """How many are in the room; `key` makes a double tap one count."""

    people = forms.IntegerField(label=_("People in the room"), min_value=0, max_value=100_000)
    walk_ins = forms.IntegerField(
        label=_("Of which not registered"), min_value=0, max_value=100_000, initial=0
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
