"""Who may bring events from files."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from participation.core import policies as core_policies
from participation.core.verdict import ALLOWED, Verdict, refuse


def may_import_events(*, user: Any) -> Verdict:
    """Bring draft events from a file: those who organise events. Code: `not_allowed`."""
    if core_policies.known(user) and user.has_perm("agenda.run_events"):
        return ALLOWED
    return refuse("not_allowed", _("Your role does not give you this right."))
