"""The menu "Cartes participatives", one entry per job, each shown to those who do it."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from participation.core.viewsets.shared import menu_item
from participation.mapping import policies
from participation.mapping.office.contributions import ContributionDesk
from participation.mapping.office.maps import MapDesk


class MappingGroup(ViewSetGroup):
    menu_label = _("Participatory maps")
    menu_icon = "site"
    menu_name = "participatory-maps"
    menu_order = 205
    items = (
        MapDesk(menu_item_class=menu_item(policies.may_enter_office)),
        ContributionDesk(menu_item_class=menu_item(policies.may_follow_up)),
    )


mapping_group = MappingGroup()
