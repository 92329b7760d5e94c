"""Participatory budgets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetsConfig(AppConfig):
    name = "participation.budgets"
    label = "budgets"
    verbose_name = _("Participatory budgets")

    def ready(self) -> None:
        # Needs the models: the declaration can only be read here.
        from participation.budgets.instrument import BUDGET
        from participation.core import registry

        registry.register(BUDGET)
