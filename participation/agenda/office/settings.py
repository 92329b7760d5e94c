"""What the agenda is made of: mandates, themes, reserved periods. Nothing of it is ever deleted
from here, except a reserved period."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet

from participation.agenda.models import CitizenAgenda, ProcessTheme, ReservedPeriod, Theme
from participation.core.viewsets.processes import KeptRows


class ThemeViewSet(KeptRows):
    """Lines of the timeline."""

    model = Theme
    name = "agenda_themes"
    url_prefix = "agenda/themes"
    icon = "tag"
    menu_label = _("Themes")
    search_backend_name = None
    search_fields = ["name"]
    list_display = ["name", "position"]
    form_fields = ["name", "slug", "icon", "tone", "position"]


class ProcessThemeForm(WagtailAdminModelForm):
    class Meta:
        model = ProcessTheme
        fields = ["process", "theme"]
        labels = {"process": _("Process"), "theme": _("Theme")}


class ProcessThemeViewSet(ModelViewSet):
    """Under which theme the agenda shows the steps of a process."""

    model = ProcessTheme
    name = "agenda_process_themes"
    url_prefix = "agenda/themes-des-demarches"
    icon = "link"
    menu_label = _("Themes of processes")
    copy_view_enabled = False
    search_backend_name = None
    list_display = [
        TitleColumn("process", label=_("Process"), url_name="agenda_process_themes:edit"),
        Column("theme", label=_("Theme")),
    ]

    def get_form_class(self, for_update: bool = False) -> type[ProcessThemeForm]:
        return ProcessThemeForm


class MandateViewSet(KeptRows):
    """The period that the agenda spans, its clocks and its school holidays."""

    model = CitizenAgenda
    name = "agenda_mandates"
    url_prefix = "agenda/mandats"
    icon = "history"
    menu_label = _("Mandates")
    search_backend_name = None
    search_fields = ["title"]
    list_display = ["title", "mandate"]
    form_fields = ["title", "mandate", "territory", "timezone", "school_zone", "introduction"]


class ReservedPeriodViewSet(ModelViewSet):
    """Periods that planners mind: the reserve before an election, works of a hall…"""

    model = ReservedPeriod
    name = "agenda_reserved_periods"
    url_prefix = "agenda/reserves"
    icon = "warning"
    menu_label = _("Reserved periods")
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["label"]
    list_display = ["label", "period"]
    form_fields = ["label", "period", "notice"]
