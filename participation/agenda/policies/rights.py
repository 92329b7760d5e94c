"""Who does what in the back office of the agenda."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.core import policies as core_policies
from participation.core.verdict import ALLOWED, Verdict, refuse

_NOT_ALLOWED = _("Your role does not give you this right.")


def may_plan(*, user: Any) -> Verdict:
    """Plan the agenda: items, themes, mandates, announcements."""
    return _holds(user, "agenda.plan_agenda")


def may_endorse(*, user: Any) -> Verdict:
    """Give the visa of an elected official."""
    return _holds(user, "agenda.endorse_agenda")


def may_run_events(*, user: Any) -> Verdict:
    """Organise events and read their registrations."""
    return _holds(user, "agenda.run_events")


def may_welcome(*, user: Any) -> Verdict:
    """Check people in at the door; those who organise may too."""
    if may_run_events(user=user):
        return ALLOWED
    return _holds(user, "agenda.welcome_events")


def may_read_needs(*, user: Any) -> Verdict:
    """Read accessibility needs and answers of those registered: who prepares the event, not
    everybody at the door."""
    return may_run_events(user=user)


def may_enter_office(*, user: Any) -> Verdict:
    """Read the planning, with what is not announced yet: not for who only welcomes people."""
    rights = (may_plan, may_endorse, may_run_events)
    if any(right(user=user) for right in rights):
        return ALLOWED
    return refuse("not_allowed", _NOT_ALLOWED)


def _holds(user: Any, permission: str) -> Verdict:
    if core_policies.known(user) and user.has_perm(permission):
        return ALLOWED
    return refuse("not_allowed", _NOT_ALLOWED)
