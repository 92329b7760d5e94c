"""Making a contribution public."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from participation.core import audit, registry
from participation.core.choices import Visibility
from participation.core.models import Contribution
from participation.core.verdict import refuse


@transaction.atomic
def publish(*, contribution: Contribution, actor: Any, at: datetime.datetime) -> Contribution:
    """Publish a draft or pending contribution; nothing happens when it is public already.

    What moderation removed comes back only through `moderate`: refusal `moderated`.
    """
    row = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=contribution.pk)
    if row.visibility not in (Visibility.DRAFT, Visibility.PENDING, Visibility.PUBLISHED):
        refuse("moderated", _("This contribution was withdrawn from publication.")).or_refuse()
    if row.visibility != Visibility.PUBLISHED:
        row.visibility = Visibility.PUBLISHED
        row.submitted_at = row.submitted_at or at
        row.published_at = row.published_at or at
        row.save(update_fields=["visibility", "submitted_at", "published_at"])
        audit.record(action="parvis.contribution.publish", instance=row, actor=actor)
        registry.tell_visibility_changed(row)
    contribution.visibility = row.visibility
    contribution.submitted_at = row.submitted_at
    contribution.published_at = row.published_at
    return contribution
