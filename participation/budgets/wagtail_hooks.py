"""Wiring of participatory budgets in the back office."""

from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from participation.budgets.office.bulk import ACTIONS
from participation.budgets.office.menu import budgets_group

_ACTIONS = {
    "parvis.budget.create": (_("Create a budget"), _("Participatory budget created")),
    "parvis.budget.import": (_("Import an election"), _("Election imported")),
    "parvis.budget.rules": (_("Change the rules"), _("Rules changed")),
    "parvis.budget.category": (_("Change the categories"), _("Categories changed")),
    "parvis.budget.publish_results": (_("Publish the results"), _("Results published")),
    "parvis.budget.start_deliveries": (_("Start the deliveries"), _("Deliveries started")),
    "parvis.envelope.save": (_("Save an envelope"), _("Envelope saved")),
    "parvis.idea.submit": (_("Submit an idea"), _("Idea submitted")),
    "parvis.idea.edit": (_("Edit an idea"), _("Idea edited by its author")),
    "parvis.idea.withdraw": (_("Withdraw an idea"), _("Idea withdrawn by its author")),
    "parvis.idea.assign": (_("Assign an idea"), _("Idea assigned to directorates")),
    "parvis.idea.study": (_("Record a study"), _("Study recorded")),
    "parvis.idea.decide": (_("Decide on an idea"), _("Decision on the idea")),
    "parvis.project.merge": (_("Merge ideas"), _("Project made of ideas")),
    "parvis.project.create": (_("Create a project"), _("Project created")),
    "parvis.project.edit": (_("Edit a project"), _("Project edited")),
    "parvis.project.import": (_("Import projects"), _("Projects imported")),
    "parvis.project.on_ballot": (_("Put on the ballot"), _("Project put on the ballot")),
    "parvis.project.draft": (_("Take off the ballot"), _("Project taken off the ballot")),
    "parvis.board.make": (_("Make a voting board"), _("Voting board made")),
    "parvis.board.destroy": (_("Destroy the keys"), _("Keys of the board destroyed")),
    "parvis.poll.close": (_("Close a vote"), _("Vote closed")),
    "parvis.roll.mark": (_("Mark the roll"), _("Voter marked at a desk")),
    "parvis.roll.unmark": (_("Cancel a mark"), _("Mark at a desk cancelled")),
    "parvis.poll.seal": (_("Seal a vote"), _("Vote sealed")),
    "parvis.poll.count": (_("Count a vote"), _("Box opened and votes counted")),
    "parvis.poll.revise": (
        _("Count after a judgment"),
        _("Envelopes set aside opened and all counted again after a judgment"),
    ),
    "parvis.poll.publish_revised": (
        _("Publish the files of a count after a judgment"),
        _("Files of the count after a judgment published"),
    ),
    "parvis.poll.publish": (_("Publish the files of a vote"), _("Files of the vote published")),
    "parvis.desk.save": (_("Save a polling desk"), _("Polling desk saved")),
    "parvis.paper.lot": (_("Make a lot"), _("Lot of paper ballots made")),
    "parvis.paper.correct_lot": (_("Correct a lot"), _("Number of ballots of a lot corrected")),
    "parvis.paper.take_pass": (_("Take a pass"), _("Pass of a lot taken")),
    "parvis.paper.finish_pass": (_("Finish a pass"), _("Pass of a lot finished")),
    "parvis.paper.key_again": (_("Key again"), _("Pass of a lot to be keyed again")),
    "parvis.paper.settle": (_("Arbitrate a ballot"), _("Paper ballot arbitrated")),
    "parvis.paper.explain": (_("Explain a difference"), _("Difference with the roll explained")),
    "parvis.paper.audit": (_("Draw ballots to compare"), _("Paper ballots drawn")),
    "parvis.paper.check": (_("Compare a ballot"), _("Ballot compared with its paper")),
    "parvis.kiosk.start": (_("Start a shared device"), _("Shared device started")),
    "parvis.kiosk.code": (_("Give a code"), _("Code of the shared device given")),
    "parvis.delivery.plan": (_("Plan a delivery"), _("Delivery planned")),
    "parvis.delivery.advance": (_("Advance a delivery"), _("News of the delivery")),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name the audited verbs of participatory budgets for the site's history pages."""
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def register_viewsets() -> Any:
    """The menu "Budget participatif"."""
    return budgets_group


for action in ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("budgets/admin.css"))
