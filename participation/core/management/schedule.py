"""What the worker does by itself for members, day after day."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.core.account import inactivity

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="10 4 * * *")
@app.task(name="space.close_unused", queue="default", retry=_RETRY)
def close_unused_daily(timestamp: int) -> None:
    """Warn members who no longer come, and empty the accounts warned long enough ago."""
    inactivity.close_unused(at=timezone.now())
