"""The door of an event, on a phone: who is expected, who came; with or without the network."""

import functools
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.accounts.marks import person_mark
from participation.agenda import policies, services
from participation.agenda.forms.door import ArrivalForm, HeadCountForm, WalkInForm
from participation.agenda.models import Event, Registration, WalkIn
from participation.agenda.presentation.attendance import attendance_pdf
from participation.agenda.presentation.dates import moment_words
from participation.agenda.queries.door import (
    counts_of,
    door_events,
    expected,
    find_by_code,
    last_count,
)
from participation.core.dates import date_format
from participation.core.verdict import Refused

_WORKER = "door-worker.js"
_SHOWN = 3000
"""Lines of one page: more people than one door ever sees."""
View = Callable[..., HttpResponse]


def _welcoming(view: View) -> View:
    """Those who may welcome, signed in; who is not is asked to."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not policies.may_welcome(user=request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_safe
@_welcoming
def doors(request: HttpRequest) -> HttpResponse:
    """The events of these days whose door one may keep."""
    now = timezone.now()
    events = [
        {
            "event": event,
            "when": moment_words(event.starts_at, event.ends_at, event.timezone),
            "open": policies.may_note_arrivals(event=event, at=now),
        }
        for event in door_events(at=now)
    ]
    return render(request, "agenda/doors.html", {"events": events})


@never_cache
@require_safe
@_welcoming
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of those expected, with a button each; the camera and the queue are scripts."""
    event = _event(pk)
    text = request.GET.get("q", "").strip()
    rows = expected(event=event)
    if text:
        rows = rows.filter(name__unaccent__icontains=text)
    counts = counts_of(event=event)
    context = {
        "event": event,
        "rows": [_line(event, row) for row in rows[:_SHOWN]],
        "text": text,
        "counts": counts,
        "when": moment_words(event.starts_at, event.ends_at, event.timezone),
        "verdict": policies.may_note_arrivals(event=event, at=timezone.now()),
        "walk_form": WalkInForm(),
        "walk_key": uuid.uuid4(),
    }
    answer = render(request, "agenda/door.html", context)
    # Tickets are read by the camera of this page, and of no other.
    answer["Permissions-Policy"] = "camera=(self), microphone=(), payment=(), usb=()"
    return answer


@never_cache
@require_safe
def state(request: HttpRequest, pk: int) -> JsonResponse:
    """Who came, for a page that is open; `token`, to send with, for the one who asks.

    `{person, token, expected, present, rows: {registration: [time or "", people, key]}}`; only
    `person` (the mark of who is signed in) for anybody else.
    """
    mark = person_mark(request.user)
    asked = request.GET.get("person", "")
    if not constant_time_compare(asked, mark) or not policies.may_welcome(user=request.user):
        return JsonResponse({"person": mark if asked != mark else ""})
    event = _event(pk)
    lines = [_line(event, row) for row in expected(event=event)[:_SHOWN]]
    counts = counts_of(event=event)
    return JsonResponse(
        {
            "person": mark,
            "token": get_token(request),
            "expected": counts.expected,
            "present": counts.present,
            "rows": {line["id"]: [line["time"], line["came"], line["key"]] for line in lines},
        }
    )


@never_cache
@require_POST
@_welcoming
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """One arrival, or its undoing; for a script (`X-Parvis-Queue`) or a form.

    A script reads `{done, reasons, name}`: what is refused is not sent again.
    """
    event = _event(pk)
    form = ArrivalForm(request.POST)
    name = ""
    reasons: list[str] = []
    if form.is_valid():
        try:
            name = _act(event, form.cleaned_data, request.user)
        except Refused as refused:
            reasons = [str(each) for each in refused.verdict.refusals]
    else:
        reasons = [gettext("This cannot be read: note it again.")]
    if request.headers.get("X-Parvis-Queue"):
        return JsonResponse({"done": not reasons, "reasons": reasons, "name": name})
    for reason in reasons:
        messages.error(request, reason)
    if not reasons and name:
        messages.success(request, name)
    page = "agenda:door_count" if form.data.get("act") == "unwalk" else "agenda:door"
    return redirect(page, pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_welcoming
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """How many are in the room, and those who came without registering."""
    event = _event(pk)
    form = HeadCountForm(request.POST or None, initial={"key": uuid.uuid4(), "walk_ins": 0})
    if request.method == "POST" and form.is_valid():
        try:
            services.count_heads(
                event=event,
                people=form.cleaned_data["people"],
                walk_ins=form.cleaned_data["walk_ins"],
                submission_key=form.cleaned_data["key"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            for refusal in refused.verdict.refusals:
                form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The count is kept."))
            return redirect("agenda:door_count", pk)
    last = last_count(event=event)
    context = {
        "event": event,
        "form": form,
        "counts": counts_of(event=event),
        "last": last,
        "last_time": _time(event, last.counted_at) if last else "",
        "walk_ins": [
            {"row": row, "time": _time(event, row.arrived_at)}
            for row in WalkIn.objects.filter(event=event).order_by("-arrived_at", "key")[:_SHOWN]
        ],
        "verdict": policies.may_note_arrivals(event=event, at=timezone.now()),
    }
    return render(request, "agenda/door_count.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@_welcoming
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The list to print; accessibility needs for those who may read them alone."""
    event = get_object_or_404(Event.objects.select_related("venue"), pk=pk)
    content = attendance_pdf(
        event=event,
        rows=list(expected(event=event)[:_SHOWN]),
        with_needs=bool(policies.may_read_needs(user=request.user)),
    )
    answer = HttpResponse(content, "application/pdf")
    answer["Content-Disposition"] = f'inline; filename="emargement-{event.slug}.pdf"'
    return answer


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The built worker of these pages, at the root of what it may see; `Http404` where nothing
    is built."""
    found = finders.find(_WORKER) or staticfiles_storage.path(_WORKER)
    if not Path(found).is_file():
        raise Http404
    answer = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _act(event: Event, said: dict[str, Any], actor: Any) -> str:
    """Do it; what to say of it."""
    now = timezone.now()
    common: dict[str, Any] = {"event": event, "key": said["key"], "actor": actor, "at": now}
    match said["act"]:
        case "in":
            made = services.check_in(
                registration=_named(event, said),
                people=said["people"],
                arrived_at=said["at"],
                **common,
            )
            return gettext("%(name)s is checked in.") % {"name": made.registration.name}
        case "out":
            undone = services.undo_check_in(**common)
            return gettext("%(name)s is no longer checked in.") % {"name": undone.registration.name}
        case "walk":
            services.walk_in(
                name=said["name"], people=said["people"] or 1, arrived_at=said["at"], **common
            )
            return gettext("The arrival is noted.")
        case _:
            services.remove_walk_in(**common)
            return gettext("The arrival is removed.")


def _named(event: Event, said: dict[str, Any]) -> Registration | None:
    """A code that was read says who it is, whatever the page believed."""
    if said["code"]:
        return find_by_code(event=event, code=said["code"])
    return Registration.objects.filter(event=event, pk=said["registration"] or 0).first()


def _line(event: Event, row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "seats": row.seats,
        "choices": range(row.seats, 0, -1),
        "ticket": row.ticket,
        "came": row.arrived,
        "time": _time(event, row.arrived_at) if row.arrived_at else "",
        "key": str(row.check_in or ""),
        "new_key": uuid.uuid4(),
    }


def _time(event: Event, moment: Any) -> str:
    return date_format(moment.astimezone(event.zone), "TIME_FORMAT")


def _event(pk: int) -> Event:
    return get_object_or_404(Event.objects.public().select_related("venue"), pk=pk)
