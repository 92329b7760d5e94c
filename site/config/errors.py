"""Error views that say what happened and lose nothing that was typed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error

_RETRY_AFTER = 20  # seconds: longer than PostgreSQL takes to recover


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form: explain, and offer the way back (the browser keeps what was typed)."""
    return render(request, "403_csrf.html", status=403)


def failure(request: HttpRequest) -> HttpResponse:
    """An error of ours; 503 and a time to come back when it is the database that is away or full.

    Neither page asks anything of the database.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return HttpResponse(
            render_to_string("503.html"), status=503, headers={"Retry-After": str(_RETRY_AFTER)}
        )
    return server_error(request)
