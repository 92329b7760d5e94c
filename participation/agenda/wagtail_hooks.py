"""Wiring of the citizen agenda in the back office."""

from typing import Any

from wagtail import hooks

_ACTIONS: dict[str, tuple[Any, Any]] = {}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name the audited verbs of the agenda for the site's history pages."""
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)
