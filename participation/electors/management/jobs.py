"""What the worker does for electorates when it is asked to."""

from django.utils import timezone
from procrastinate.contrib.django import app

from participation.electors.services import import_asked


@app.task(name="electors.import_roll")
def import_roll(import_id: int) -> None:
    """Import a large roll, all of it or nothing."""
    import_asked(import_id=import_id, at=timezone.now())
