"""Perimeter, zones of interest and reference layers."""

from typing import Any

from django import forms
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.utils.translation import gettext_lazy as _

from maps import intake
from maps.choices import GeometryKind
from maps.forms import GeometryField
from maps.models import Layer
from participation.mapping.models import MapLayer, ParticipatoryMap
from participation.mapping.services.setup import LayerPlan, ZonePlan

_AREAS = intake.Rules(kinds=frozenset({intake.AREA}))


def areas_of(file: Any, *, name_column: str = "") -> list[tuple[str, MultiPolygon, str]]:
    """Name, outline (WGS 84) and description of each area of a file.

    Raises `ValidationError` with every reason when one of them can't be kept.
    """
    found: list[tuple[str, MultiPolygon, str]] = []
    faults: list[str] = []
    try:
        for each in intake.read(file, rules=_AREAS):
            if isinstance(each, intake.Refused):
                faults.append(str(each))
                continue
            low = {str(key).lower(): value for key, value in each.properties.items()}
            named = next(
                (low[key] for key in (name_column.lower(), "nom", "name", "titre") if low.get(key)),
                "",
            )
            told = next((low[key] for key in ("description", "desc") if low.get(key)), "")
            found.append((str(named)[:100], as_multi(each.geometry), str(told)[:300]))
    except intake.FileRefused as fault:
        raise forms.ValidationError(str(fault)) from None
    if faults:
        raise forms.ValidationError(faults)
    return found


def as_multi(geometry: GEOSGeometry) -> MultiPolygon:
    """One outline or several, as several."""
    if isinstance(geometry, MultiPolygon):
        return geometry
    return MultiPolygon(geometry, srid=4326)


class PerimeterForm(forms.Form):
    """The territory of the process, an area drawn, or the areas of a file."""

    TERRITORY, DRAWN, FILE = "territory", "drawn", "file"
    where = forms.ChoiceField(
        label=_("One may draw"),
        choices=[
            (TERRITORY, _("In the territory of the process")),
            (DRAWN, _("In an area drawn here")),
            (FILE, _("In the areas of a file")),
        ],
        widget=forms.RadioSelect,
    )
    area = GeometryField(label=_("Area"), geometry_kinds=(GeometryKind.AREA,), required=False)
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("GeoJSON, KML, Shapefile (zip) or GeoPackage; its areas are put together."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["perimeter"] = None
        if data.get("where") == self.DRAWN:
            drawing = data.get("area")
            if drawing is None or drawing.geometry is None:
                if "area" not in self.errors:
                    self.add_error("area", _("Draw the area, or write its points."))
            else:
                data["perimeter"] = as_multi(drawing.geometry)
        if data.get("where") == self.FILE:
            self._from_file(data)
        return data

    def _from_file(self, data: dict[str, Any]) -> None:
        if not data.get("file"):
            self.add_error("file", _("Choose a file."))
            return
        try:
            areas = areas_of(data["file"])
        except forms.ValidationError as fault:
            self.add_error("file", fault)
            return
        whole: Any = None
        for _name, outline, _told in areas:
            whole = outline if whole is None else whole.union(outline)
        if whole is None:
            self.add_error("file", _("This file holds no area."))
        else:
            data["perimeter"] = as_multi(whole)


class ZoneForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    description = forms.CharField(
        label=_("What to know about it"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=999, initial=0)
    area = GeometryField(
        label=_("Outline"), geometry_kinds=(GeometryKind.AREA,), geometry_required=True
    )

    def __init__(self, *args: Any, kept: MultiPolygon | None = None, **kwargs: Any) -> None:
        """`kept`: an outline that can't be edited point by point, and stays as it is."""
        super().__init__(*args, **kwargs)
        self.kept = kept
        if kept is not None:
            del self.fields["area"]

    def plan(self) -> ZonePlan:
        """What the service takes, of a form that is valid."""
        data = self.cleaned_data
        return ZonePlan(
            name=data["name"],
            description=data["description"],
            position=data["position"],
            geometry=self.kept if self.kept is not None else as_multi(data["area"].geometry),
        )


class ZonesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File of zones"),
        help_text=_(
            "GeoJSON, KML, Shapefile (zip) or GeoPackage. Each area needs its name; a zone of the"
            " same name is replaced."
        ),
    )
    name_column = forms.CharField(
        label=_("Column of the names"),
        required=False,
        max_length=100,
        help_text=_("Empty: “nom”, “name” or “titre”."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("file"):
            try:
                areas = areas_of(data["file"], name_column=data.get("name_column", ""))
            except forms.ValidationError as fault:
                self.add_error("file", fault)
            else:
                data["plans"] = [
                    ZonePlan(name=name, geometry=outline, description=told, position=place)
                    for place, (name, outline, told) in enumerate(areas)
                ]
        return data


class LayersForm(forms.Form):
    """For each reference layer of the site: whether this map shows it, in which place."""

    def __init__(self, *args: Any, map: ParticipatoryMap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[int, MapLayer] = {row.layer_id: row for row in map.map_layers.order_by("pk")}
        self.layers = list(Layer.objects.order_by("name", "pk"))
        for layer in self.layers:
            row = chosen.get(layer.pk)
            self.fields[f"on_{layer.pk}"] = forms.BooleanField(
                label=_("On this map"), required=False, initial=row is not None
            )
            self.fields[f"start_{layer.pk}"] = forms.BooleanField(
                label=_("Shown at start"),
                required=False,
                initial=row.shown_at_start if row else True,
            )
            self.fields[f"place_{layer.pk}"] = forms.IntegerField(
                label=_("Order"),
                required=False,
                min_value=0,
                max_value=999,
                initial=row.position if row else len(chosen),
            )

    def rows(self) -> list[tuple[Layer, Any, Any, Any]]:
        """Each layer with its three fields, for the template."""
        return [
            (layer, self[f"on_{layer.pk}"], self[f"start_{layer.pk}"], self[f"place_{layer.pk}"])
            for layer in self.layers
        ]

    def plans(self) -> list[LayerPlan]:
        """The chosen layers, in order, of a form that is valid."""
        data = self.cleaned_data
        on = [layer for layer in self.layers if data[f"on_{layer.pk}"]]
        on.sort(key=lambda layer: (data[f"place_{layer.pk}"] or 0, layer.name, layer.pk))
        return [LayerPlan(layer, data[f"start_{layer.pk}"]) for layer in on]
