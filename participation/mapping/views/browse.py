"""The map, the list and the table of one filtered set, and the page of a contribution."""

from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest, slug: str, token: str = "") -> HttpResponse:
    raise Http404(slug)


def contribution(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    raise Http404(slug)
