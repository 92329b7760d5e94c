"""Wiring of territories in the back office."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from maps.viewsets import territories


@hooks.register("register_admin_viewset")
def register_viewset() -> Any:
    """The menu "Territoires"."""
    return territories


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name what the history of a territory shows."""
    actions.register_action(
        "parvis.territory.import", _("Import boundaries"), _("Boundaries imported")
    )
