"""Rights over one's own account."""

from typing import Any

from django.conf import settings


def needs_second_factor(*, user: Any) -> bool:
    """Whoever enters the back office needs a second factor, where the site asks for one."""
    if not settings.STAFF_SECOND_FACTOR_REQUIRED:
        return False
    return user.is_staff or user.is_superuser or user.has_perm("wagtailadmin.access_admin")


def may_remove_factor(*, user: Any, others: int) -> bool:
    """Staff keep at least one second factor; `others` counts those that would remain."""
    return others > 0 or not needs_second_factor(user=user)
