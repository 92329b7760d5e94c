"""The agenda in pages: its board, what comes next, a meeting and what followed it; kept up to
date by themselves."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from cms import queries
from cms.blocks.maps import RowChooserBlock
from cms.blocks.participation import moment
from participation.agenda.models import Event, Theme
from participation.agenda.office.citing import MeetingInput, meeting_chooser
from participation.agenda.presentation.citing import citation
from participation.agenda.queries.citing import with_follow_up


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


class MeetingChooserBlock(RowChooserBlock):
    """A meeting that was held, looked for in a window; all those of a page in three queries."""

    target_model = Event

    @cached_property
    def widget(self) -> MeetingInput:
        made: MeetingInput = meeting_chooser.widget_class()
        return made

    @cached_property
    def field(self) -> forms.ModelChoiceField:
        return forms.ModelChoiceField(
            queryset=self.rows(),
            widget=self.widget,
            required=self._required,
            help_text=self._help_text,
        )

    def rows(self) -> QuerySet[Event]:
        return with_follow_up()

    def get_form_state(self, value: Any) -> Any:
        return self.widget.get_value_data(value)

    class Meta:
        icon = "date"


class MeetingBlock(blocks.StructBlock):
    """Cites a meeting; shows nothing while its minutes are not published."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        max_length=120,
        required=False,
        help_text=_("Leave empty to show the title of the meeting."),
    )
    meeting = MeetingChooserBlock(
        label=pgettext_lazy("cited", "Meeting"),
        help_text=_("A meeting whose minutes are published."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        context["cited"] = citation(value.get("meeting"))
        return context

    class Meta:
        icon = "date"
        label = _("A meeting and its minutes")
        description = _("When, where, how many came, what was decided, and where it is written.")
        template = "cms/blocks/meeting.html"
