"""Electors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ElectorsConfig(AppConfig):
    name = "participation.electors"
    label = "electors"
    verbose_name = _("Electors")

    def ready(self) -> None:
        from participation.core.registry import gives_personal_data
        from participation.electors.queries import personal_data

        gives_personal_data("electors", personal_data)
