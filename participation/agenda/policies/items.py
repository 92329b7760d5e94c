"""What may become of an item of the agenda, and who decides it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.agenda.choices import Certainty
from participation.agenda.models import AgendaItem
from participation.agenda.policies.rights import may_endorse, may_plan
from participation.core.verdict import ALLOWED, Verdict, refuse

_OVER = (Certainty.DONE, Certainty.DROPPED)
_SAID = (Certainty.ANNOUNCED, Certainty.MOVED, Certainty.IN_PROGRESS)


def may_change_item(*, item: AgendaItem, user: Any) -> Verdict:
    """Change what it says. Codes: `not_allowed`, `over`."""
    return may_plan(user=user) & _not_over(item)


def may_propose_item(*, item: AgendaItem, user: Any) -> Verdict:
    """Submit an idea to the elected officials. Codes: `not_allowed`, `wrong_state`."""
    return may_plan(user=user) & _is(item, Certainty.IDEA)


def may_validate_item(*, item: AgendaItem, user: Any, written_by: int | None) -> Verdict:
    """Give the visa. Codes: `not_allowed`, `wrong_state`, `own_proposal`: two people see each
    announcement."""
    verdict = may_endorse(user=user) & _is(item, Certainty.PROPOSED)
    if written_by is not None and written_by == user.pk:
        verdict &= refuse("own_proposal", _("Somebody else gives the visa to what you wrote."))
    return verdict


def may_announce_item(*, item: AgendaItem, user: Any) -> Verdict:
    """Make it public. Codes: `not_allowed`, `wrong_state`."""
    return may_plan(user=user) & _is(item, Certainty.VALIDATED)


def may_start_item(*, item: AgendaItem, user: Any) -> Verdict:
    """Say that it has begun. Codes: `not_allowed`, `wrong_state`."""
    return may_plan(user=user) & _is(item, Certainty.ANNOUNCED, Certainty.MOVED)


def may_finish_item(*, item: AgendaItem, user: Any) -> Verdict:
    """Say that it is done. Codes: `not_allowed`, `wrong_state`."""
    return may_plan(user=user) & _is(item, Certainty.IN_PROGRESS)


def may_move_item(*, item: AgendaItem, user: Any) -> Verdict:
    """Change its dates. Codes: `not_allowed`, `over`."""
    return may_plan(user=user) & _not_over(item)


def may_drop_item(*, item: AgendaItem, user: Any) -> Verdict:
    """Give it up. Codes: `not_allowed`, `over`."""
    return may_plan(user=user) & _not_over(item)


def is_said(item: AgendaItem) -> bool:
    """Whether the public has been told of it, and it is not over."""
    return item.certainty in _SAID


def may_still_change(item: AgendaItem) -> bool:
    """Whether it is neither done nor dropped."""
    return item.certainty not in _OVER


def _is(item: AgendaItem, *states: str) -> Verdict:
    if item.certainty in states:
        return ALLOWED
    return refuse("wrong_state", _("This is not possible in this state."))


def _not_over(item: AgendaItem) -> Verdict:
    if may_still_change(item):
        return ALLOWED
    return refuse("over", _("What is done or dropped no longer changes."))
