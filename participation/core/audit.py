"""The one adapter to the audit log: who did what to which object, and why."""

from typing import Any

from django.db.models import Model
from wagtail.log_actions import log


def record(*, action: str, instance: Model, actor: Any, **data: Any) -> None:
    """Add one line to the audit log, in the caller's transaction.

    `action` is a registered name such as `parvis.idea.submit`; `data` must be JSON-serialisable
    and never holds a secret, a ballot or a message's text.
    """
    log(instance=instance, action=action, user=actor, data=data or None)
