"""Forms of the personal space."""

import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maps.choices import TerritoryKind
from maps.models import Territory
from participation.accounts.forms import clean_public_name
from participation.accounts.models import User

_EARLIEST = datetime.date(1900, 1, 1)
_HOMES = (
    TerritoryKind.NEIGHBOURHOOD,
    TerritoryKind.BOROUGH,
    TerritoryKind.MUNICIPALITY,
)


class _Places(forms.models.ModelChoiceIterator):
    """Places under the name of their commune."""

    def __iter__(self) -> Any:
        yield ("", self.field.empty_label)
        for parent, places in groupby(self.queryset, key=lambda place: place.parent):
            choices = [self.choice(place) for place in places]
            if parent is None:
                yield from choices
            else:
                yield (parent.name, choices)


class HomeField(forms.ModelChoiceField):
    iterator = _Places


class ProfileForm(forms.ModelForm):
    """What a person tells about themselves; only the public name is required."""

    home_territory = HomeField(
        label=_("My neighbourhood or my commune"),
        queryset=Territory.objects.none(),
        required=False,
        empty_label=_("I prefer not to say"),
        help_text=_(
            "Some processes are for the people of a place: without it you cannot take part in "
            "them. Never shown."
        ),
    )

    class Meta:
        model = User
        fields = [
            "public_name",
            "first_name",
            "last_name",
            "birth_date",
            "home_territory",
            "language",
            "wants_mail",
        ]
        labels = {
            "public_name": _("Public name"),
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "birth_date": _("Date of birth"),
            "language": _("Language of our mails"),
            "wants_mail": _("Also send me notifications by e-mail"),
        }
        help_texts = {
            "public_name": _("Shown beside what you write. A pseudonym will do."),
            "birth_date": _(
                "Some votes have a minimum age: without it you cannot take part in them. Never "
                "shown."
            ),
            "wants_mail": _(
                "Receipts and decisions about what you submit are always sent: they are yours by "
                "right."
            ),
        }
        widgets = {
            "public_name": forms.TextInput(attrs={"autocomplete": "nickname"}),
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "birth_date": forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}
            ),
        }
        error_messages = {
            "birth_date": {"invalid": _("This date does not exist. Write day, month and year.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label, choices=_languages
        )
        home = self.fields["home_territory"]
        assert isinstance(home, HomeField)  # noqa: S101 -- declared above
        home.queryset = (
            Territory.objects.filter(kind__in=_HOMES, valid_to__isnull=True)
            .select_related("parent")
            .defer("geometry", "parent__geometry")
            .order_by("parent__name", "name", "pk")
        )

    def clean_public_name(self) -> str:
        return clean_public_name(self.cleaned_data["public_name"])

    def clean_birth_date(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["birth_date"]
        if day is None:
            return None
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("This date is in the future. Check the year."), code="future"
            )
        if day < _EARLIEST:
            raise forms.ValidationError(
                _("This date is too long ago. Check the year."), code="too_old"
            )
        return day


def _languages() -> list[tuple[str, Any]]:
    return [("fr", _("French")), ("en", _("English"))]


class DeletionForm(forms.Form):
    """What becomes of published texts, and the will to leave."""

    KEEP, WITHDRAW = "keep", "withdraw"

    published = forms.ChoiceField(
        label=_("What you have published"),
        choices=[
            (KEEP, _("Leave it in the debate, signed “a former member”")),
            (WITHDRAW, _("Erase it: my contributions and my comments are withdrawn")),
        ],
        initial=KEEP,
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(
        label=_("I understand that my account cannot be recovered"),
        error_messages={"required": _("Tick this box to delete your account.")},
    )
