"""Feeds for everybody: the whole agenda, a theme, a territory, a process, a council; one event."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from maps.models import Territory
from participation.agenda.models import Event, Theme
from participation.agenda.presentation import rfc5545
from participation.agenda.presentation.ical import calendar_of
from participation.agenda.queries import feeds
from participation.agenda.views.feeds.sending import PUBLIC, send
from participation.core.models import Process


@require_safe
def agenda(request: HttpRequest, kind: str) -> HttpResponseBase:
    return send(request, feeds.whole(), kind)


@require_safe
def theme(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    return send(request, feeds.of_theme(get_object_or_404(Theme, slug=slug)), kind)


@require_safe
def territory(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    place = get_object_or_404(Territory.objects.light(), pk=pk)
    return send(request, feeds.of_territory(place), kind)


@require_safe
def process(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    found = get_object_or_404(Process.objects.public(), slug=slug)
    return send(request, feeds.of_process(found), kind)


@require_safe
def council(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    name = feeds.council_named(slug)
    if name is None:
        raise Http404
    return send(request, feeds.of_council(name), kind)


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One event, to add it to one's own calendar."""
    row = get_object_or_404(
        Event.objects.public().select_related("theme", "territory", "venue"), slug=slug
    )
    modified = int(row.updated_at.timestamp())
    response = HttpResponse(calendar_of(row), content_type=rfc5545.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{row.slug}.ics"'
    response["Cache-Control"] = PUBLIC
    response.headers["ETag"] = f'"{row.uid}-{row.sequence}-{modified}"'
    return get_conditional_response(request, response["ETag"], None, response) or response
