"""Forms of the back office: HTTP in, clean data out."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from maps.models import Territory
from participation.electors.choices import Link, PaperPolicy, Way
from participation.electors.models import Electorate

_STILL_FREE = ("shows_turnout", "retention_months")


class SettingsForm(forms.Form):
    """Who may vote, and how they come. Frozen fields are shown and cannot change."""

    minimum_age = forms.IntegerField(
        label=_("Minimum age"),
        required=False,
        min_value=0,
        max_value=120,
        help_text=_("Empty: everybody. A participatory vote may be open to minors."),
    )
    age_on = forms.DateField(
        label=_("Age reached on"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Empty: on the day when the person votes."),
    )
    perimeter = forms.ModelChoiceField(
        label=_("Perimeter"), queryset=Territory.objects.none(), required=False
    )
    links = forms.MultipleChoiceField(
        label=_("Ties to the perimeter, one of which is enough"),
        choices=Link.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: the vote is open to everybody. Ties are stated on one's honour."),
    )
    ways = forms.MultipleChoiceField(
        label=_("Ways to come and vote"),
        choices=Way.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one way to come and vote.")},
        help_text=_("FranceConnect and text messages also need the site's settings."),
    )
    is_roll_closed = forms.BooleanField(
        label=_("Only the people of the imported roll may vote"), required=False
    )
    paper_policy = forms.ChoiceField(
        label=_("Who already voted online and comes to a desk"),
        choices=PaperPolicy.choices,
        widget=forms.RadioSelect,
    )
    network_limit = forms.IntegerField(
        label=_("People from one network before an officer looks"),
        required=False,
        min_value=10,
        max_value=100_000,
        help_text=_(
            "For those who come with an account or a text message. No address is kept: only a "
            "digest that is destroyed when the box is opened. Empty: nothing is kept, and nothing "
            "is seen."
        ),
    )
    shows_turnout = forms.BooleanField(
        label=_("The number of voters is public during the vote"), required=False
    )
    retention_months = forms.IntegerField(
        label=_("Months after the results before names are erased"), min_value=0, max_value=24
    )

    def __init__(self, data: Any = None, *, electorate: Electorate, **options: Any) -> None:
        initial = {name: getattr(electorate, name) for name in self.base_fields}
        super().__init__(data, initial=initial, **options)
        perimeter = self.fields["perimeter"]
        assert isinstance(perimeter, forms.ModelChoiceField)  # noqa: S101 -- declared above
        perimeter.queryset = Territory.objects.defer("geometry").order_by("kind", "name")
        if electorate.frozen_at is not None:
            for name, field in self.fields.items():
                field.disabled = name not in _STILL_FREE

    def settings(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)


class RollForm(forms.Form):
    """The file of a roll."""

    file = forms.FileField(
        label=_("File of the roll (CSV or XLSX)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={"required": _("Choose a file.")},
    )
    is_whole_roll = forms.BooleanField(
        label=_("This file is the whole roll: people who are not in it leave the roll"),
        required=False,
        initial=True,
    )


class ReasonForm(forms.Form):
    """A reason sent to the person, or kept in the log."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class NumberForm(forms.Form):
    """The number of a letter, asked in the address: looking changes nothing."""

    number = forms.CharField(
        label=_("Number of the letter"),
        max_length=40,
        help_text=_(
            "Three numbers at the foot of the letter, as 3-17-1. It says nothing of the code."
        ),
        error_messages={"required": _("Type the number of the letter.")},
    )


class CancelForm(ReasonForm):
    """Why a letter is cancelled, and whether the account that used it goes too."""

    drops_account = forms.BooleanField(
        label=_("Somebody else used this letter: untie the account that votes with it."),
        required=False,
    )

    def __init__(self, data: Any = None, *, has_account: bool) -> None:
        super().__init__(data)
        if not has_account:
            del self.fields["drops_account"]


class EmptyForm(forms.Form):
    """A button."""


class LettersForm(forms.Form):
    """Until when the codes of new letters are valid."""

    expires_at = forms.DateTimeField(
        label=_("Codes valid until"),
        widget=AdminDateTimeInput,
        help_text=_("The close of the vote, as a rule."),
        error_messages={"required": _("Say until when the codes are valid.")},
    )


class AnonymousLettersForm(LettersForm):
    """How many codes without a name."""

    count = forms.IntegerField(
        label=_("Number of codes"),
        min_value=1,
        max_value=20_000,
        error_messages={"required": _("Say how many codes.")},
    )


def moment(value: datetime.datetime | None) -> dict[str, Any]:
    """The initial value of a form of letters."""
    return {"expires_at": value}
