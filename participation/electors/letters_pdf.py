"""The letters of a batch as one PDF: A4, the address in the window of a DL envelope.

Made in memory and never written: it holds codes in clear. What all letters say is laid out once, as
one page whose drawing every page of the PDF begins with; each page is laid out for its address and
its code alone.
"""

import base64
import io
from collections.abc import Sequence
from typing import Any

import qrcode
import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from participation.electors.codes import LetterNumber, grouped
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
            "letters": [
                {
                    "elector": elector,
                    "address": _address(elector),
                    "size": _size_of(_address(elector)),
                    "code": grouped(code),
                    "number": LetterNumber(batch.rank, rank, batch.printings),
                }
                for rank, (elector, code) in enumerate(drawn, start=1)
            ],
        },
    )
    style = weasyprint.CSS(string=render_to_string("electors/letters.css"))
    document = weasyprint.HTML(string=text, url_fetcher=_inside())
    return document.write_pdf(stylesheets=[style], finisher=_draw_first_page_on_others)


def _address(elector: Elector) -> str:
    """Who and where, a line each, as the window of the envelope shows it."""
    name = f"{elector.given_names} {elector.usual_name or elector.family_name}".strip()
    return f"{name}\n{elector.postal_address}"


def _size_of(address: str) -> str:
    """The size in which all of a long address fits in the window: `plain`, `small` or `tiny`."""
    for size, signs, lines in (("plain", 27, 7), ("small", 35, 10)):
        if sum(max(1, -(-len(line) // signs)) for line in address.splitlines()) <= lines:
            return size
    return "tiny"


def _draw_first_page_on_others(_document: Any, pdf: Any) -> None:
    """Begin every page with the drawing of the first, and take the first away."""
    pages: list[Any] = [
        each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/Page"
    ]
    common, *letters = pages
    drawing = next(each for each in pdf.objects if each.reference == common["Contents"])
    drawing.stream = [b"q", *drawing.stream, b"Q"]  # what it set does not reach the next one
    kids = pdf.pages["Kids"]
    for letter in letters:
        letter["Contents"] = type(kids)([drawing.reference, letter["Contents"]])
    place = kids.index(common.number)
    del kids[place : place + 3]  # "number generation R"
    pdf.pages["Count"] -= 1


def _inside() -> weasyprint.URLFetcher:
    """A letter fetches nothing: its one picture lies in the page."""
    return weasyprint.URLFetcher(allowed_protocols=["data"], allow_redirects=False)


def _qr(text: str) -> str:
    """A picture of points, embedded once for all pages; drawn as curves it would be on each."""
    held = io.BytesIO()
    qrcode.make(text, border=2).save(held, "PNG")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()
