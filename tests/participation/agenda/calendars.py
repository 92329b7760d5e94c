"""The same calendar read by three programs that share no reader: what each understood."""

import datetime
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import icalendar

HERE = Path(__file__).parent


def by_icalendar(body: bytes) -> dict[str, dict[str, Any]]:
    """What the library icalendar reads."""
    read = {}
    for event in icalendar.Calendar.from_ical(body).walk("VEVENT"):
        assert not event.errors, event.errors
        end = event.get("DTEND")
        read[str(event["UID"])] = {
            "title": str(event["SUMMARY"]),
            "start": _written(event["DTSTART"].dt),
            "end": _written(end.dt) if end else None,
            "sequence": int(event["SEQUENCE"]),
            "status": str(event["STATUS"]),
            "place": str(event.get("LOCATION", "")),
        }
    return read


def by_khal(body: bytes) -> dict[str, dict[str, Any]]:
    """What khal imports."""
    return _told([sys.executable, str(HERE / "read_calendar.py")], body)


def by_ical_js(body: bytes) -> dict[str, dict[str, Any]]:
    """What ICAL.js reads, with the VTIMEZONE of the file and no other zone."""
    node = shutil.which("node")
    assert node, "Node.js is missing: ./parvis doctor says how to install it."
    return _told([node, str(HERE / "read_calendar.mjs")], body)


def by_all(body: bytes) -> dict[str, dict[str, Any]]:
    """What the three agree upon."""
    read = by_icalendar(body)
    assert by_khal(body) == read
    assert by_ical_js(body) == read
    return read


def _told(command: list[str], body: bytes) -> dict[str, dict[str, Any]]:
    told = subprocess.run(command, input=body, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr.decode()
    return json.loads(told.stdout)


def _written(moment: datetime.date) -> str:
    """A day as it is; an instant in UTC."""
    if not isinstance(moment, datetime.datetime):
        return moment.isoformat()
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"
