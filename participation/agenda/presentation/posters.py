"""The poster of an event, as PDF. Nothing is loaded: its QR code is drawn in the page."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from participation.accounts.naming import site_name
from participation.agenda.models import Event
from participation.agenda.presentation.dates import moment_words
from participation.agenda.presentation.offers import offers
from participation.agenda.presentation.qr import qr_svg

SIZES = {"a4": ("A4", "17pt"), "a3": ("A3", "24pt")}
"""Paper and the size of the text; everything else follows."""
_TONES = ("#55217f", "#b23a2b", "#17528a", "#1c6440", "#8a5200", "#8f1d5e", "#0b6169", "#4d4653")
"""Those of the themes on the site; white is read on each of them (5:1 at least)."""


def poster_pdf(*, event: Event, size: str) -> bytes:
    """One page in the language of the site; `size` is a key of `SIZES`."""
    import weasyprint

    paper, text = SIZES[size]
    address = settings.SITE_URL.rstrip("/") + reverse("agenda:event", args=[event.slug])
    with override(settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "event": event,
            "language": settings.LANGUAGE_CODE,
            "when": moment_words(event.starts_at, event.ends_at, event.timezone),
            "offers": offers(event),
            "site": site_name(),
            "qr": qr_svg(address),
            "address": address.removeprefix("https://").removeprefix("http://"),
        }
        html = render_to_string("agenda_admin/poster.html", context)
        look = {"paper": paper, "text": text, "tone": _TONES[(event.theme.tone - 1) % len(_TONES)]}
        sheet = render_to_string("agenda_admin/poster.css", look)
    page = weasyprint.HTML(string=html, url_fetcher=_nothing_fetched)
    return page.write_pdf(stylesheets=[weasyprint.CSS(string=sheet)], pdf_variant="pdf/ua-1")


def _nothing_fetched(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    """Whatever a title holds, nothing is loaded."""
    raise ValueError(f"a poster loads nothing: {url}")
