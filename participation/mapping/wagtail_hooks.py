"""Wiring of participatory maps in the back office."""

from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from participation.mapping.office.bulk import ACTIONS
from participation.mapping.office.menu import mapping_group

_ACTIONS = {
    "parvis.map.contribute": (_("Contribute to a map"), _("Contribution sent")),
    "parvis.map.change": (_("Change a contribution"), _("Contribution changed by its author")),
    "parvis.map.withdraw": (_("Withdraw a contribution"), _("Contribution withdrawn")),
    "parvis.map.create": (_("Create a map"), _("Participatory map created")),
    "parvis.map.settings": (_("Change the settings"), _("Settings of the map changed")),
    "parvis.map.perimeter": (_("Change the perimeter"), _("Perimeter of the map changed")),
    "parvis.map.category": (_("Change the categories"), _("Categories changed")),
    "parvis.map.question": (_("Change the questions"), _("Questions changed")),
    "parvis.map.zone": (_("Change the zones"), _("Zones of interest changed")),
    "parvis.map.layers": (_("Change the layers"), _("Reference layers changed")),
    "parvis.map.import": (_("Import contributions"), _("Contributions imported")),
    "parvis.map.assign": (_("Assign a contribution"), _("Given to directorates")),
    "parvis.map.reclassify": (_("Change the category"), _("Category changed")),
    "parvis.map.move": (_("Change a drawing"), _("Drawing changed by the administration")),
    "parvis.map.merge": (_("Join contributions"), _("Joined to another contribution")),
    "parvis.map.split": (_("Take contributions apart"), _("Taken apart from another")),
    "parvis.map.state": (_("Change the state"), _("State changed by an answer")),
    "parvis.map.adopt": (_("Take up elsewhere"), _("Taken up elsewhere on the site")),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name the audited verbs of participatory maps for the site's history pages."""
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def register_viewsets() -> Any:
    """The menu "Cartes participatives"."""
    return mapping_group


for action in ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("mapping/admin.css"))
