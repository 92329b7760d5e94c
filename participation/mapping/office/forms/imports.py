"""A file of contributions, then what its columns mean."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maps import intake
from participation.mapping.models import MapCategory, ParticipatoryMap
from participation.mapping.services.imports import ImportPlan


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("GeoJSON, KML, GPX, Shapefile (zip), GeoPackage, CSV or XLSX; 64 MB at most."),
    )
    latitude = forms.CharField(
        label=_("Column of latitudes"),
        required=False,
        max_length=100,
        help_text=_("For a table only; empty: the usual names."),
    )
    longitude = forms.CharField(label=_("Column of longitudes"), required=False, max_length=100)
    addresses = forms.CharField(
        label=_("Columns of addresses"),
        required=False,
        max_length=300,
        help_text=_("For a table without coordinates: their names, separated by commas."),
    )

    def place(self) -> intake.Columns:
        """In which columns a table tells the place."""
        data = self.cleaned_data
        names = [name.strip() for name in data["addresses"].split(",")]
        return intake.Columns(
            latitude=data["latitude"].strip(),
            longitude=data["longitude"].strip(),
            address=tuple(name for name in names if name),
        )


_MEANINGS = (
    ("title", _("Title"), True),
    ("body", _("Text"), False),
    ("category_column", pgettext_lazy("participatory map", "Category"), False),
    ("author", _("Author"), False),
    ("date", _("Date"), False),
    ("address", _("Address or place"), False),
    ("source_id", _("Number"), False),
)


class ColumnsForm(forms.Form):
    """Which column holds what."""

    source_system = forms.CharField(
        label=_("Where this file comes from"),
        max_length=40,
        help_text=_("The same name again, and the same rows are not imported twice."),
    )
    category = forms.ModelChoiceField(
        label=_("Category of the rows that name none"),
        queryset=MapCategory.objects.none(),
        required=False,
    )
    leave_refused = forms.BooleanField(
        label=_("Import the good rows and leave the others out"), required=False
    )

    def __init__(
        self, *args: Any, map: ParticipatoryMap, columns: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["category"])
        field.queryset = map.categories.order_by("position", "pk")
        names = [(name, name) for name in columns]
        for key, label, required in _MEANINGS:
            self.fields[key] = forms.ChoiceField(
                label=label,
                required=required,
                choices=[("", _("No column")), *names],
                help_text=_("Tells rows apart when the file comes again.")
                if key == "source_id"
                else "",
            )
        self.order_fields(
            ["source_system", *(key for key, *_rest in _MEANINGS), "category", "leave_refused"]
        )

    def plan(self, place: intake.Columns) -> ImportPlan:
        """What the service takes, of a form that is valid."""
        data = dict(self.cleaned_data)
        data.pop("leave_refused")
        return ImportPlan(place=place, **data)
