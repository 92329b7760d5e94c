"""What the screens of the back office share."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from participation.budgets import policies
from participation.budgets.models import Budget
from participation.budgets.office.lookups import budget_or_404
from participation.budgets.presentation import euros
from participation.core.viewsets import screens
from participation.core.viewsets.screens import Desk
from participation.core.viewsets.shared import Guarded, add_refusals

__all__ = ["BudgetScreen", "Desk", "EuroColumn", "Guarded", "Listing", "Screen", "add_refusals"]


class EuroColumn(Column):
    """An amount in cents, shown in euros."""

    def get_value(self, instance: Any) -> str:
        return euros(super().get_value(instance)) or "–"


class Screen(screens.Screen):
    """A page of the back office of participatory budgets that is not a list."""

    policy = staticmethod(policies.may_enter_office)


class Listing(screens.Listing):
    """A list of the back office of participatory budgets."""

    policy = staticmethod(policies.may_enter_office)


def budget_trail(budget: Budget) -> list[tuple[str, str]]:
    """The way to the board of a budget."""
    return [
        (reverse("budget:index"), str(_("Participatory budget"))),
        (reverse("budget:board", args=[budget.pk]), budget.activity.title),
    ]


class BudgetScreen(Screen):
    """A page about one budget, whose key is in the address."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.budget = budget_or_404(kwargs["budget"])

    def trail(self) -> list[tuple[str, str]]:
        return budget_trail(self.budget)
