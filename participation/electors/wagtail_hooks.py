"""Wiring of electorates in the back office."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from participation.electors.office.menu import electors_group

_ACTIONS = {
    "parvis.electorate.save": (_("Say who may vote"), _("Electorate saved")),
    "parvis.electorate.freeze": (_("Seal an electorate"), _("Electorate sealed")),
    "parvis.electorate.erase": (_("Erase names"), _("Names of electors erased")),
    "parvis.roll.import": (_("Import the roll"), _("Roll imported")),
    "parvis.elector.off_roll": (_("Take off the roll"), _("Person taken off the roll")),
    "parvis.elector.desk": (_("Enrol at a desk"), _("Person enrolled at a desk")),
    "parvis.elector.confirm": (_("Confirm a person"), _("Person confirmed with their papers")),
    "parvis.elector.account_drop": (_("Untie an account"), _("Account untied from a person")),
    "parvis.network.hold": (_("Hold a group"), _("Ballots of a network held")),
    "parvis.network.release": (_("Release a group"), _("Ballots of a network released")),
    "parvis.letters.plan": (_("Plan letters"), _("Letters planned")),
    "parvis.letters.cancel": (_("Cancel a letter"), _("Letter cancelled")),
    "parvis.letters.print": (_("Print letters"), _("Letters printed")),
    "parvis.match.accept": (_("Recognise a person"), _("Person recognised")),
    "parvis.match.refuse": (_("Refuse a person"), _("Person not recognised")),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name the audited verbs of electorates for the site's history pages."""
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def register_viewsets() -> Any:
    """The menu "Votants"."""
    return electors_group
