"""The menu "Agenda citoyen", one entry per job, each shown to those who do it."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from participation.agenda import policies
from participation.agenda.office.events import EventDesk
from participation.agenda.office.imports import EventImports
from participation.agenda.office.items import ItemDesk
from participation.agenda.office.proposals import ProposalDesk
from participation.agenda.office.settings import (
    MandateViewSet,
    ProcessThemeViewSet,
    ReservedPeriodViewSet,
    ThemeViewSet,
)
from participation.agenda.office.venues import VenueDesk
from participation.core.viewsets.shared import menu_item


class AgendaGroup(ViewSetGroup):
    menu_label = _("Citizen agenda")
    menu_icon = "calendar"
    menu_name = "citizen-agenda"
    menu_order = 206
    items = (
        ItemDesk(menu_item_class=menu_item(policies.may_enter_office)),
        EventDesk(menu_item_class=menu_item(policies.may_run_events)),
        EventImports(menu_item_class=menu_item(policies.may_run_events)),
        ProposalDesk(menu_item_class=menu_item(policies.may_run_events)),
        VenueDesk(menu_item_class=menu_item(policies.may_run_events)),
        ThemeViewSet(),
        ProcessThemeViewSet(),
        MandateViewSet(),
        ReservedPeriodViewSet(),
    )


agenda_group = AgendaGroup()
