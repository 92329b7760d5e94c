"""The list of maps, and the board of each: where it stands and what waits."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from participation.core import policies as core_policies
from participation.core.queries import phases
from participation.mapping import policies
from participation.mapping.models import ParticipatoryMap
from participation.mapping.office import categories, exports, imports, places, settings, synthesis
from participation.mapping.office.shared import Desk, Listing, MapScreen
from participation.mapping.queries import categories_with_questions
from participation.mapping.queries.office import all_maps, waiting


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: how much, in which words, and where it is done."""

    number: int
    label: str
    url: str


class MapListing(Listing):
    page_title = _("Participatory maps")
    intro = _("Choose a map to see where it stands and what waits.")
    is_searchable = True
    search_fields = ["activity__title"]

    def get_base_queryset(self) -> Any:
        return all_maps()

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not policies.may_set_up(user=self.request.user):
            return []
        # The editorial site makes the map with its draft pages: known by the name of its address.
        return [HeaderButton(_("New map"), url=reverse("cms_new_map"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Any]:
        now = timezone.now()
        return [
            TitleColumn(
                "title",
                label=pgettext_lazy("participatory map", "Map"),
                accessor="activity.title",
                get_url=lambda map: reverse("participatory_map:board", args=[map.pk]),
            ),
            Column("process", label=_("Process"), accessor="activity.process.title"),
            Column("phase", label=_("Now"), accessor=lambda map: phase_now(map, now)),
            Column("received", label=_("Contributions"), accessor="received"),
            Column(
                "published",
                label=_("On the site"),
                accessor=lambda map: (
                    _("Yes") if map.activity.process.published_at else _("Not published")
                ),
            ),
        ]


def phase_now(map: ParticipatoryMap, now: Any) -> str:
    """The title of the phase open now, or what comes next."""
    in_order = phases(activity=map.activity, at=now)
    for phase, state in in_order:
        if state == "current":
            return phase.title
    for phase, state in in_order:
        if state == "future":
            return gettext("Before: %(phase)s") % {"phase": phase.title}
    return gettext("Finished") if in_order else gettext("No dates yet")


class Board(MapScreen):
    """One map at a glance."""

    template_name = "mapping_admin/board.html"
    http_method_names = ["get", "head"]

    def get_page_title(self) -> str:
        return self.map.activity.title

    def trail(self) -> list[tuple[str, str]]:
        return super().trail()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        map, user = self.map, self.request.user
        left = waiting(map=map)
        return super().get_context_data(
            phases=phases(activity=map.activity, at=timezone.now()),
            waiting=left,
            tasks=self._tasks(left, user),
            categories=categories_with_questions(map=map),
            zones=map.zones.count(),
            layers=map.map_layers.count(),
            may_set_up=bool(policies.may_set_up(user=user)),
            may_follow_up=bool(policies.may_follow_up(user=user)),
            public_url=reverse("mapping:home", args=[map.activity.slug]),
            **kwargs,
        )

    def _tasks(self, left: Any, user: Any) -> list[Task]:
        moderation = f"{reverse('moderation_contributions:index')}?activity={self.map.pk}"
        contributions = f"{reverse('map_contribution:index')}?map={self.map.pk}"
        tasks = []
        if core_policies.may_moderate(user=user):
            tasks += [
                Task(left.to_moderate, gettext("to moderate"), f"{moderation}&queue=pending"),
                Task(left.reported, gettext("reports to examine"), f"{moderation}&queue=reported"),
            ]
        if policies.may_follow_up(user=user):
            tasks += [
                Task(left.to_assign, gettext("to assign"), f"{contributions}&waiting=to_assign"),
                Task(
                    left.to_answer,
                    gettext("without an answer"),
                    f"{contributions}&waiting=to_answer",
                ),
            ]
        return [task for task in tasks if task.number]


class MapDesk(Desk):
    name = "participatory_map"
    url_prefix = "cartes"
    model = ParticipatoryMap
    icon = "site"
    menu_label = _("Maps")
    listing = MapListing

    def screens(self) -> list[tuple[str, Any, str]]:
        category = "<int:pk>/categories/<int:category>/"
        zone = "<int:pk>/zones/<int:zone>/"
        return [
            ("<int:pk>/", Board, "board"),
            ("<int:pk>/reglages/", settings.Settings, "settings"),
            ("<int:pk>/perimetre/", places.Perimeter, "perimeter"),
            ("<int:pk>/categories/", categories.Categories, "categories"),
            (category, categories.Categories, "category"),
            (f"{category}retirer/", categories.RemoveCategory, "category_remove"),
            (f"{category}questions/", categories.Questions, "questions"),
            (f"{category}questions/<int:question>/", categories.Questions, "question"),
            (
                f"{category}questions/<int:question>/retirer/",
                categories.RemoveQuestion,
                "question_remove",
            ),
            ("<int:pk>/zones/", places.Zones, "zones"),
            (zone, places.Zones, "zone"),
            (f"{zone}retirer/", places.RemoveZone, "zone_remove"),
            ("<int:pk>/zones/fichier/", places.ZonesFile, "zones_file"),
            ("<int:pk>/couches/", places.Layers, "layers"),
            ("<int:pk>/import/", imports.Import, "import"),
            ("<int:pk>/export/<slug:format>/", exports.GeoExport, "export"),
            ("<int:pk>/synthese/", synthesis.Synthesis, "synthesis"),
            (
                "<int:pk>/synthese/<slug:what>.<slug:format>",
                synthesis.SynthesisFile,
                "synthesis_file",
            ),
        ]
