"""The letters of a batch as one PDF: A4, the address in the window of a DL envelope.

Made in memory and never written: it holds codes in clear.
"""

import base64
import io
from collections.abc import Sequence

import qrcode
import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from participation.electors.codes import grouped
from participation.electors.models import Elector, LetterBatch


def letters_pdf(*, batch: LetterBatch, drawn: Sequence[tuple[Elector, str]]) -> bytes:
    """One page per elector, in order. The QR code leads to the entry page and holds no code."""
    activity = batch.electorate.activity
    entry = settings.SITE_URL.rstrip("/") + reverse("electors:code", args=[activity.slug])
    text = render_to_string(
        "electors/letters.html",
        {
            "activity": activity,
            "process": activity.process,
            "batch": batch,
            "entry": entry.removeprefix("https://").removeprefix("http://"),
            "qr": _qr(entry),
            "site_name": settings.WAGTAIL_SITE_NAME,
            "letters": [
                {"elector": elector, "code": grouped(code), "rank": rank}
                for rank, (elector, code) in enumerate(drawn, start=1)
            ],
        },
    )
    style = weasyprint.CSS(string=render_to_string("electors/letters.css"))
    document = weasyprint.HTML(string=text, url_fetcher=_inside())
    return document.write_pdf(stylesheets=[style])


def _inside() -> weasyprint.URLFetcher:
    """A letter fetches nothing: its one picture lies in the page."""
    return weasyprint.URLFetcher(allowed_protocols=["data"], allow_redirects=False)


def _qr(text: str) -> str:
    """A picture of points, embedded once for all pages; drawn as curves it would be on each."""
    held = io.BytesIO()
    qrcode.make(text, border=2).save(held, "PNG")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()
