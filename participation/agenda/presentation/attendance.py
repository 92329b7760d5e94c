"""The attendance list of an event to print, as PDF: a box to tick per person."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from participation.agenda.models import Event, Registration
from participation.agenda.presentation.dates import moment_words
from participation.core.dates import date_format

BLANK = 8
"""Lines left for those who come without registering."""


def attendance_pdf(*, event: Event, rows: list[Registration], with_needs: bool) -> bytes:
    """A4, in the language of the site; `rows` are those registered, by name."""
    import weasyprint

    with override(settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "event": event,
            "language": settings.LANGUAGE_CODE,
            "when": moment_words(event.starts_at, event.ends_at, event.timezone),
            "printed": date_format(timezone.now().astimezone(event.zone), "SHORT_DATETIME_FORMAT"),
            "rows": [(row, range(row.seats)) for row in rows],
            "people": sum(row.seats for row in rows),
            "with_needs": with_needs,
            "blank": range(BLANK),
        }
        html = render_to_string("agenda_admin/attendance.html", context)
        css = render_to_string("agenda_admin/attendance.css", context)
    page = weasyprint.HTML(string=html, url_fetcher=_nothing_fetched)
    return page.write_pdf(stylesheets=[weasyprint.CSS(string=css)], pdf_variant="pdf/ua-1")


def _nothing_fetched(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    """Whatever a name holds, nothing is loaded."""
    raise ValueError(f"a list loads nothing: {url}")
