"""What follows a change: squares are counted anew, alerts are looked through."""

import datetime

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from participation.mapping import tasks


def recount_cells_later(map_id: int) -> None:
    """Ask for a map's squares to be counted anew; one waiting job is enough."""
    job = tasks.recount_cells.configure(queueing_lock=f"map-cells-{map_id}")
    try:
        with transaction.atomic():  # a refused job must not spoil the caller's transaction
            job.defer(map_id=map_id)
    except AlreadyEnqueued:
        return


def match_alerts_later(contribution_id: int) -> None:
    """Have the alerts found that a contribution concerns, once it is public."""
    tasks.match_alerts.defer(contribution_id=contribution_id)


def match_import_later(map_id: int, source_system: str, at: datetime.datetime) -> None:
    """Have the alerts found that an import concerns; `at` is when its rows were made."""
    tasks.match_import.defer(map_id=map_id, source_system=source_system, imported_at=at.isoformat())
