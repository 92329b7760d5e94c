"""An event in the words of schema.org, for search engines and other agendas."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from participation.agenda.choices import Attendance, EventState
from participation.agenda.models import Event
from participation.core.mails import absolute

_MODES = {
    Attendance.IN_PERSON: "OfflineEventAttendanceMode",
    Attendance.ONLINE: "OnlineEventAttendanceMode",
    Attendance.HYBRID: "MixedEventAttendanceMode",
}
_SAFE = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
"""As `django.utils.html.json_script` escapes: no text can close the script element."""


def event_data(event: Event) -> dict[str, Any]:
    """https://schema.org/Event, with the local time and its offset."""
    status = "EventScheduled"
    if event.state == EventState.CANCELLED:
        status = "EventCancelled"
    elif event.state == EventState.POSTPONED:
        status = "EventPostponed"
    elif event.moves.all():
        status = "EventRescheduled"
    url = absolute(reverse("agenda:event", args=[event.slug]))
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": event.title,
        "description": event.summary or event.title,
        "startDate": event.local_start.isoformat(timespec="minutes"),
        "endDate": event.local_end.isoformat(timespec="minutes"),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[Attendance(event.attendance)]}",
        "isAccessibleForFree": True,
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": settings.WAGTAIL_SITE_NAME,
            "url": absolute("/"),
        },
        "location": _places(event),
    }
    moves = list(event.moves.all())
    if moves:
        data["previousStartDate"] = (
            moves[0].former_starts_at.astimezone(event.zone).isoformat(timespec="minutes")
        )
    return data


def _places(event: Event) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if event.attendance != Attendance.ONLINE:
        place: dict[str, Any] = {
            "@type": "Place",
            "name": event.venue.name if event.venue else event.address,
            "address": event.venue.address if event.venue else event.address,
        }
        point = event.point or (event.venue.point if event.venue else None)
        if point is not None:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": round(point.y, 6),
                "longitude": round(point.x, 6),
            }
        found.append(place)
    if event.attendance != Attendance.IN_PERSON:
        # The address of the online room is told to those registered, not to robots.
        url = absolute(reverse("agenda:event", args=[event.slug]))
        found.append({"@type": "VirtualLocation", "url": url})
    return found


def event_script(event: Event) -> SafeString:
    """The data block of the page: never executed, and no text of it can close the element."""
    text = json.dumps(event_data(event), ensure_ascii=False).translate(_SAFE)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 -- escaped just above
