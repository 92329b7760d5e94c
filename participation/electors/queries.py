"""Reads of electorates and electors."""

from typing import Any

from participation.core.models import Activity
from participation.electors.models import Elector


def elector_of_account(*, activity: Activity, account: Any) -> Elector | None:
    """The elector in whose name this account votes in this activity, if it ever did."""
    if not getattr(account, "is_authenticated", False):
        return None
    return Elector.objects.filter(electorate_id=activity.pk, account=account).first()
