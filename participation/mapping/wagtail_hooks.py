"""Wiring of participatory maps in the back office."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

_ACTIONS = {
    "parvis.map.contribute": (_("Contribute to a map"), _("Contribution sent")),
    "parvis.map.change": (_("Change a contribution"), _("Contribution changed by its author")),
    "parvis.map.withdraw": (_("Withdraw a contribution"), _("Contribution withdrawn")),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name the audited verbs of participatory maps for the site's history pages."""
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)
