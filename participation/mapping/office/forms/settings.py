"""Rules of a map."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maps.choices import TerritoryKind
from participation.core.choices import ModerationMode


class SettingsForm(forms.Form):
    introduction = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown above the map: what is asked, and what will be done with it."),
    )
    parts = forms.ChoiceField(label=_("Contributions are sorted by"), choices=TerritoryKind.choices)
    moderation = forms.ChoiceField(
        label=_("Contributions are"), choices=ModerationMode.choices, widget=forms.RadioSelect
    )
    without_account = forms.BooleanField(
        label=_("Take contributions without an account"),
        required=False,
        help_text=_("Each is confirmed by a link sent by e-mail before it counts."),
    )
    per_person = forms.IntegerField(
        label=_("Contributions per person, at most"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Empty: no limit."),
    )
    shows_others = forms.BooleanField(
        label=_("Show others' contributions while the map is open"), required=False
    )
    comments_open = forms.BooleanField(label=_("Comments are open"), required=False)
    source_note = forms.CharField(
        label=_("Source of the data"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
