"""Projects: edited, made from ideas, imported."""

from typing import Any, cast

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets.forms.money import EuroField
from participation.budgets.models import Budget, Category, Envelope, Project
from participation.budgets.office.forms.shared import text_area


class _PlaceFields(forms.Form):
    """Fields of a place; cleaned `point` is a point in WGS 84 or None."""

    territory = forms.ModelChoiceField(
        label=_("Neighbourhood"), queryset=Territory.objects.none(), required=False
    )
    address = forms.CharField(label=_("Address or place"), max_length=250, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(
        label=_("Longitude"), min_value=-180, max_value=180, required=False
    )

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["territory"]).queryset = territories_of(budget)
        cast(forms.ModelChoiceField, self.fields["category"]).queryset = budget.categories.order_by(
            "position", "name"
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        latitude, longitude = data.get("latitude"), data.get("longitude")
        if (latitude is None) != (longitude is None):
            self.add_error(
                "latitude" if latitude is None else "longitude",
                _("A point needs both its latitude and its longitude."),
            )
        both = latitude is not None and longitude is not None
        data["point"] = Point(longitude, latitude, srid=4326) if both else None
        return data


def territories_of(budget: Budget) -> Any:
    """The neighbourhoods of a budget's perimeter; those of its ideas without a perimeter."""
    perimeter = budget.activity.process.perimeter
    if perimeter is None:
        found = Territory.objects.filter(contributions__activity=budget.activity).distinct()
    else:
        found = Territory.objects.filter(parent=perimeter)
    return found.defer("geometry").order_by("name", "pk")


class ProjectForm(_PlaceFields):
    title = forms.CharField(label=_("Title"), max_length=250)
    description = forms.CharField(
        label=_("Description"), max_length=20_000, required=False, widget=text_area(8)
    )
    cost_cents = EuroField(label=_("Cost (euros)"))
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), required=False
    )
    image = forms.FileField(label=_("Picture"), required=False)
    image_alt = forms.CharField(
        label=_("Description of the picture"),
        max_length=250,
        required=False,
        help_text=_("For people who don't see it."),
    )
    remove_image = forms.BooleanField(label=_("Remove the picture"), required=False)

    field_order = (
        "envelope",
        "title",
        "description",
        "cost_cents",
        "category",
        "territory",
        "address",
        "latitude",
        "longitude",
        "image",
        "image_alt",
        "remove_image",
    )

    def __init__(
        self, *args: Any, project: Project | None = None, sealed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if project is None or not project.image:
            del self.fields["remove_image"]
        for name in ("title", "description", "cost_cents", "territory") if sealed else ():
            self.fields[name].disabled = True


class NewProjectForm(ProjectForm):
    envelope = forms.ModelChoiceField(label=_("Envelope"), queryset=Envelope.objects.none())

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, budget=budget, **kwargs)
        cast(forms.ModelChoiceField, self.fields["envelope"]).queryset = unsealed_envelopes(budget)


class MergeForm(_PlaceFields):
    """A project made of ideas."""

    envelope = forms.ModelChoiceField(label=_("Envelope"), queryset=Envelope.objects.none())
    title = forms.CharField(label=_("Title of the project"), max_length=250)
    description = forms.CharField(
        label=_("Description"), max_length=20_000, required=False, widget=text_area(8)
    )
    cost_cents = EuroField(label=_("Cost (euros)"))
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), required=False
    )
    field_order = (
        "envelope",
        "title",
        "description",
        "cost_cents",
        "category",
        "territory",
        "address",
        "latitude",
        "longitude",
    )

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, budget=budget, **kwargs)
        cast(forms.ModelChoiceField, self.fields["envelope"]).queryset = unsealed_envelopes(budget)


def unsealed_envelopes(budget: Budget) -> Any:
    return budget.envelopes.filter(poll=None).order_by("position", "pk")


class _EnvelopeField(forms.ModelChoiceField):
    """Envelopes of several budgets: each says which."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.budget.activity.title} – {obj.name}"


class ImportForm(forms.Form):
    envelope = _EnvelopeField(label=_("Envelope"), queryset=Envelope.objects.none())
    file = forms.FileField(
        label=_("File (CSV or XLSX)"),
        help_text=_("At most 2 MB. Export the projects first to have the right columns."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["envelope"]).queryset = (
            Envelope.objects.filter(poll=None)
            .select_related("budget__activity")
            .order_by("-budget__edition", "position", "pk")
        )
