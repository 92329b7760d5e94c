"""Forms of the polling desks."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets.queries import desk as reads
from participation.electors.models import Electorate


class DeskForm(forms.Form):
    """A desk as the officer sets it up."""

    name = forms.CharField(
        label=_("Name of the desk"),
        max_length=80,
        help_text=_("It is written on the roll beside each person who votes there."),
    )
    place = forms.CharField(label=_("Place and opening hours"), max_length=200, required=False)
    agents = forms.ModelMultipleChoiceField(
        label=_("Agents"),
        queryset=get_user_model().objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Accounts with the role “Agent de bureau de vote”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelMultipleChoiceField, self.fields["agents"])
        field.queryset = reads.possible_agents()
        field.label_from_instance = _named  # type: ignore[assignment]  # as Django documents


def _named(agent: Any) -> str:
    return f"{agent.public_name} ({agent.email})"


class SearchForm(forms.Form):
    """Sent in the body of a request: a name is in no address and no log."""

    q = forms.CharField(
        label=_("Name, birth date or number"),
        max_length=120,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
    )


class EnrolForm(forms.Form):
    """A person whose papers the agent has in hand."""

    family_name = forms.CharField(label=_("Family name"), max_length=120)
    given_names = forms.CharField(label=_("Given names"), max_length=120)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"],
        help_text=_("Such as 17/05/1985."),
        error_messages={"invalid": _("Type the date as 17/05/1985.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    territory = forms.ModelChoiceField(
        label=_("Neighbourhood"), queryset=Territory.objects.none(), required=False
    )

    def __init__(self, *args: Any, electorate: Electorate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["territory"]).queryset = (
            Territory.objects.filter(parent=electorate.perimeter_id)
            .defer("geometry")
            .order_by("name")
            if electorate.perimeter_id
            else Territory.objects.none()
        )
