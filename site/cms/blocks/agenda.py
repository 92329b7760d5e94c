"""The agenda in pages: its board, and what comes next; kept up to date by themselves."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms import queries
from cms.blocks.maps import RowChooserBlock
from cms.blocks.participation import moment
from participation.agenda.models import Theme


class ThemeChooserBlock(RowChooserBlock):
    target_model = Theme

    def rows(self) -> QuerySet[Theme]:
        return Theme.objects.order_by("position", "name")

    class Meta:
        icon = "tag"


class AgendaBoardBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        context["columns"] = queries.agenda_board(at=moment(parent_context))
        return context

    class Meta:
        icon = "table"
        label = _("Board of the agenda")
        description = _("What is coming, open now, being analysed, reported.")
        template = "cms/blocks/agenda_board.html"


class AgendaBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    theme = ThemeChooserBlock(
        label=_("Only this theme"),
        required=False,
        help_text=_("Leave empty to show every theme."),
    )
    limit = blocks.IntegerBlock(label=_("At most"), default=4, min_value=1, max_value=12)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        theme = value.get("theme")
        context.update(
            queries.agenda_next(
                at=moment(parent_context),
                limit=value.get("limit") or 4,
                theme_id=theme.pk if theme else None,
            )
        )
        return context

    class Meta:
        icon = "calendar-alt"
        label = _("Agenda")
        description = _("The next dates of the agenda: meetings, votes, announcements.")
        template = "cms/blocks/agenda.html"
