"""Error views that say what happened and lose nothing that was typed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import bad_request, server_error

_RETRY_AFTER = 20  # seconds: longer than PostgreSQL takes to recover


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form: explain, and offer the way back (the browser keeps what was typed)."""
    return render(request, "403_csrf.html", status=403)


def failure(request: HttpRequest) -> HttpResponse:
    """An error of ours; 503 and a time to come back when it is the database that is away or full.

    Neither page asks anything of the database.
    """
    return _busy() if _is_database_away(sys.exc_info()[1]) else server_error(request)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that makes no sense; but Django also calls so a session that could not be saved."""
    return _busy() if _is_database_away(exception) else bad_request(request, exception)


def _busy() -> HttpResponse:
    return HttpResponse(
        render_to_string("503.html"), status=503, headers={"Retry-After": str(_RETRY_AFTER)}
    )


def _is_database_away(error: BaseException | None) -> bool:
    """Whether the error is the database's absence, or came out of one."""
    while error is not None:
        if isinstance(error, (OperationalError, InterfaceError)):
            return True
        error = error.__context__
    return False
