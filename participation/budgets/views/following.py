"""The follow button of a whole budget."""

from typing import Any

from participation.core import queries as core_queries
from participation.core.models import Activity


def follow_parts(*, subject: Activity, user: Any) -> dict[str, Any]:
    """What `core/_follow.html` needs to follow an activity."""
    return {
        "subject": subject,
        "subject_kind": "activity",
        "followed": core_queries.following(user=user, subject=subject),
    }
