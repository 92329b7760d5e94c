"""Wiring of the citizen agenda in the back office."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from participation.agenda.office.citing import meeting_chooser
from participation.agenda.office.menu import agenda_group

_ACTIONS: dict[str, tuple[Any, Any]] = {
    "parvis.agenda.create": (_("Note an idea"), _("Agenda item noted")),
    "parvis.agenda.change": (_("Change an agenda item"), _("Agenda item changed")),
    "parvis.agenda.propose": (_("Propose an agenda item"), _("Agenda item proposed")),
    "parvis.agenda.validate": (_("Give the visa"), _("Visa given")),
    "parvis.agenda.announce": (_("Announce an agenda item"), _("Agenda item announced")),
    "parvis.agenda.in_progress": (_("Start an agenda item"), _("Agenda item begun")),
    "parvis.agenda.done": (_("Finish an agenda item"), _("Agenda item done")),
    "parvis.agenda.move": (_("Move an agenda item"), _("Agenda item moved")),
    "parvis.agenda.drop": (_("Drop an agenda item"), _("Agenda item dropped")),
    "parvis.event.create": (_("Write an event"), _("Event written")),
    "parvis.event.change": (_("Change an event"), _("Event changed")),
    "parvis.event.publish": (_("Publish an event"), _("Event published")),
    "parvis.event.move": (_("Move an event"), _("Event moved")),
    "parvis.event.postpone": (_("Postpone an event"), _("Event postponed")),
    "parvis.event.reopen": (_("Give a new date"), _("Postponed event given a new date")),
    "parvis.event.cancel": (_("Cancel an event"), _("Event cancelled")),
    "parvis.event.hold": (_("Say that an event took place"), _("Event held")),
    "parvis.event.copy": (_("Copy an event"), _("Event copied")),
    "parvis.event.repeat": (_("Repeat an event"), _("Series of events made")),
    "parvis.event.remove": (_("Remove a draft"), _("Draft of an event removed")),
    "parvis.event.part": (_("Prepare an event"), _("Preparation of the event changed")),
    "parvis.event.seating": (_("Set registration"), _("Registration of the event set")),
    "parvis.event.venue": (_("Change a room"), _("Room changed")),
    "parvis.event.propose": (_("Propose an event"), _("Event proposed")),
    "parvis.event.proposal": (_("Answer a proposed event"), _("Proposed event answered")),
    "parvis.event.question": (_("Sort a question"), _("Question from a phone sorted")),
    "parvis.event.heard": (_("Enter what was heard"), _("Contribution heard at an event entered")),
    "parvis.event.minutes_written": (_("Write minutes"), _("Minutes written")),
    "parvis.event.minutes_approved": (_("Approve minutes"), _("Minutes approved")),
    "parvis.event.minutes_published": (_("Publish minutes"), _("Minutes published")),
    "parvis.event.minutes_corrected": (_("Correct minutes"), _("Correction added to minutes")),
    "parvis.event.outcome": (_("Record an outcome"), _("Decision or action recorded")),
    "parvis.event.outcome_removed": (_("Remove an outcome"), _("Decision or action removed")),
    "parvis.event.kept_seat": (_("Give a kept seat"), _("Kept seat given")),
    "parvis.event.registered_by_staff": (_("Register somebody"), _("Person registered by staff")),
    "parvis.event.checked_in": (_("Check somebody in"), _("Person checked in")),
    "parvis.event.check_in_undone": (_("Undo a check-in"), _("Check-in undone")),
    "parvis.event.walk_in": (_("Note a walk-in"), _("Arrival without registration noted")),
    "parvis.event.walk_in_removed": (
        _("Remove a walk-in"),
        _("Arrival without registration removed"),
    ),
    "parvis.event.head_count": (_("Count heads"), _("Heads counted")),
    "parvis.event.registration_cancelled": (
        _("Cancel a registration"),
        _("Registration cancelled"),
    ),
    "parvis.event.action_done": (_("Finish an action"), _("Action done")),
    "parvis.agenda.feed_open": (_("Make a private feed"), _("Private feed made")),
    "parvis.agenda.feed_revoke": (_("Revoke a private feed"), _("Private feed revoked")),
    "parvis.agenda.import": (_("Import events"), _("Events imported")),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name the audited verbs of the agenda for the site's history pages."""
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def register_viewsets() -> Any:
    """The menu "Agenda citoyen", and the window in which editors choose a meeting to cite."""
    return [agenda_group, meeting_chooser]
