"""The page of an event."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from participation.agenda.models import Event


def event(request: HttpRequest, slug: str) -> HttpResponse:
    """What, when, where, for whom; how to register; and afterwards its minutes."""
    row = get_object_or_404(Event.objects.public().select_related("venue", "theme"), slug=slug)
    return render(request, "agenda/event.html", {"event": row})
