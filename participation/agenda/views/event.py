"""The page of an event."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from maps.geojson import Feature
from participation.agenda import links, policies
from participation.agenda.choices import Attendance, EventState
from participation.agenda.models import Event
from participation.agenda.presentation.dates import moment_words
from participation.agenda.presentation.offers import offers
from participation.agenda.presentation.structured import event_script
from participation.agenda.queries.after import aftermath
from participation.agenda.queries.events import alike, parts_of, public_event, public_item
from participation.agenda.queries.registrations import ticket_for
from participation.agenda.queries.seats import seats_left
from participation.core.queries import following


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """What, when, where, for whom; how to register; and afterwards its minutes."""
    row = public_event(slug=slug)
    if row is None:
        raise Http404
    now = timezone.now()
    parts = parts_of(row)
    mine = ticket_for(event=row, user=request.user)
    context = {
        "event": row,
        "when": moment_words(row.starts_at, row.ends_at, row.timezone),
        "moves": [
            {
                "when": moment_words(move.former_starts_at, move.former_ends_at, row.timezone),
                "place": move.former_place,
                "reason": move.reason,
                "moved_at": move.moved_at,
            }
            for move in row.moves.all()
        ],
        "process": row.process,
        "item": public_item(row.item_id),
        "follows": row.process is not None and following(user=request.user, subject=row.process),
        "offers": offers(row),
        "is_here": row.attendance != Attendance.ONLINE,
        "is_online": row.attendance != Attendance.IN_PERSON,
        "is_off": row.state in (EventState.CANCELLED, EventState.POSTPONED),
        "is_over": row.state == EventState.HELD or row.ends_at <= now,
        "seating": getattr(row, "seating", None),
        "left": places_left(row),
        "ticket": links.ticket_path(mine) if mine else "",
        "registers": policies.may_register(
            event=row, seating=getattr(row, "seating", None), at=now
        ),
        "takes_questions": policies.may_ask(event=row, at=now),
        "documents": parts.documents,
        "photos": parts.photos,
        "features": features(row),
        "others": alike(row),
        "after": aftermath(event=row),
        "structured": event_script(row),
    }
    return render(request, "agenda/event.html", context)


def places_left(row: Event) -> int | None:
    """Seats still free for everyone; None without registration."""
    seating = getattr(row, "seating", None)
    if seating is None:
        return None
    return seats_left(seating)


def features(row: Event) -> list[Feature]:
    """The place, or the route and the stops of a visit, for the map."""
    found: list[Feature] = []
    if row.route is not None:
        found.append(Feature("route", row.route, {"title": gettext("Route")}))
    found.extend(
        Feature(
            f"etape-{stop.position}",
            stop.point,
            {"title": f"{stop.position}. {stop.title}", "summary": stop.text},
        )
        for stop in row.stops.all()
    )
    point = row.point or (row.venue.point if row.venue else None)
    if not found and point is not None:
        found.append(Feature("lieu", point, _place(row)))
    return found


def _place(row: Event) -> dict[str, Any]:
    return {"title": row.venue.name if row.venue else row.address, "summary": row.place}
