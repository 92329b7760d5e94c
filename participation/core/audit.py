"""The one adapter to the audit log: who did what to which object, and why."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry


def record(*, action: str, instance: Model, actor: Any, **data: Any) -> None:
    """Add one line to the audit log, in the caller's transaction.

    `action` is a registered name such as `parvis.idea.submit`; `data` must be JSON-serialisable
    and never holds a secret, a ballot or a message's text.
    """
    log(instance=instance, action=action, user=actor, data=data or None)


def first(*, action: str, instance: Model) -> dict[str, Any] | None:
    """The data of the first line of that action on this object; None when there is none."""
    return firsts(action=action, instances=[instance]).get(instance.pk)


def firsts(*, action: str, instances: Sequence[Model]) -> dict[Any, dict[str, Any]]:
    """The data of the first line of that action on each object of one model, by its key."""
    if not instances:
        return {}
    keys = {str(instance.pk): instance.pk for instance in instances}
    lines = log_registry.get_log_model_for_instance(instances[0]).objects.filter(
        content_type=ContentType.objects.get_for_model(instances[0], for_concrete_model=False),
        object_id__in=keys,
        action=action,
    )
    found: dict[Any, dict[str, Any]] = {}
    for line in lines.order_by("timestamp", "pk"):
        found.setdefault(keys[line.object_id], dict(line.data))
    return found
