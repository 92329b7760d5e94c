"""What the screens of the back office share."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from participation.core.viewsets import screens
from participation.core.viewsets.screens import Desk
from participation.core.viewsets.shared import Guarded, add_refusals
from participation.mapping import policies
from participation.mapping.models import ParticipatoryMap
from participation.mapping.office.lookups import map_or_404

__all__ = ["Desk", "Guarded", "Listing", "MapScreen", "Screen", "add_refusals", "map_trail"]


class Screen(screens.Screen):
    """A page of the back office of participatory maps that is not a list."""

    policy = staticmethod(policies.may_enter_office)


class Listing(screens.Listing):
    """A list of the back office of participatory maps."""

    policy = staticmethod(policies.may_enter_office)


class MapScreen(Screen):
    """A page about one map: `self.map`, from the key in the address."""

    header_icon = "site"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.map = map_or_404(kwargs["pk"])

    def trail(self) -> list[tuple[str, str]]:
        return map_trail(self.map)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(map=self.map, **kwargs)


def map_trail(map: ParticipatoryMap) -> list[tuple[str, str]]:
    """The way to the board of a map."""
    return [
        (reverse("participatory_map:index"), gettext("Participatory maps")),
        (reverse("participatory_map:board", args=[map.pk]), map.activity.title),
    ]
