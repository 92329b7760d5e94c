"""The one form that makes a participatory budget."""

import datetime
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets.choices import BallotKind
from participation.budgets.forms.money import EuroField
from participation.core.choices import ModerationMode
from participation.core.models import Directorate, Process

WHOLE, EACH = "whole", "each"
SHARING = [
    (WHOLE, _("One vote for the whole territory")),
    (EACH, _("One vote in each neighbourhood of the territory")),
]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


def _date(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=DateInput())


class NewBudgetForm(forms.Form):
    """Everything a budget needs to exist as a draft.

    The amount is typed in euros and cleaned to integer cents.
    """

    title = forms.CharField(label=_("Title"), max_length=80)
    edition = forms.IntegerField(label=_("Edition (year)"), min_value=2000, max_value=2100)
    owner = forms.ModelChoiceField(
        label=_("Directorate in charge"), queryset=Directorate.objects.order_by("name", "pk")
    )
    perimeter = forms.ModelChoiceField(
        label=_("Territory"), queryset=Territory.objects.order_by("kind", "name", "pk")
    )

    sharing = forms.ChoiceField(
        label=_("How the money is shared"), choices=SHARING, widget=forms.RadioSelect
    )
    amount = EuroField(
        label=_("Amount of each vote, in euros"),
        help_text=_("The whole amount, or the amount of each neighbourhood if there are several."),
        max_cents=100_000_000_000,
    )

    ideas_from = _date(_("Ideas from"))
    ideas_until = _date(_("to (included)"))
    vote_from = _date(_("Vote from"), _("Ideas are studied between the two."))
    vote_until = _date(_("to (included)"))
    results_on = _date(_("Results on"))

    ballot_kind = forms.ChoiceField(
        label=_("Voters choose"), choices=BallotKind.choices, widget=forms.RadioSelect
    )
    min_choices = forms.IntegerField(label=_("Projects at least"), min_value=1, max_value=100)
    max_choices = forms.IntegerField(
        label=_("Projects at most"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Leave empty when only the money limits the choice."),
    )
    minimum_age = forms.IntegerField(
        label=_("Minimum age"),
        min_value=0,
        max_value=99,
        required=False,
        help_text=_("Leave empty for all ages."),
    )
    residents_only = forms.BooleanField(
        label=_("Only those who live in the territory"), required=False
    )
    moderation = forms.ChoiceField(
        label=_("Ideas and comments are"), choices=ModerationMode.choices, widget=forms.RadioSelect
    )

    categories = forms.CharField(
        label=_("Themes"), help_text=_("One per line."), widget=forms.Textarea(attrs={"rows": 7})
    )
    contact_name = forms.CharField(label=_("Contact"), max_length=120)
    contact_email = forms.EmailField(label=_("Contact’s e-mail address"))
    terms = forms.CharField(
        label=_("Terms of participation"),
        help_text=_("The law wants them published with the process (CRPA L131-1). Adapt them."),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=20_000,
    )

    fieldsets = [
        (_("What and where"), ("title", "edition", "owner", "perimeter")),
        (_("The money"), ("sharing", "amount")),
        (_("The dates"), ("ideas_from", "ideas_until", "vote_from", "vote_until", "results_on")),
        (
            _("The vote"),
            ("ballot_kind", "min_choices", "max_choices", "minimum_age", "residents_only"),
        ),
        (
            _("The rules and the contact"),
            ("categories", "moderation", "contact_name", "contact_email", "terms"),
        ),
    ]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields by section, for the template."""
        return [(label, [self[name] for name in names]) for label, names in self.fieldsets]

    def clean_title(self) -> str:
        title = self.cleaned_data["title"].strip()
        slug = slugify(title)[:80]
        if not slug:
            raise forms.ValidationError(_("The title needs letters or figures."))
        if Process.objects.filter(slug=slug).exists():
            raise forms.ValidationError(
                _("A process already has this title: add the year, for instance.")
            )
        self.cleaned_data["slug"] = slug
        return title

    def clean_categories(self) -> list[str]:
        lines = self.cleaned_data["categories"].splitlines()
        names = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
        if not names:
            raise forms.ValidationError(_("Write at least one theme."))
        for name in names:
            if len(name) > 80:
                raise forms.ValidationError(
                    _("“%(name)s…” is too long: 80 characters at most."),
                    params={"name": name[:40]},
                )
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._dates_in_order(cleaned)
        low, high = cleaned.get("min_choices"), cleaned.get("max_choices")
        if low is not None and high is not None and high < low:
            self.add_error("max_choices", _("The maximum must not be below the minimum."))
        if (
            cleaned.get("ballot_kind") == BallotKind.APPROVAL
            and "max_choices" in cleaned
            and (high is None)
        ):
            self.add_error("max_choices", _("Say how many projects a voter may choose at most."))
        perimeter = cleaned.get("perimeter")
        if cleaned.get("sharing") == EACH and perimeter and not perimeter.children.exists():
            self.add_error(
                "sharing",
                _("No neighbourhood of this territory is known: import them, or hold one vote."),
            )
        return cleaned

    def _dates_in_order(self, cleaned: dict[str, Any]) -> None:
        order = [
            ("ideas_from", "ideas_until", False, _("The collect of ideas ends before it begins.")),
            ("ideas_until", "vote_from", True, _("The vote begins after the collect of ideas.")),
            ("vote_from", "vote_until", False, _("The vote ends before it begins.")),
            ("vote_until", "results_on", True, _("Results come after the last day of the vote.")),
        ]
        for earlier, later, strict, message in order:
            one: datetime.date | None = cleaned.get(earlier)
            other: datetime.date | None = cleaned.get(later)
            if one and other and (other <= one if strict else other < one):
                self.add_error(later, message)
