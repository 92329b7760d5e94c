"""The menu "Territoires": find, look at, correct a name; boundaries come from files."""

from typing import Any

from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from maps import queries
from maps.models import Territory
from maps.querysets import TerritoryQuerySet
from maps.viewsets.importing import ImportBoundaries, may_import

# A territory that ends gets a last day, since contributions and budgets hold on to it; a new one
# comes with its boundary from a file: nothing is added, copied or deleted by hand.
HIDDEN = ("add", "copy", "delete")


class TerritoryIndex(generic.IndexView):
    """The list, without loading any boundary."""

    def get_base_queryset(self) -> TerritoryQuerySet:
        rows: TerritoryQuerySet = (
            super()
            .get_base_queryset()
            .select_related("parent")
            .defer("geometry", "parent__geometry")
        )
        return rows

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not may_import(self.request.user):
            return []
        return [
            HeaderButton(
                _("Import boundaries"), url=reverse("territories:import"), icon_name="upload"
            )
        ]


class TerritoryInspect(generic.InspectView):
    """One territory on the map, its measures and its parts."""

    template_name = "maps/admin/inspect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        territory: Territory = self.object
        parts = list(queries.children(territory))
        return super().get_context_data(
            territory=territory,
            no_features=[],
            area_square_kilometres=queries.area_square_metres(territory) / 1_000_000,
            srid=queries.srid_of(territory),
            parts=parts,
            part_kind=parts[0].kind if parts else "",
            **kwargs,
        )


class TerritoryViewSet(ModelViewSet):
    model = Territory
    name = "territories"
    url_prefix = "territoires"
    icon = "globe"
    menu_label = _("Territories")
    menu_order = 650
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = TerritoryIndex
    inspect_view_class = TerritoryInspect
    search_backend_name = None
    search_fields = ["name", "code"]
    list_filter = ["kind"]
    list_per_page = 50
    list_display = [
        TitleColumn("name", label=_("Name"), url_name="territories:inspect", sort_key="name"),
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("code", label=_("Code"), sort_key="code"),
        Column("parent", label=_("Inside")),
        Column("population", label=_("Population"), sort_key="population"),
    ]
    inspect_view_fields = [
        "kind", "code", "short_name", "parent", "population", "valid_from", "valid_to", "source",
    ]  # fmt: skip
    form_fields = ["name", "short_name", "population", "source", "valid_to"]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        hidden = {f"{name}_url_name": None for name in HIDDEN}
        return {**super().get_common_view_kwargs(**kwargs), **hidden}

    def get_urlpatterns(self) -> list[Any]:
        kept = [url for url in super().get_urlpatterns() if url.name not in HIDDEN]
        # The first address is the menu's.
        return [*kept, path("importer/", self.import_view, name="import")]

    @property
    def import_view(self) -> Any:
        return self.construct_view(ImportBoundaries)


territories = TerritoryViewSet()
