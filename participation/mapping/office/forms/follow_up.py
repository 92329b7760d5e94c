"""What officers say of contributions."""

import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maps.forms import GeometryField
from participation.core import registry
from participation.core.models import AnswerTemplate, Directorate
from participation.mapping.choices import WishState
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _reason(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        required=required,
        max_length=4000,
        widget=text_area(2),
        help_text=_("Told to the author, and kept in the history."),
    )


class AssignForm(forms.Form):
    directorates = forms.ModelMultipleChoiceField(
        label=_("Directorates"),
        queryset=Directorate.objects.order_by("name", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ReclassifyForm(forms.Form):
    category = forms.ModelChoiceField(
        label=pgettext_lazy("participatory map", "Category"), queryset=MapCategory.objects.none()
    )
    reason = _reason(required=False)

    def __init__(self, *args: Any, maps: list[ParticipatoryMap], **kwargs: Any) -> None:
        """`maps`: those whose categories may be chosen."""
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["category"])
        field.queryset = MapCategory.objects.filter(map__in=maps).order_by("map", "position", "pk")


class MoveForm(forms.Form):
    drawing = GeometryField(label=_("Drawing"), geometry_required=True)
    reason = _reason(required=True)

    def __init__(self, *args: Any, contribution: MapContribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(GeometryField, self.fields["drawing"])
        field.geometry_kinds = tuple(contribution.category.shapes)
        drawn = contribution.map.drawn_perimeter
        field.perimeter = (
            drawn if drawn is not None else contribution.map.activity.process.perimeter
        )


class MergeForm(forms.Form):
    note = forms.CharField(
        label=_("Why they say the same"),
        required=False,
        max_length=4000,
        widget=text_area(2),
        help_text=_("Told to the authors, and kept in the history."),
    )


class SplitForm(forms.Form):
    note = _reason(required=False)


class AnswerForm(forms.Form):
    """An official answer; a template gives what is left empty."""

    template = forms.ModelChoiceField(
        label=_("Start from a template"),
        queryset=AnswerTemplate.objects.filter(status__in=WishState.values).order_by("name"),
        required=False,
        help_text=_("Its text and its state are used where yours are empty."),
    )
    status = forms.ChoiceField(
        label=_("State"), choices=[("", "—"), *WishState.choices], required=False
    )
    body = forms.CharField(
        label=_("Answer"),
        max_length=8000,
        required=False,
        widget=text_area(6),
        help_text=_("Public, and sent to the author and to those who follow."),
    )
    directorate = forms.ModelChoiceField(
        label=_("In the name of"),
        queryset=Directorate.objects.order_by("name", "pk"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        template = data.pop("template", None)
        if template is not None:
            data["status"] = data.get("status") or template.status
            data["body"] = data.get("body", "").strip() or template.body
        if not data.get("status"):
            self.add_error("status", _("Choose the status of the answer."))
        if not data.get("body", "").strip():
            self.add_error("body", _("Write the answer."))
        return data


class AdoptForm(forms.Form):
    """Where a contribution goes on; each choice is a destination and a place in it."""

    place = forms.ChoiceField(label=_("Make of it"))

    def __init__(self, *args: Any, user: Any, at: datetime.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [
            (each.label, [(f"{each.key}:{value}", label) for value, label in places])
            for each in registry.destinations()
            if (places := each.places(user, at))
        ]
        cast(forms.ChoiceField, self.fields["place"]).choices = self.choices

    def destination(self) -> tuple[str, str]:
        """(key of the destination, place), of a form that is valid."""
        key, _colon, place = self.cleaned_data["place"].partition(":")
        return key, place
