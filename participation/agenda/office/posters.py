"""The poster of an event, to print in A4 or A3."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from participation.agenda.office.shared import EventScreen
from participation.agenda.presentation.posters import SIZES, poster_pdf


class Poster(EventScreen):
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        size = kwargs_size(self.kwargs)
        answer = HttpResponse(poster_pdf(event=self.event, size=size), "application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{self.event.slug}-{size}.pdf"'
        return answer


def kwargs_size(kwargs: dict[str, Any]) -> str:
    """The size in the address; `Http404` for another."""
    if kwargs["size"] not in SIZES:
        raise Http404
    return str(kwargs["size"])
