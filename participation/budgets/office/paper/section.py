"""The menu entry of paper ballots, and their addresses."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _

from participation.budgets.models import PaperLot
from participation.budgets.office.paper.audits import Audit, AuditList
from participation.budgets.office.paper.keying import FinishPass, KeyLot, TakePass, UndoBallot
from participation.budgets.office.paper.lots import CorrectLot, KeyAgain, ManageLot, SettleLot
from participation.budgets.office.paper.polls import (
    Draw,
    Explain,
    PollPaper,
    PrintBallot,
    PrintPoster,
)
from participation.budgets.office.paper.shared import PaperHome
from participation.budgets.office.shared import Desk


class PaperSection(Desk):
    """The menu entry of paper ballots."""

    name = "paper"
    url_prefix = "budget/papier"
    model = PaperLot
    icon = "doc-full"
    menu_label = _("Paper ballots")

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.construct_view(PaperHome), name="index"),
            *(
                path(route, self.construct_view(screen), name=name)
                for route, screen, name in self.screens()
            ),
        ]

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("vote/<int:pk>/", PollPaper, "poll"),
            ("vote/<int:pk>/bulletin/<slug:paper>/", PrintBallot, "ballot"),
            ("vote/<int:pk>/affiche/", PrintPoster, "poster"),
            ("vote/<int:pk>/expliquer/", Explain, "explain"),
            ("vote/<int:pk>/tirer/", Draw, "draw"),
            ("lot/<int:pk>/", ManageLot, "lot"),
            ("lot/<int:pk>/corriger/", CorrectLot, "correct"),
            ("lot/<int:pk>/ressaisir/<int:pass_number>/", KeyAgain, "again"),
            ("lot/<int:pk>/saisie/", KeyLot, "key"),
            ("lot/<int:pk>/saisie/prendre/", TakePass, "take"),
            ("lot/<int:pk>/saisie/annuler/", UndoBallot, "undo"),
            ("lot/<int:pk>/saisie/finir/", FinishPass, "finish"),
            ("lot/<int:pk>/arbitrage/", SettleLot, "settle"),
            ("controle/<int:pk>/", Audit, "audit"),
            ("controle/<int:pk>/liste/", AuditList, "audit_list"),
        ]
