"""What the worker does by itself for territories and layers, day after day."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from maps import services

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="35 3 * * *")
@app.task(name="maps.forget_left_files", queue="default", retry=_RETRY)
def forget_left_files_daily(timestamp: int) -> None:
    """Delete the files whose import was previewed and never confirmed."""
    services.forget_left_files(at=timezone.now())
