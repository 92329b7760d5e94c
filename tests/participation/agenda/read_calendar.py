"""Reads a calendar as khal does when it imports one, and tells what it understood, as JSON.

A program of its own: khal changes for its whole process how `icalendar` makes time zones.
"""

import datetime
import json
import sys
from typing import Any

import icalendar
import pytz
from khal.icalendar import cal_from_ics, split_ics
from khal.khalendar.event import Event

PARIS = pytz.timezone("Europe/Paris")
LOCALE = {
    "default_timezone": PARIS,
    "local_timezone": PARIS,
    "dateformat": "%Y-%m-%d",
    "timeformat": "%H:%M",
    "longdateformat": "%Y-%m-%d",
    "datetimeformat": "%Y-%m-%d %H:%M",
    "longdatetimeformat": "%Y-%m-%d %H:%M",
    "unicode_symbols": True,
    "firstweekday": 0,
    "weeknumbers": False,
}


def written(moment: datetime.date) -> str:
    if not isinstance(moment, datetime.datetime):
        return moment.isoformat()
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def main() -> None:
    read: dict[str, Any] = {}
    body = sys.stdin.buffer.read().decode()
    events = icalendar.Calendar.from_ical(body).walk("VEVENT")
    ended = {str(event["UID"]) for event in events if "DTEND" in event}  # khal adds an hour
    for one in split_ics(body):
        event = Event.fromString(one, ref="PROTO", locale=LOCALE, calendar="essai")
        component = next(iter(cal_from_ics(one).walk("VEVENT")))
        start, end = event.start, event.end
        if event.allday:  # khal tells the last day, not the one after
            end += datetime.timedelta(days=1)
        read[event.uid] = {
            "title": event.summary,
            "start": written(start),
            "end": written(end) if event.uid in ended else None,
            "sequence": int(component["SEQUENCE"]),
            "status": str(component["STATUS"]),
            "place": event.location,
        }
    json.dump(read, sys.stdout)


main()
