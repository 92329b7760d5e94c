"""Wiring of accounts in the back office."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

_ACTIONS = {
    "parvis.account.profile": (_("Change a profile"), _("Profile changed")),
    "parvis.account.export": (_("Ask for a copy of one's data"), _("Copy of data asked for")),
    "parvis.account.delete": (_("Delete an account"), _("Account deleted by its owner")),
    "parvis.account.expire": (
        _("Delete an unused account"),
        _("Account that nobody used any more deleted"),
    ),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name the audited verbs of accounts for the site's history pages."""
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)
    actions.register_action("parvis.account.factors")(_FactorsRemoved)


class _FactorsRemoved(LogFormatter):
    """The history of a person also says how they were recognised."""

    label = _("Remove a second factor")
    message = _("Second factor removed by the office")

    def format_message(self, log_entry: Any) -> str:
        reason = log_entry.data.get("reason", "")
        if not reason:
            return str(self.message)
        return gettext("Second factor removed by the office: %(reason)s") % {"reason": reason}
