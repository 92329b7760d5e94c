"""A selection of the agenda as a file, sent as it is read, or as "nothing new"."""

import datetime
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language, gettext

from participation.agenda.presentation import rfc5545
from participation.agenda.presentation.ical import Addresses, calendar_lines, documents
from participation.agenda.queries.feeds import (
    Print,
    Selection,
    lines_of,
    print_of,
    public_activities,
    reasons,
    zones_of,
)
from participation.core.mails import absolute

_WRITTEN = 1
"""Rises when we write the same agenda otherwise: what clients keep is then old."""
_LINES = 200
PUBLIC = "public, max-age=300"
PRIVATE = "private, no-store"

__all__ = ["PRIVATE", "PUBLIC", "name_of", "send", "unchanged"]


def name_of(selection: Selection) -> str:
    agenda = gettext("Participation agenda")
    return f"{agenda} – {selection.name}" if selection.name else agenda


def unchanged(request: HttpRequest, found: Print) -> tuple[dict[str, str], HttpResponse | None]:
    """The headers that tell this state of a feed, and the 304 when the client has it already."""
    said = f"{_WRITTEN}:{request.path}:{get_language()}:{found.digest}"
    etag = f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
    modified = _modified(found, timezone.now())
    answer = get_conditional_response(request, etag=etag, last_modified=int(modified.timestamp()))
    headers = {"ETag": etag, "Last-Modified": http_date(modified.timestamp())}
    return headers, answer if answer is not None and answer.status_code == 304 else None


def _modified(found: Print, at: datetime.datetime) -> datetime.datetime:
    """When the feed changed last, or the beginning of this hour.

    A moved phase or a withdrawn process leave no date behind: a client that only knows
    `If-Modified-Since` is therefore never told "nothing new" for more than an hour.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    return max(found.latest, hour) if found.latest is not None else hour


def send(
    request: HttpRequest, selection: Selection, kind: str, *, cache: str = PUBLIC
) -> HttpResponseBase:
    """`ics` or `json`, at most seven queries whatever its length; 304 for one."""
    found = print_of(selection)
    headers, nothing_new = unchanged(request, found)
    response: HttpResponseBase
    if nothing_new is not None:
        response = nothing_new
    elif request.method == "HEAD":
        response = HttpResponse(content_type=_TYPES[kind])
    else:
        response = _file(request, selection, kind)
    for header, value in headers.items():
        response[header] = value
    response["Cache-Control"] = cache
    return response


_TYPES = {"ics": rfc5545.CONTENT_TYPE, "json": "application/json; charset=utf-8"}


def _file(request: HttpRequest, selection: Selection, kind: str) -> StreamingHttpResponse:
    addresses, why = Addresses(public_activities()), reasons()
    name, rows = name_of(selection), lines_of(selection)
    content: Iterator[Any]
    if kind == "ics":
        content = rfc5545.calendar(
            calendar_lines(rows, addresses=addresses, reasons=why),
            name=name,
            # A private address is not written in the file: it is sent on to other people.
            url=addresses.home if _is_secret(request) else absolute(request.path),
            zones=zones_of(selection),
        )
    else:
        content = _json(name, documents(rows, addresses=addresses, reasons=why))
    return StreamingHttpResponse(content, content_type=_TYPES[kind])


def _is_secret(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "secret" in match.kwargs


def _json(name: str, entries: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield f'{{"name": {json.dumps(name, ensure_ascii=False)}, "entries": ['
    piece: list[str] = []
    first = True
    for entry in entries:
        piece.append(("" if first else ",\n") + json.dumps(entry, ensure_ascii=False))
        first = False
        if len(piece) == _LINES:
            yield "".join(piece)
            piece = []
    yield "".join(piece) + "]}"
