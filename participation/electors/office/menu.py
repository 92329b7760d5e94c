"""The menu "Votants"."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from participation.core.viewsets.screens import Desk
from participation.core.viewsets.shared import menu_item
from participation.electors import policies
from participation.electors.models import Elector, MatchRequest
from participation.electors.office.electorates import ElectorateDesk
from participation.electors.office.letters import PrintAgain
from participation.electors.office.matches import MatchListing, ReadMatch
from participation.electors.office.roll import ElectorListing, ReadElector


class ElectorDesk(Desk):
    name = "elector"
    url_prefix = "votants/liste"
    model = Elector
    icon = "list-ul"
    menu_label = _("Roll")
    listing = ElectorListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("<int:pk>/", ReadElector, "read"),
            ("<int:pk>/courrier/", PrintAgain, "letter"),
        ]


class MatchDesk(Desk):
    name = "match"
    url_prefix = "votants/second-regard"
    model = MatchRequest
    icon = "search"
    menu_label = _("Second look")
    listing = MatchListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [("<int:pk>/", ReadMatch, "read")]


_SHOWN = menu_item(policies.may_run_electorates)


class ElectorsGroup(ViewSetGroup):
    menu_label = _("Voters")
    menu_icon = "group"
    menu_name = "electors"
    menu_order = 210
    items = (
        ElectorateDesk(menu_item_class=_SHOWN),
        ElectorDesk(menu_item_class=_SHOWN),
        MatchDesk(menu_item_class=_SHOWN),
    )


electors_group = ElectorsGroup()
