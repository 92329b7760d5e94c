"""QR codes as SVG: drawn here, read by any phone, no request to anybody."""

import io

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage


def qr_svg(text: str) -> SafeString:
    """An `<svg>` whose path draws the QR code of `text`; sized by the style sheet."""
    held = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(held)
    svg = held.getvalue().decode()
    svg = svg[svg.index("<svg") :].replace("<svg ", '<svg aria-hidden="true" class="a-qr" ', 1)
    return mark_safe(svg)  # noqa: S308 -- drawn by the library: squares, no text
