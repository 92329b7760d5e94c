"""Forms of the day of an event, and of what follows it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import OutcomeKind
from participation.core.models import Directorate


class QuestionForm(forms.Form):
    """A question from a phone; `key` makes a double tap one question."""

    body = forms.CharField(
        label=_("Your question"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
    )
    author_label = forms.CharField(
        label=_("First name or group"),
        max_length=60,
        required=False,
        help_text=_("If you wish: it is shown beside your question."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class HeardForm(forms.Form):
    """A contribution heard in the room."""

    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(
        label=_("What was said"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5})
    )
    said_by = forms.CharField(
        label=_("Said by"),
        max_length=120,
        required=False,
        help_text=_("A first name or a group, never the name of somebody who did not ask for it."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class MinutesForm(forms.Form):
    body = forms.CharField(
        label=_("Minutes of the meeting"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("A blank line makes a paragraph; lines that start with “- ” make a list."),
    )


class CorrectionForm(forms.Form):
    correction = forms.CharField(
        label=_("Correction"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It is published below the minutes, whose words stay as they were."),
    )


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=OutcomeKind.choices)
    text = forms.CharField(
        label=_("What"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.CharField(label=_("Who does it"), max_length=150, required=False)
    directorate = forms.ModelChoiceField(
        label=_("Directorate"), queryset=Directorate.objects.all(), required=False
    )
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class DoneForm(forms.Form):
    note = forms.CharField(label=_("What was done"), max_length=500, required=False)


class SatisfactionForm(forms.Form):
    """What somebody thought, in a minute."""

    rating = forms.TypedChoiceField(
        label=_("How was this event?"),
        coerce=int,
        choices=[
            (5, _("Very good")),
            (4, _("Good")),
            (3, _("Fair")),
            (2, _("Poor")),
            (1, _("Very poor")),
        ],
        widget=forms.RadioSelect,
    )
    heard = forms.TypedChoiceField(
        label=_("Could you say what you wanted?"),
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Something to add?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
