"""Error views that say what happened and lose nothing that was typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form: explain, and offer the way back (the browser keeps what was typed)."""
    return render(request, "403_csrf.html", status=403)
