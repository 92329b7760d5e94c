"""Participatory maps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    name = "participation.mapping"
    label = "mapping"
    verbose_name = _("Participatory maps")

    def ready(self) -> None:
        # Needs the models: the declaration can only be read here.
        from participation.core import registry
        from participation.mapping.instrument import MAP

        registry.register(MAP)
