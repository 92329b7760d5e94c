"""What is asked of somebody who contributes without an account."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TrappedForm(forms.Form):
    """A form with a trap, `website`: people don't see it, programs fill it in."""

    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def is_trapped(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.data.get(self.add_prefix("website"), ""))


class GuestForm(TrappedForm):
    """A name and an address."""

    field_order = ("name", "email", "website")

    name = forms.CharField(
        label=_("Your name or nickname"),
        max_length=120,
        help_text=_("It is shown with your contribution."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give a name, real or not: it is shown.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_(
            "It is never shown. You get one message: its link confirms your contribution, and lets "
            "you read, change or withdraw it later."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Give an address: the link that confirms is sent there.")},
    )
