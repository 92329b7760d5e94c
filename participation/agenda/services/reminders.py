"""Reminders before an event: each is one row and one mail, whatever the scheduler does."""

import datetime

from django.db import transaction

from participation.agenda.choices import EventState
from participation.agenda.models import Registration, Reminder, Seating
from participation.agenda.queries.seats import due_reminders
from participation.agenda.tasks.registration import remind_later

LONGEST = datetime.timedelta(days=62)
"""No event further away is looked at: nobody is reminded two months before."""


def send_reminders(*, at: datetime.datetime) -> int:
    """Send the reminders that are due; how many. Run twice or by two workers, it sends once."""
    seatings = (
        Seating.objects.select_related("event")
        .filter(
            event__state=EventState.SCHEDULED,
            event__starts_at__gt=at,
            event__starts_at__lte=at + LONGEST,
            reminders__len__gt=0,
        )
        .order_by("pk")
    )
    return sum(_remind(seating, at) for seating in seatings)


@transaction.atomic
def _remind(seating: Seating, at: datetime.datetime) -> int:
    """The row and its mail are of one transaction: a worker killed between leaves neither."""
    sent = 0
    for due in due_reminders(seating=seating, at=at):
        # Their unique constraint makes a second worker wait for the first, then find the row.
        row, is_new = Reminder.objects.get_or_create(
            registration=Registration(pk=due.registration),
            hours=due.hours,
            starts_at=due.starts_at,
            defaults={"sent_at": at},
        )
        if is_new:
            remind_later(row)
            sent += 1
    return sent
