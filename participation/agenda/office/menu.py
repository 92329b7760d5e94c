"""The menu "Agenda citoyen", one entry per job, each shown to those who do it."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup


class AgendaGroup(ViewSetGroup):
    menu_label = _("Citizen agenda")
    menu_icon = "calendar"
    menu_name = "citizen-agenda"
    menu_order = 206
    items = ()


agenda_group = AgendaGroup()
