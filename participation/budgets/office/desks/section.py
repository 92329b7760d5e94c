"""The menu entry of the polling desks, and their addresses."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _

from participation.budgets.models import PollingDesk
from participation.budgets.office.desks.holding import (
    Enrol,
    GiveCode,
    HoldDesk,
    Person,
    StartKiosk,
    TakeBack,
)
from participation.budgets.office.desks.setting_up import AddDesk, DeskList, EditDesk
from participation.budgets.office.shared import Desk


class PollingSection(Desk):
    """The menu entry; its agents see this one only."""

    name = "desk"
    url_prefix = "budget/bureaux"
    model = PollingDesk
    icon = "group"
    menu_label = _("Polling desks")
    listing = DeskList

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.construct_view(DeskList), name="index"),
            *(
                path(route, self.construct_view(screen), name=name)
                for route, screen, name in self.screens()
            ),
        ]

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("ajouter/<int:budget>/", AddDesk, "add"),
            ("<int:pk>/reglages/", EditDesk, "edit"),
            ("<int:pk>/", HoldDesk, "hold"),
            ("<int:pk>/inscrire/", Enrol, "enrol"),
            ("<int:pk>/borne/", StartKiosk, "kiosk"),
            ("<int:pk>/personne/<int:elector>/", Person, "person"),
            ("<int:pk>/personne/<int:elector>/annuler/<int:poll>/", TakeBack, "take_back"),
            ("<int:pk>/personne/<int:elector>/code/", GiveCode, "code"),
        ]
