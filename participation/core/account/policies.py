"""Rights over accounts, one's own and other people's, as questions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.accounts.models import User
from participation.core.account import queries
from participation.core.policies import known
from participation.core.verdict import ALLOWED, Verdict, refuse


def may_delete_account(*, user: User) -> Verdict:
    """Members close their account themselves; staff's is closed by whoever runs the site."""
    if user.is_staff or user.is_superuser:
        return refuse(
            "staff_account",
            _("Your account carries duties: ask whoever runs the site to take them back first."),
        )
    return ALLOWED


def may_help_people(*, user: Any) -> Verdict:
    """Whoever changes accounts helps the people who cannot enter theirs any more."""
    if known(user) and user.has_perm("accounts.change_user"):
        return ALLOWED
    return refuse("not_administrator", _("Only people in charge of accounts may do this."))


def may_remove_factors(*, actor: Any, person: User) -> Verdict:
    """May this member of staff take somebody's second factor away? All reasons at once.

    An account that may do something is weakened only by one that may do as much: else a stolen
    password and an obliging colleague would make of a small right a great one.
    """
    verdict = may_help_people(user=actor)
    if actor.pk == person.pk:
        verdict &= refuse(
            "own_account",
            _("This is your own account: somebody else must check that it is you."),
        )
    if not person.is_active:
        verdict &= refuse("account_closed", _("This account is closed: nobody can enter it."))
    if queries.has_more_rights(person, than=actor):
        verdict &= refuse(
            "stronger_account",
            _("This account may do more than yours: ask somebody who has at least its rights."),
        )
    return verdict
