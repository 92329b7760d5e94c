"""What the worker does by itself for maps, day after day."""

import datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.mapping import services

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="0 7 * * *")
@app.task(name="mapping.send_digests", queue="mail", retry=_RETRY)
def send_digests_daily(timestamp: int) -> None:
    """Mail the digests of area alerts that are due."""
    services.send_digests(at=timezone.now())


@app.periodic(cron="15 7 * * *")
@app.task(name="mapping.tell_followers", queue="mail", retry=_RETRY)
def tell_followers_daily(timestamp: int) -> None:
    """Tell those who follow a map of the answers of the day before; `timestamp` is the day's."""
    at = datetime.datetime.fromtimestamp(timestamp, tz=datetime.UTC)
    yesterday = timezone.localdate(at) - datetime.timedelta(days=1)
    services.tell_followers(day=yesterday, at=timezone.now())


@app.periodic(cron="20 3 * * *")
@app.task(name="mapping.forget_unconfirmed", queue="default", retry=_RETRY)
def forget_unconfirmed_daily(timestamp: int) -> None:
    """Erase the contributions and alerts whose address nobody confirmed."""
    services.forget_unconfirmed(at=timezone.now())
    services.forget_unconfirmed_alerts(at=timezone.now())
