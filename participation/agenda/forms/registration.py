"""What is asked of those who register to an event."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import QuestionKind
from participation.agenda.models import RegistrationQuestion, Seating


class RegistrationForm(forms.Form):
    """Who comes. `website` is a trap: people don't see it, programs fill it in."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give your name: it is read at the door.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You get a message: its link confirms your registration."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Give an address: the link that confirms is sent there.")},
    )
    companions = forms.IntegerField(label=_("People who come with you"), min_value=0, initial=0)
    is_minor = forms.BooleanField(label=_("I am under 18"), required=False)
    guardian = forms.CharField(
        label=_("Responsible adult"),
        help_text=_("Name of the adult responsible, if you are under 18."),
        max_length=150,
        required=False,
    )
    needs = forms.CharField(
        label=_("What you need to take part"),
        help_text=_("Sign language, a place for a wheelchair, large print…"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, seating: Seating, questions: list[RegistrationQuestion], known: bool
    ) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.questions = questions
        if known:
            del self.fields["email"]
        if not seating.companions:
            del self.fields["companions"]
        else:
            companions = self.fields["companions"]
            assert isinstance(companions, forms.IntegerField)  # noqa: S101 -- for the type checker
            companions.widget.attrs["max"] = seating.companions
        if not seating.minors:
            del self.fields["is_minor"], self.fields["guardian"]
        if not seating.asks_needs:
            del self.fields["needs"]
        for question in questions:
            self.fields[f"question_{question.pk}"] = _field_of(question)

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that people see, in order."""
        return [bound for bound in self.visible_fields() if bound.name != "website"]

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website", ""))

    @property
    def answers(self) -> dict[int, str]:
        """Answers by question's key."""
        return {
            question.pk: self.cleaned_data.get(f"question_{question.pk}") or ""
            for question in self.questions
        }


class SeatsForm(forms.Form):
    """How many come along."""

    companions = forms.IntegerField(label=_("People who come with you"), min_value=0, max_value=19)


def _field_of(question: RegistrationQuestion) -> forms.Field:
    if question.kind == QuestionKind.TEXT:
        return forms.CharField(label=question.label, required=question.required, max_length=500)
    options = (
        [("yes", _("Yes")), ("no", _("No"))]
        if question.kind == QuestionKind.YES_NO
        else [(option, option) for option in question.options]
    )
    return forms.ChoiceField(
        label=question.label,
        required=question.required,
        choices=options,
        widget=forms.RadioSelect,
    )
