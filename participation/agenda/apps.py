"""The citizen agenda: meetings, visits, and all that the public can take part in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    name = "participation.agenda"
    label = "agenda"
    verbose_name = _("Citizen agenda")

    def ready(self) -> None:
        # Needs the models: the declaration can only be read here.
        from participation.agenda.instrument import MEETINGS
        from participation.core import registry

        registry.register(MEETINGS)
