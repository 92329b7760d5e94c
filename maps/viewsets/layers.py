"""The menu "Calques de référence": reference layers, their looks and the files of their shapes."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from maps.choices import LayerKind
from maps.forms import LayerForm, LayerImportForm
from maps.intake import FileRefused
from maps.models import Layer
from maps.services import (
    LayerRefused,
    LayerReport,
    add_external_layer,
    add_uploaded_layer,
    change_layer,
    import_layer,
)
from maps.viewsets.kept_files import KeptFile

FOLDER = "layers"


class LayerIndex(generic.IndexView):
    """The list, with how many shapes each layer has."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().annotate(shapes=Count("features"))


class LayerCreate(generic.CreateView):
    """A new layer; an uploaded one goes on to its file."""

    def save_instance(self) -> Layer:
        data = dict(self.form.cleaned_data)
        kind, url = data.pop("kind"), data.pop("url", "")
        if kind == LayerKind.UPLOADED:
            layer = add_uploaded_layer(**data, at=timezone.now())
        else:
            layer = add_external_layer(**data, kind=kind, url=url, at=timezone.now())
        log(instance=layer, action="wagtail.create", user=self.request.user)
        return layer

    def get_success_url(self) -> str:
        if self.object.kind == LayerKind.UPLOADED:
            return reverse("layers:import", args=[self.object.pk])
        return super().get_success_url()


class LayerEdit(generic.EditView):
    """Names and looks; the shapes are replaced by a file."""

    def save_instance(self) -> Layer:
        layer: Layer = self.form.save(commit=False)
        self.has_content_changes = self.form.has_changed()
        change_layer(layer=layer, at=timezone.now())
        log(instance=layer, action="wagtail.edit", user=self.request.user)
        return layer

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if self.object.kind != LayerKind.UPLOADED:
            return []
        return [
            HeaderButton(
                _("Replace the shapes"),
                url=reverse("layers:import", args=[self.object.pk]),
                icon_name="upload",
            )
        ]


class ImportShapes(WagtailAdminTemplateMixin, FormView):
    """A file, then its preview, then the import. Nothing is written before the confirmation."""

    form_class = LayerImportForm
    template_name = "maps/admin/import_layer.html"
    page_title = gettext_lazy("Import shapes")
    header_icon = "upload"
    layer: Layer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("maps.change_layer"):
            raise PermissionDenied
        self.layer = get_object_or_404(Layer, pk=kwargs["pk"], kind=LayerKind.UPLOADED)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.layer.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("layers:index"), "label": _("Reference layers")},
            {"url": reverse("layers:edit", args=[self.layer.pk]), "label": self.layer.name},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(layer=self.layer, **kwargs)

    def get_form(self, form_class: Any = None) -> LayerImportForm:
        form: LayerImportForm = super().get_form(form_class)
        if self._confirming():
            del form.fields["file"]
        return form

    def _confirming(self) -> bool:
        return self.request.method == "POST" and "confirm" in self.request.POST

    @property
    def _kept(self) -> KeptFile:
        return KeptFile(self.request, f"layer_import_{self.layer.pk}", FOLDER)

    def form_valid(self, form: LayerImportForm) -> HttpResponse:
        return self._write(form) if self._confirming() else self._preview(form)

    def _preview(self, form: LayerImportForm) -> HttpResponse:
        upload = form.cleaned_data["file"]
        try:
            report = self._import(form, upload, upload.name, dry_run=True)
        except FileRefused as refused:
            form.add_error("file", str(refused))
            return self.form_invalid(form)
        self._kept.keep(upload)
        return self._shown(form, report)

    def _write(self, form: LayerImportForm) -> HttpResponse:
        name = self._kept.said.get("file", "")
        with self._kept.opened() as file:
            if file is None:
                form.add_error(None, _("The file is no longer here: choose it again."))
                return self.form_invalid(form)
            try:
                report = self._import(
                    form, file, name, skip_refused="skip_refused" in self.request.POST
                )
            except LayerRefused as refused:
                form.add_error(
                    None,
                    _("Nothing was imported: %(count)s feature(s) can't be kept.")
                    % {"count": refused.report.refused_count},
                )
                return self._shown(form, refused.report)
            except FileRefused as refused:
                form.add_error(None, str(refused))
                return self.form_invalid(form)
        self._kept.forget()
        log(
            instance=self.layer,
            action="parvis.layer.import",
            user=self.request.user,
            data={
                "file": name,
                "kept": report.kept,
                "repaired": report.repaired_count,
                "refused": report.refused_count,
            },
        )
        messages.success(
            self.request,
            ngettext("%d shape imported.", "%d shapes imported.", report.kept) % report.kept,
        )
        return HttpResponseRedirect(reverse("layers:index"))

    def _import(
        self,
        form: LayerImportForm,
        file: Any,
        name: str,
        *,
        skip_refused: bool = False,
        dry_run: bool = False,
    ) -> LayerReport:
        return import_layer(
            layer=self.layer,
            file=file,
            file_name=name,
            at=timezone.now(),
            perimeter=form.cleaned_data["perimeter"],
            skip_refused=skip_refused,
            dry_run=dry_run,
        )

    def _shown(self, form: LayerImportForm, report: LayerReport) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form, report=report, typed=form.typed())
        )


class LayerViewSet(ModelViewSet):
    model = Layer
    name = "layers"
    url_prefix = "couches"
    icon = "list-ul"
    menu_label = gettext_lazy("Reference layers")
    copy_view_enabled = False
    index_view_class = LayerIndex
    add_view_class = LayerCreate
    edit_view_class = LayerEdit
    search_backend_name = None
    search_fields = ["name", "credit"]
    list_filter = ["kind", "published"]
    list_per_page = 50
    list_display = [
        TitleColumn("name", label=gettext_lazy("Name"), url_name="layers:edit", sort_key="name"),
        Column("get_kind_display", label=gettext_lazy("Kind"), sort_key="kind"),
        Column("shapes", label=gettext_lazy("Shapes"), sort_key="shapes"),
        BooleanColumn("published", label=gettext_lazy("Public")),
        Column("credit", label=gettext_lazy("Credit")),
        Column("updated_at", label=gettext_lazy("Updated on"), sort_key="updated_at"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return LayerForm

    def get_urlpatterns(self) -> list[Any]:
        view = self.construct_view(ImportShapes)
        return [*super().get_urlpatterns(), path("importer/<int:pk>/", view, name="import")]


layers = LayerViewSet()
