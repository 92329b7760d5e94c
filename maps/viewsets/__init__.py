"""The back office of territories and reference layers."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from maps.viewsets.layers import layers
from maps.viewsets.territories import territories

__all__ = ["maps_group"]


class MapsViewSetGroup(ViewSetGroup):
    """The menu "Territoires et calques de carte": what the maps of the public are drawn on."""

    menu_label = _("Territories and map layers")
    menu_icon = "globe"
    menu_order = 650
    items = (territories, layers)


maps_group = MapsViewSetGroup()
