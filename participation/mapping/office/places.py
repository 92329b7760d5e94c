"""Where one may draw, and what the map shows besides contributions."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from maps.forms import Drawing
from participation.mapping import policies
from participation.mapping.office.forms import (
    LayersForm,
    PerimeterForm,
    ZoneForm,
    ZonesFileForm,
)
from participation.mapping.office.shared import MapScreen
from participation.mapping.services.setup import (
    attach_layers,
    remove_zone,
    save_perimeter,
    save_zone,
    save_zones,
)


def drawable(geometry: Any) -> Any:
    """The only outline of several, when it has no hole: what can be edited point by point."""
    if geometry is not None and len(geometry) == 1 and len(geometry[0]) == 1:
        return geometry[0]
    return None


class _Places(MapScreen):
    policy = staticmethod(policies.may_set_up)


class Perimeter(_Places):
    page_title = _("Perimeter")
    template_name = "mapping_admin/perimeter.html"

    def _form(self, data: Any = None, files: Any = None) -> PerimeterForm:
        drawn = self.map.drawn_perimeter
        form = PerimeterForm(
            data,
            files,
            initial={
                "where": PerimeterForm.DRAWN if drawn is not None else PerimeterForm.TERRITORY,
                "area": Drawing(geometry=drawable(drawn)),
            },
        )
        field: Any = form.fields["area"]
        field.perimeter = self.map.activity.process.perimeter
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(
            territory=self.map.activity.process.perimeter,
            kept=self.map.drawn_perimeter is not None
            and drawable(self.map.drawn_perimeter) is None,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST, request.FILES)
        return self.attempt(
            lambda: save_perimeter(
                map=self.map,
                drawn_perimeter=form.cleaned_data["perimeter"],
                actor=request.user,
            ),
            form=form,
            done=gettext("The perimeter is saved."),
            to=reverse("participatory_map:perimeter", args=[self.map.pk]),
        )


class Zones(_Places):
    """The list of zones, with one form: a new one, or the one in the address."""

    page_title = _("Zones of interest")
    template_name = "mapping_admin/zones.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.zone = None
        if "zone" in kwargs:
            self.zone = get_object_or_404(self.map.zones, pk=kwargs["zone"])

    def _form(self, data: Any = None) -> ZoneForm:
        zone = self.zone
        if zone is None:
            form = ZoneForm(data, initial={"position": self.map.zones.count()})
        else:
            shape = drawable(zone.geometry)
            form = ZoneForm(
                data,
                kept=zone.geometry if shape is None else None,
                initial={
                    "name": zone.name,
                    "description": zone.description,
                    "position": zone.position,
                    "area": Drawing(geometry=shape),
                },
            )
        if "area" in form.fields:
            field: Any = form.fields["area"]
            field.perimeter = self.map.activity.process.perimeter
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        kwargs.setdefault("file_form", ZonesFileForm(auto_id="id_file_%s"))
        return super().get_context_data(
            zone=self.zone,
            zones=list(self.map.zones.defer("geometry").order_by("position", "pk")),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        return self.attempt(
            lambda: save_zone(map=self.map, zone=self.zone, plan=form.plan(), actor=request.user),
            form=form,
            done=gettext("The zone is saved."),
            to=reverse("participatory_map:zones", args=[self.map.pk]),
        )


class ZonesFile(Zones):
    """Zones of a file: all of them, or none."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ZonesFileForm(request.POST, request.FILES, auto_id="id_file_%s")
        count = len(form.cleaned_data.get("plans", ())) if form.is_valid() else 0
        return self.attempt(
            lambda: save_zones(map=self.map, plans=form.cleaned_data["plans"], actor=request.user),
            form=form,
            name="file_form",
            done=ngettext("%(count)d zone saved.", "%(count)d zones saved.", count)
            % {"count": count},
            to=reverse("participatory_map:zones", args=[self.map.pk]),
        )


class RemoveZone(_Places):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        zone = get_object_or_404(self.map.zones.select_related("map__activity"), pk=kwargs["zone"])
        remove_zone(zone=zone, actor=request.user)
        messages.success(request, gettext("The zone is removed."))
        return HttpResponseRedirect(reverse("participatory_map:zones", args=[self.map.pk]))


class Layers(_Places):
    page_title = _("Reference layers")
    header_icon = "doc-full"
    template_name = "mapping_admin/layers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", LayersForm(map=self.map))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LayersForm(request.POST, map=self.map)
        return self.attempt(
            lambda: attach_layers(map=self.map, layers=form.plans(), actor=request.user),
            form=form,
            done=gettext("The layers are saved."),
            to=reverse("participatory_map:layers", args=[self.map.pk]),
        )
