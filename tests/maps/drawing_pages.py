"""A small form with a drawing, for the browser tests."""

from django import forms
from django.http import HttpRequest, HttpResponse

from maps.drawing import measures
from maps.forms import GeometryField
from tests.maps.pages import show, town

KINDS = {"": ["point", "line", "area"], "bench": ["point"], "path": ["line", "area"]}


class DrawForm(forms.Form):
    category = forms.ChoiceField(
        label="Catégorie",
        required=False,
        choices=[("", "Toutes"), ("bench", "Un banc"), ("path", "Un chemin ou un parc")],
    )
    where = GeometryField(label="Où ?")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["where"]
        field.perimeter = town()
        field.follow("category", KINDS)

    def clean(self) -> None:
        if drawing := self.cleaned_data.get("where"):
            self.fields["where"].check_kind(drawing, self.cleaned_data["category"])


def drawing_page(request: HttpRequest) -> HttpResponse:
    form = DrawForm(request.GET) if "sent" in request.GET else DrawForm()
    drawing = form.cleaned_data.get("where") if form.is_bound and form.is_valid() else None
    said = ""
    if drawing:
        geometry = drawing.geometry
        count = geometry.num_coords if geometry else 0
        said = (
            f"{drawing.kind or 'rien'} | {count} | {measures.said(geometry)} | "
            f"{drawing.territory or ''} | {drawing.address}"
        )
    return show(request, "drawing.html", form=form, said=said)
