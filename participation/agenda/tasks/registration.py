"""Mails to those who register: what became of it, what became of the event, reminders."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from participation.agenda import links
from participation.agenda.choices import LIVE, RegistrationState
from participation.agenda.invitation import invitation
from participation.agenda.models import Registration, Reminder
from participation.core import mails
from participation.core.tasks import message_id, send

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
_TOLD = [state for state in LIVE if state != RegistrationState.UNCONFIRMED]
_WITH_ENTRY = ("confirmed", "moved", "cancelled_event", "postponed", "reminder")
"""Mails with a calendar entry: those of people who come, or no longer have to."""
_EVENT_WORDS = {"moved": "moved", "cancelled": "cancelled_event", "postponed": "postponed"}


@app.task(name="agenda.mail_registration", queue="mail", retry=_RETRY)
def mail_registration(registration_id: int, what: str, mark: str = "") -> None:
    """Send one mail, `emails/agenda_registration_<what>.txt`; `mark` tells it from one alike."""
    row = Registration.objects.select_related("event__venue").filter(pk=registration_id).first()
    if row is None or not row.name or not row.email:  # forgotten, or registered by telephone
        return
    if what == "reminder" and row.state != RegistrationState.CONFIRMED:
        return  # left since
    subject, body = mails.render(
        f"agenda_registration_{what}",
        language=row.language,
        event=row.event,
        registration=row,
        zone=row.event.timezone,
    )
    attached = what in _WITH_ENTRY and row.state in (*_TOLD, RegistrationState.CANCELLED)
    send(
        to=row.email,
        subject=subject,
        body=mails.letter(body, name=row.name, language=row.language, path=links.ticket_path(row)),
        identity=message_id(f"agenda-registration-{what}{mark}", row.pk),
        attachments=[("rencontre.ics", invitation(row.event), "text/calendar")] if attached else (),
    )


@app.task(name="agenda.tell_registered", queue="mail", retry=_RETRY)
def tell_registered(event_id: int, what: str) -> None:
    """Tell all those registered or waiting that the event is moved, cancelled or postponed."""
    rows = Registration.objects.filter(event=event_id, state__in=_TOLD).order_by("pk")
    for key, sequence in rows.values_list("pk", "event__sequence"):
        mail_registration.defer(registration_id=key, what=_EVENT_WORDS[what], mark=f"-{sequence}")


def remind_later(reminder: Reminder) -> None:
    """Have one reminder mailed, in the transaction that keeps it."""
    mail_registration.defer(
        registration_id=reminder.registration_id,
        what="reminder",
        mark=f"-{reminder.hours}-{int(reminder.starts_at.timestamp())}",
    )
