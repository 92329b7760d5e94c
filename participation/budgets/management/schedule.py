"""What the worker does by itself for votes, day after day."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.budgets.services.vote.journal import sign_heads, stamp_closes

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="40 1 * * *")
@app.task(name="budgets.sign_heads", queue="mail", retry=_RETRY)
def sign_heads_daily(timestamp: int) -> None:
    """Sign and mail the heads of all journals once a day; `manage.py sign_heads` does the same."""
    sign_heads(day=timezone.localdate())


@app.task(name="budgets.stamp_closes", queue="mail")
def stamp_closes_soon() -> None:
    """Ask for the time stamp of a close just after it."""
    stamp_closes()
