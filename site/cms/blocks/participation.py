"""What participation tells the pages: next dates, a process in short."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms import queries


def moment(parent_context: dict[str, Any] | None) -> datetime.datetime:
    """The time of the page being shown; now when the block stands alone."""
    return (parent_context or {}).get("now") or timezone.now()


class NextDatesBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    process = blocks.PageChooserBlock(
        label=_("Only this process"),
        page_type="cms.ProcessPage",
        required=False,
        help_text=_("Leave empty to show the dates of every process."),
    )
    limit = blocks.IntegerBlock(label=_("At most"), default=4, min_value=1, max_value=12)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        page = value.get("process")
        at = moment(parent_context)
        phases = queries.calendar(at=at, process_id=page.specific.process_id if page else None)
        context["dates"] = queries.next_dates(phases=phases, at=at, limit=value.get("limit") or 4)
        return context

    class Meta:
        icon = "date"
        label = _("Next dates")
        description = _("What opens and closes soon, kept up to date by itself.")
        template = "cms/blocks/next_dates.html"


class ProcessSummaryBlock(blocks.StructBlock):
    process = blocks.PageChooserBlock(label=_("Process"), page_type="cms.ProcessPage")

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        page = value.get("process")
        context["card"] = (
            queries.process_card(page_id=page.pk, at=moment(parent_context)) if page else None
        )
        return context

    class Meta:
        icon = "tasks"
        label = _("A process in short")
        description = _("Card of a process: its state, its dates, the way in.")
        template = "cms/blocks/process_summary.html"
