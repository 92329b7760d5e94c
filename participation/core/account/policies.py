"""Rights over one's own account, as questions."""

from django.utils.translation import gettext_lazy as _

from participation.accounts.models import User
from participation.core.verdict import ALLOWED, Verdict, refuse


def may_delete_account(*, user: User) -> Verdict:
    """Members close their account themselves; staff's is closed by whoever runs the site."""
    if user.is_staff or user.is_superuser:
        return refuse(
            "staff_account",
            _("Your account carries duties: ask whoever runs the site to take them back first."),
        )
    return ALLOWED
