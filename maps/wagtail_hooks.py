"""Wiring of territories and layers in the back office."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from maps.viewsets import maps_group


@hooks.register("register_admin_viewset")
def register_viewset() -> Any:
    """The menu "Territoires et calques de carte"."""
    return maps_group


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name what the history of a territory or of a layer shows."""
    actions.register_action(
        "parvis.territory.import", _("Import boundaries"), _("Boundaries imported")
    )
    actions.register_action("parvis.layer.import", _("Import shapes"), _("Shapes imported"))
