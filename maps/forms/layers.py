"""The back office's forms of reference layers: how one looks, and the file to import."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from maps.choices import LayerKind
from maps.forms.boundaries import checked_size, territory_of
from maps.models import Layer, Territory
from maps.tile_addresses import check_address

ACCEPTED = ".geojson,.json,.kml,.kmz,.gpx,.csv,.xlsx,.zip,.gpkg"


class LayerForm(WagtailAdminModelForm):
    """A layer's names and looks; layers from elsewhere only when this site allows third parties."""

    class Meta:
        model = Layer
        fields = (
            "name", "kind", "url", "credit", "licence", "tone", "pattern", "dashed", "published",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.pk is not None
        if known:
            # Shapes and tiles are not the same thing: a layer stays what it was made.
            del self.fields["kind"]
        elif not settings.MAP_ALLOW_THIRD_PARTIES:
            self.fields["kind"].choices = [(LayerKind.UPLOADED.value, LayerKind.UPLOADED.label)]
        elsewhere = settings.MAP_ALLOW_THIRD_PARTIES
        if known:
            elsewhere = elsewhere and self.instance.kind != LayerKind.UPLOADED
        if not elsewhere:
            del self.fields["url"]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        if url:
            check_address(url)
        return url


class LayerImportForm(forms.Form):
    """A file of shapes; without `file` (the second step, after the preview) the rest alone."""

    file = forms.FileField(
        label=gettext_lazy("File of shapes"),
        help_text=gettext_lazy(
            "GeoJSON, KML, KMZ, GPX, CSV or XLSX (coordinates, WKT or addresses), Shapefile (zip) "
            "or GeoPackage; 64 MB at most."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    perimeter = forms.CharField(
        label=gettext_lazy("Inside the territory of code"),
        help_text=gettext_lazy(
            "What lies wholly outside is refused, swapped coordinates are put right, addresses are "
            "looked for inside."
        ),
        max_length=40,
        required=False,
    )

    def clean_file(self) -> UploadedFile:
        return checked_size(self.cleaned_data["file"])

    def clean_perimeter(self) -> Territory | None:
        return territory_of(self.cleaned_data["perimeter"])

    def typed(self) -> dict[str, Any]:
        """What was typed, to be sent again with the confirmation."""
        return {name: self.data.get(name, "") for name in self.fields if name != "file"}
