"""Electors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ElectorsConfig(AppConfig):
    name = "participation.electors"
    label = "electors"
    verbose_name = _("Electors")
