"""Participatory maps in pages: the map, a list of contributions, a figure; kept up to date."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from cms import queries
from cms.blocks.participation import moment
from maps.models import Territory
from participation.mapping import presentation
from participation.mapping.choices import WishState
from participation.mapping.models import MapCategory, ParticipatoryMap

_HEIGHTS = [("small", _("Small")), ("medium", _("Medium")), ("large", _("Large"))]
_ORDERS = [
    ("recentes", _("Most recent")),
    ("soutiens", _("Most supported")),
    ("commentaires", _("Most commented")),
    ("anciennes", _("Oldest")),
]
_FIGURES = [
    ("contributions", _("Contributions")),
    ("answered", _("Contributions with an answer")),
    *WishState.choices,
]


class _CategoryField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.map.activity.title} – {obj.name}"


class RowChooserBlock(blocks.ChooserBlock):
    """A row chosen in a drop-down; a row that was deleted since is no row.

    Only its key is kept in the page. Subclasses say which rows there are, without what weighs.
    """

    field_class: type[forms.ModelChoiceField] = forms.ModelChoiceField

    @cached_property
    def field(self) -> forms.ModelChoiceField:
        return self.field_class(
            queryset=self.rows(),
            widget=forms.Select(),
            required=self._required,
            help_text=self._help_text,
        )

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        return None if value is None else self.bulk_to_python([value])[0]

    def bulk_to_python(self, values: Any) -> list[Any]:
        found = self.rows().in_bulk([value for value in values if value is not None])
        return [found.get(value) for value in values]

    def value_from_form(self, value: Any) -> Any:
        if isinstance(value, self.model_class):
            return value
        key = str(value or "")
        return self.to_python(int(key)) if key.isascii() and key.isdigit() else None

    def get_form_state(self, value: Any) -> Any:
        """As Wagtail's script of drop-downs wants it: the list of the chosen values, as texts."""
        return self.field.widget.format_value(value.pk if value else None)


class MapChooserBlock(RowChooserBlock):
    """A map of which only the key is read: a page that shows it several times, or tells it
    already, asks no more (`queries.PublishedMaps`). It may have been deleted since."""

    target_model = ParticipatoryMap

    def bulk_to_python(self, values: Any) -> list[Any]:
        return [None if value is None else _map_of_key(value) for value in values]

    def render_basic(self, value: Any, context: dict[str, Any] | None = None) -> str:
        """Its title, for who compares two versions of a page."""
        found = self.rows().filter(pk=value.pk).first() if value else None
        return str(found or "")

    def rows(self) -> QuerySet[ParticipatoryMap]:
        maps = ParticipatoryMap.objects.select_related("activity").defer("drawn_perimeter")
        return maps.order_by("activity__title", "pk")

    class Meta:
        icon = "site"


class MapCategoryChooserBlock(RowChooserBlock):
    target_model = MapCategory
    field_class = _CategoryField

    def rows(self) -> QuerySet[MapCategory]:
        rows = MapCategory.objects.select_related("map__activity").defer("map__drawn_perimeter")
        return rows.order_by("map__activity__title", "position", "pk")

    class Meta:
        icon = "tag"


class DistrictChooserBlock(RowChooserBlock):
    target_model = Territory

    def rows(self) -> QuerySet[Territory]:
        return queries.map_districts()

    class Meta:
        icon = "site"


class _MapBlock(blocks.StructBlock):
    """What these blocks share: a map, and a part of it.

    `shown` is the part of the map that everybody sees; `None` when the map is not published, or
    was deleted (`is_gone`): a page never breaks for that.
    """

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        category = cleaned.get("category")
        if category and category.map_id != cleaned["map"].pk:
            raise StructBlockValidationError(
                block_errors={
                    "category": ValidationError(_("This category is not one of this map."))
                }
            )
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        chosen = value.get("map")
        shown, is_gone = None, chosen is None
        if chosen is not None:
            shown = queries.shown_map(
                map_id=chosen.pk,
                at=moment(parent_context),
                maps=(parent_context or {}).get("published_maps") or queries.PublishedMaps(),
                category=value.get("category"),
                district=value.get("district"),
                state=value.get("state") or "",
                order=value.get("order") or "",
            )
            is_gone = shown is None and not queries.is_map(key=chosen.pk)
        context.update(shown=shown, is_gone=is_gone)
        if shown is not None:
            context.update(activity=shown.map.activity, process=shown.map.activity.process)
        return context


class MapBlock(_MapBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    map = MapChooserBlock(label=pgettext_lazy("participatory map", "Map"))
    height = blocks.ChoiceBlock(label=_("Height"), choices=_HEIGHTS, default="medium")
    category = MapCategoryChooserBlock(label=_("Only this category"), required=False)
    state = blocks.ChoiceBlock(
        label=_("Only this status"), choices=WishState.choices, required=False
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        shown = context["shown"]
        if shown is not None and shown.sees_others:
            context.update(
                legend=presentation.legend_of(shown.categories),
                layers=presentation.layers_of(shown.map, elsewhere=False, frame=shown.frame),
                map_parts=shown.map.parts if shown.map.activity.process.perimeter_id else "",
                element_id=_element_id(parent_context, shown.map.pk),
            )
        return context

    class Meta:
        icon = "site"
        label = _("Participatory map")
        description = _("The map itself, with what is contributed to it.")
        template = "cms/blocks/map.html"


class MapListBlock(_MapBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    map = MapChooserBlock(label=pgettext_lazy("participatory map", "Map"))
    category = MapCategoryChooserBlock(label=_("Only this category"), required=False)
    state = blocks.ChoiceBlock(
        label=_("Only this status"), choices=WishState.choices, required=False
    )
    district = DistrictChooserBlock(label=_("Only this district"), required=False)
    order = blocks.ChoiceBlock(label=_("Order"), choices=_ORDERS, default="recentes")
    limit = blocks.IntegerBlock(label=_("At most"), default=5, min_value=1, max_value=20)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        shown = context["shown"]
        context["rows"] = shown.first(value.get("limit") or 5) if shown is not None else []
        return context

    class Meta:
        icon = "list-ul"
        label = _("Contributions to a map")
        description = _("The latest, the most supported…, of a category or a district.")
        template = "cms/blocks/map_list.html"


class MapFigureBlock(_MapBlock):
    map = MapChooserBlock(label=pgettext_lazy("participatory map", "Map"))
    figure = blocks.ChoiceBlock(label=_("Figure"), choices=_FIGURES, default="contributions")
    category = MapCategoryChooserBlock(label=_("Only this category"), required=False)
    label = blocks.CharBlock(
        label=_("What it counts"),
        max_length=80,
        required=False,
        help_text=_("Leave empty to say it in the site's own words."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        shown = context["shown"]
        if shown is not None and shown.sees_others:
            figure = value.get("figure") or "contributions"
            total = queries.map_figure(shown=shown, figure=figure)
            context["figures"] = [
                {
                    "value": number_format(total, use_l10n=True, force_grouping=True),
                    "label": value.get("label") or _figure_words(figure, total),
                }
            ]
        return context

    class Meta:
        icon = "order"
        label = _("Figure of a map")
        description = _("How many contributions, answers, things done: kept up to date by itself.")
        template = "cms/blocks/map_figure.html"


def _map_of_key(key: int) -> ParticipatoryMap:
    return ParticipatoryMap.from_db(DEFAULT_DB_ALIAS, ["activity_id"], [key])


def _figure_words(figure: str, total: int) -> str:
    """What a figure counts, in the site's own words."""
    words = {
        "contributions": ngettext("contribution", "contributions", total),
        "answered": ngettext("contribution answered", "contributions answered", total),
        WishState.RECEIVED: ngettext("contribution received", "contributions received", total),
        WishState.UNDER_STUDY: ngettext(
            "contribution under study", "contributions under study", total
        ),
        WishState.PLANNED: ngettext("contribution planned", "contributions planned", total),
        WishState.DONE: ngettext("contribution carried out", "contributions carried out", total),
        WishState.NOT_RETAINED: ngettext(
            "contribution not retained", "contributions not retained", total
        ),
    }
    return words.get(figure, words["contributions"])


def _element_id(parent_context: dict[str, Any] | None, key: int) -> str:
    """One per block: a page may show the same map twice."""
    block = (parent_context or {}).get("block")
    return f"carte-{getattr(block, 'id', None) or key}"
