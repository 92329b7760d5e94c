"""What the worker does by itself for the agenda, day after day."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.agenda import services

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="*/5 * * * *")
@app.task(name="agenda.end_offers", queue="default", retry=_RETRY)
def end_offers_often(timestamp: int) -> None:
    """Pass on the seats offered to people who did not take them."""
    services.end_offers(at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="agenda.send_reminders", queue="mail", retry=_RETRY)
def send_reminders_often(timestamp: int) -> None:
    """Remind people of the events to which they are registered."""
    services.send_reminders(at=timezone.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="agenda.forget_unconfirmed", queue="default", retry=_RETRY)
def forget_unconfirmed_daily(timestamp: int) -> None:
    """Erase the registrations whose address nobody confirmed."""
    services.forget_unconfirmed_registrations(at=timezone.now())


@app.periodic(cron="50 3 * * *")
@app.task(name="agenda.forget_old", queue="default", retry=_RETRY)
def forget_old_daily(timestamp: int) -> None:
    """Empty the registrations of events of long ago."""
    services.forget_old_registrations(at=timezone.now())


@app.periodic(cron="*/30 * * * *")
@app.task(name="agenda.ask_satisfaction", queue="mail", retry=_RETRY)
def ask_satisfaction_often(timestamp: int) -> None:
    """Ask those who came what they thought."""
    services.ask_satisfaction(at=timezone.now())
