"""Forms of the planning of the agenda."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.agenda.choices import ItemKind, Precision
from participation.agenda.models import CitizenAgenda, Theme
from participation.agenda.services import Dates, ItemContent
from participation.core.models import Directorate, Process


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ItemForm(forms.Form):
    """What is said of an item."""

    title = forms.CharField(label=_("Title"), max_length=150)
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices)
    theme = forms.ModelChoiceField(
        label=_("Theme"), queryset=Theme.objects.order_by("position", "name")
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    territory = forms.ModelChoiceField(
        label=_("Territory"),
        queryset=Territory.objects.only("pk", "name", "kind", "code").order_by("name", "pk"),
        required=False,
    )
    process = forms.ModelChoiceField(
        label=_("Process"), queryset=Process.objects.order_by("title", "pk"), required=False
    )
    directorate = forms.ModelChoiceField(
        label=_("Directorate"), queryset=Directorate.objects.order_by("name"), required=False
    )

    def content(self) -> ItemContent:
        """What the service takes; once the form is valid."""
        names = ("kind", "title", "theme", "summary", "territory", "process", "directorate")
        return ItemContent(**{name: self.cleaned_data[name] for name in names})


class DatesForm(forms.Form):
    """When: two days, and how finely they are known."""

    first = _day(_("From"), _("Any day of the first month, season or year."))
    last = _day(_("To"), _("Any day of the last one; the same for one alone."))
    precision = forms.ChoiceField(label=_("What is known"), choices=Precision.choices)

    def dates(self) -> Dates:
        """What the service takes; once the form is valid."""
        return Dates(
            self.cleaned_data["first"], self.cleaned_data["last"], self.cleaned_data["precision"]
        )


class NewItemForm(ItemForm, DatesForm):
    """A new idea, with its mandate when there are several."""

    agenda = forms.ModelChoiceField(
        label=_("Mandate"),
        queryset=CitizenAgenda.objects.order_by("-mandate"),
        empty_label=None,
    )
    field_order = ["title", "kind", "theme", "first", "last", "precision", "summary"]


class MoveForm(DatesForm):
    """New dates, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required, since it is announced: it is public, beside the former date."),
        error_messages={"required": _("A moved date needs its reason, which is public.")},
    )

    def __init__(self, *args: Any, is_said: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_said:
            del self.fields["reason"]

    def chosen(self) -> Dates | None:
        """The dates that the form shows, before or after it is sent; None when they are unfit."""
        if not self.is_bound:
            dates = Dates(*(self.initial[name] for name in ("first", "last", "precision")))
        elif {"first", "last", "precision"} <= self.cleaned_data.keys():
            dates = self.dates()
        else:
            return None
        return dates if dates.first <= dates.last else None


class DropForm(forms.Form):
    """Why it is given up."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public, if it was announced."),
    )
