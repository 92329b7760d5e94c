"""Wiring of the spine in the back office."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from participation.core.account import policies
from participation.core.viewsets import moderation_group, processes_group
from participation.core.viewsets.bulk import PublishSelected, RestrictSelected
from participation.core.viewsets.second_factors import RemoveFactors

_ACTIONS = {
    "parvis.contribution.publish": (_("Publish a contribution"), _("Contribution published")),
    "parvis.contribution.moderate": (_("Moderate a contribution"), _("Contribution moderated")),
    "parvis.contribution.report": (_("Report a contribution"), _("Contribution reported")),
    "parvis.contribution.answer": (_("Answer a contribution"), _("Official answer published")),
    "parvis.contribution.file_described": (_("Describe a picture"), _("Picture described")),
    "parvis.contribution.file_removed": (_("Remove a file"), _("File removed")),
    "parvis.comment.add": (_("Add a comment"), _("Comment added")),
    "parvis.comment.withdraw": (_("Withdraw a comment"), _("Comment withdrawn by its author")),
    "parvis.comment.moderate": (_("Moderate a comment"), _("Comment moderated")),
    "parvis.comment.report": (_("Report a comment"), _("Comment reported")),
    "parvis.report.assess": (_("Assess a report"), _("Report assessed")),
    "parvis.process.publish": (_("Publish a process"), _("Process published")),
    "parvis.process.cancel": (_("Cancel a process"), _("Process cancelled")),
    "parvis.process.detach": (
        _("Detach authors' names from a process"),
        _("Authors' names detached, the process being over for years"),
    ),
    "parvis.activity.phase_added": (_("Add a phase"), _("Phase added")),
    "parvis.activity.phase_amended": (_("Amend a phase"), _("Dates of a phase amended")),
    "parvis.activity.phase_removed": (_("Remove a phase"), _("Phase removed")),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name the audited verbs of the spine for the site's history pages."""
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    """The menus "Modération" and "Démarches"."""
    return [moderation_group, processes_group]


hooks.register("register_bulk_action", PublishSelected)
hooks.register("register_bulk_action", RestrictSelected)


@hooks.register("register_admin_urls")
def accounts_urls() -> list[URLPattern]:
    return [path("second-facteur/<int:pk>/", RemoveFactors.as_view(), name="core_second_factor")]


@hooks.register("register_user_listing_buttons")
def second_factor_button(user: Any, request_user: Any) -> list[Button]:
    """In the list of people, beside each but oneself; the page says when it is not for you."""
    if user.pk == request_user.pk or not policies.may_help_people(user=request_user):
        return []
    address = reverse("core_second_factor", args=[user.pk])
    return [Button(_("Lost second factor"), url=address, icon_name="key", priority=40)]
