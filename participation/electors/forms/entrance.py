"""What people type to come and vote."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.electors.choices import Link
from participation.electors.models import Electorate
from participation.electors.roll_file import read_date


class TypedDateField(forms.CharField):
    """A date as people write it, 31/12/1980; cleaned to a date."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Day, month, year. For instance 31/12/1980."))
        attributes = {"inputmode": "numeric", "autocomplete": "bday", "maxlength": "12"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> datetime.date | None:
        """Raises `ValidationError` for what is no date."""
        text = super().clean(value)
        if not text:
            return None
        day = read_date(text.replace(" ", "/"))
        if day is None:
            raise forms.ValidationError(
                _("This date does not exist. Write day, month and year: 31/12/1980."),
                code="invalid",
            )
        return day


class CodeForm(forms.Form):
    """The code of a letter; the service judges it."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=60,
        help_text=_(
            "16 letters and figures, printed on the letter. Capitals, spaces and hyphens do not "
            "matter."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "e-code",
            }
        ),
        error_messages={"required": _("Type the code of your letter.")},
    )


class PhoneForm(forms.Form):
    """The mobile number that receives a code."""

    number = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        help_text=_("For instance 06 12 34 56 78. It is not kept."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Give your mobile number.")},
    )


class TextCodeForm(forms.Form):
    """The code received by text message."""

    code = forms.CharField(
        label=_("Code received"),
        max_length=12,
        help_text=_("Six figures."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Type the six figures that you received.")},
    )


class StatementForm(forms.Form):
    """Who somebody says they are, on their honour."""

    family_name = forms.CharField(
        label=_("Family name"),
        max_length=120,
        help_text=_("The name of your papers; of birth or in use."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Give your family name.")},
    )
    given_names = forms.CharField(
        label=_("Given names"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Give your given names.")},
    )
    birth_date = TypedDateField(
        label=_("Date of birth"), error_messages={"required": _("Give your date of birth.")}
    )
    link = forms.ChoiceField(
        label=_("What ties you here"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what ties you here.")},
    )
    territory = forms.ModelChoiceField(
        label=_("Neighbourhood"), queryset=Territory.objects.none(), required=False
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Only to tell you the outcome, if an agent must look at your registration."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    honour = forms.BooleanField(
        label=_("I state on my honour that this is true and that I take part only once"),
        error_messages={"required": _("Tick this box to state it on your honour.")},
    )

    def __init__(
        self, data: Any = None, *, electorate: Electorate, asks_email: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        link = self.fields["link"]
        assert isinstance(link, forms.ChoiceField)  # noqa: S101 -- declared above
        link.choices = [(value, Link(value).label) for value in Link if value in electorate.links]
        if not electorate.links:
            del self.fields["link"]
        if not asks_email:
            del self.fields["email"]
        territory = self.fields["territory"]
        assert isinstance(territory, forms.ModelChoiceField)  # noqa: S101 -- declared above
        inside = Territory.objects.filter(parent_id=electorate.perimeter_id).defer("geometry")
        if electorate.perimeter_id is None or not electorate.links or not inside.exists():
            del self.fields["territory"]
        else:
            territory.queryset = inside.order_by("name")
            territory.empty_label = "–"
