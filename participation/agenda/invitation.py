"""The calendar entry attached to mails about an event (RFC 5545, METHOD:PUBLISH)."""

from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.urls import reverse

from participation.agenda.choices import EventState
from participation.agenda.models import Event
from participation.core.mails import absolute

_OFF = (EventState.CANCELLED, EventState.POSTPONED)


def invitation(event: Event) -> bytes:
    """An `.ics` of one event; its UID and SEQUENCE make a later one replace it."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//Parvis//{host}//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = icalendar.Event()
    entry.add("uid", str(event.uid))
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.updated_at)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if event.state in _OFF else "CONFIRMED")
    entry.add("url", absolute(reverse("agenda:event", args=[event.slug])))
    if event.place:
        entry.add("location", event.place)
    calendar.add_component(entry)
    return calendar.to_ical()
