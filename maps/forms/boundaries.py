"""The back office's form to import boundaries."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maps import boundary_files, intake
from maps.boundary_files import BoundaryFile, BoundaryFileError, Fields
from maps.choices import TerritoryKind
from maps.intake import FileRefused, Limits
from maps.models import Territory
from maps.references import AmbiguousCode, UnknownTerritory, find_by_code


def checked_size(upload: UploadedFile, limits: Limits | None = None) -> UploadedFile:
    """The upload, before anything of it is read. Raises `ValidationError` when it is too large."""
    try:
        intake.refuse_large(upload.size or 0, limits)
    except FileRefused as refused:
        raise ValidationError(str(refused), code="too_big") from refused
    return upload


def territory_of(code: str) -> Territory | None:
    """The territory of a code that was typed; `None` for none. Raises `ValidationError`."""
    if not code:
        return None
    try:
        return find_by_code(code)
    except UnknownTerritory as error:
        raise ValidationError(
            _("No territory has the code “%(code)s”: import it first.") % {"code": code},
            code="unknown",
        ) from error
    except AmbiguousCode as error:
        raise ValidationError(
            _("Several kinds of territory have this code: write for example “municipality:%s”.")
            % code,
            code="ambiguous",
        ) from error


class BoundaryImportForm(forms.Form):
    """A file of areas and how to file it; `read` tells what the file holds.

    Without `file` (the second step, after the preview) the rest is checked alone.
    """

    file = forms.FileField(
        label=gettext_lazy("File of boundaries"),
        help_text=gettext_lazy(
            "GeoJSON, GeoPackage or Shapefile (zip): areas, with a code and a name for each."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,.gpkg,.zip"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TerritoryKind.choices)
    parent = forms.CharField(
        label=gettext_lazy("Inside the territory of code"),
        help_text=gettext_lazy("For example 31555, for the neighbourhoods of Toulouse."),
        max_length=40,
        required=False,
    )
    source = forms.CharField(
        label=gettext_lazy("Source and licence"),
        help_text=gettext_lazy("Shown on the maps."),
        max_length=200,
        required=False,
    )
    code_field = forms.CharField(
        label=gettext_lazy("Property with the code"),
        help_text=gettext_lazy("“code” when left empty."),
        max_length=60,
        required=False,
    )
    name_field = forms.CharField(
        label=gettext_lazy("Property with the name"),
        help_text=gettext_lazy("“nom” or “name” when left empty."),
        max_length=60,
        required=False,
    )

    def clean_file(self) -> UploadedFile:
        return checked_size(self.cleaned_data["file"], boundary_files.LIMITS)

    def clean_parent(self) -> Territory | None:
        return territory_of(self.cleaned_data["parent"])

    def read(self, content: bytes) -> BoundaryFile | None:
        """What the file holds; `None` after putting the reason on the field."""
        fields = Fields(code=self.cleaned_data["code_field"], name=self.cleaned_data["name_field"])
        try:
            return boundary_files.read(content, fields=fields)
        except BoundaryFileError as error:
            self.add_error("file" if "file" in self.fields else None, str(error))
            return None

    def typed(self) -> dict[str, Any]:
        """What was typed, to be sent again with the confirmation."""
        return {name: self.data.get(name, "") for name in self.fields if name != "file"}
