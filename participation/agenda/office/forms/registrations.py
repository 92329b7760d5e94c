"""Registrations that staff takes, gives or cancels."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from participation.agenda.forms.registration import RegistrationForm
from participation.agenda.models import RegistrationQuestion, Seating
from participation.agenda.services import Party


class StaffRegistrationForm(RegistrationForm):
    """The form of the public, in the words of who writes for somebody else."""

    language = forms.ChoiceField(label=_("Language of the messages"), choices=settings.LANGUAGES)

    def __init__(
        self, data: Any, *, seating: Seating, questions: list[RegistrationQuestion]
    ) -> None:
        super().__init__(data, seating=seating, questions=questions, known=False)
        del self.fields["website"]
        words: dict[str, tuple[Any, Any]] = {
            "name": (_("Name of the person"), ""),
            "email": (
                _("E-mail address of the person"),
                _("Without one, no message is sent: say the date and place on the telephone."),
            ),
            "companions": (_("People who come along"), ""),
            "is_minor": (_("Under 18"), ""),
            "guardian": (_("Responsible adult"), _("For somebody under 18.")),
            "needs": (_("What they need to take part"), ""),
        }
        for name, (label, help_text) in words.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, help_text
        self.fields["name"].error_messages["required"] = _(
            "Give the name of the person: it is read at the door."
        )
        self.fields["email"].required = False
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def party(self) -> Party:
        said = self.cleaned_data
        return Party(
            name=said["name"],
            seats=1 + (said.get("companions") or 0),
            is_minor=said.get("is_minor", False),
            guardian=said.get("guardian", ""),
            needs=said.get("needs", ""),
            answers=self.answers,
        )


class CancelRegistrationForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It is told by mail to the person, and stays on the ticket."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
