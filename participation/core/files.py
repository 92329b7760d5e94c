"""Untrusted files made safe. The type comes from the content; a name proves nothing.

Pictures are decoded and written again: what is not pixels (EXIF, GPS, trailing HTML) is gone.
Documents are kept as they are, checked by their structure, and only ever downloaded.
"""

import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from participation.core.verdict import Refused, refuse

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 2000
_MAX_UNPACKED = 200 * 1024 * 1024
_MAX_ENTRIES = 5_000
_PICTURES = ("JPEG", "PNG", "WEBP", "GIF")
_ODT = b"application/vnd.oasis.opendocument.text"
_DOCX_MAIN = "word/document.xml"

CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "odt": _ODT.decode(),
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class SafeFile:
    """A file fit to be kept. `suffix` is a key of `CONTENT_TYPES`; sizes in pixels."""

    content: bytes
    suffix: str
    width: int | None = None
    height: int | None = None


def _refused(code: str, message: Any, **params: object) -> Refused:
    return Refused(refuse(code, message, **params))


def _wrong_type() -> Refused:
    return _refused(
        "file_type", _("Only pictures (JPEG, PNG, WebP) and PDF, ODT or DOCX documents are taken.")
    )


def _unreadable() -> Refused:
    return _refused("file_unreadable", _("This file is damaged or cannot be read."))


def inspect(upload: IO[bytes], size: int) -> SafeFile:
    """The safe form of an upload of `size` bytes.

    Raises `Refused` with `file_too_big`, `file_type` or `file_unreadable`.
    """
    if size > MAX_BYTES:
        raise _refused(
            "file_too_big",
            _("This file is too big: %(limit)d MB at most."),
            limit=MAX_BYTES // 1024 // 1024,
        )
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    if head.startswith(b"%PDF-"):
        return _pdf(upload.read(MAX_BYTES + 1))
    if head.startswith(b"PK\x03\x04"):
        return _office(upload.read(MAX_BYTES + 1))
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")) or (
        head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    ):
        return _picture(upload)
    raise _wrong_type()


def _picture(upload: IO[bytes]) -> SafeFile:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=_PICTURES)
            if image.width * image.height > MAX_PIXELS:  # the header alone is read so far
                raise _refused(
                    "file_too_big",
                    _("This picture is too big: %(limit)d million pixels at most."),
                    limit=MAX_PIXELS // 1_000_000,
                )
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise _refused(
            "file_too_big",
            _("This picture is too big: %(limit)d million pixels at most."),
            limit=MAX_PIXELS // 1_000_000,
        ) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _unreadable() from error
    upright = ImageOps.exif_transpose(image)
    transparent = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    pixels = upright.convert("RGBA" if transparent else "RGB")
    pixels.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new(pixels.mode, pixels.size)  # nothing but pixels passes
    clean.paste(pixels)
    output = io.BytesIO()
    if transparent:
        clean.save(output, "PNG", optimize=True)
    else:
        clean.save(output, "JPEG", quality=85, optimize=True, progressive=True)
    return SafeFile(output.getvalue(), "png" if transparent else "jpg", clean.width, clean.height)


def _pdf(content: bytes) -> SafeFile:
    if b"%%EOF" not in content[-2048:]:
        raise _unreadable()
    if re.search(rb"<\s*(?:!doctype|html|script|svg)", content[:1024], re.IGNORECASE):
        raise _wrong_type()  # also a web page: no honest PDF begins so
    return SafeFile(content, "pdf")


def _office(content: bytes) -> SafeFile:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > _MAX_ENTRIES or sum(e.file_size for e in entries) > _MAX_UNPACKED:
                raise _wrong_type()
            if any(name.lower().endswith((".bin", ".exe", ".js")) for name in names):
                raise _wrong_type()  # macros and programs
            if entries[0].filename == "mimetype":
                if entries[0].file_size == len(_ODT) and archive.read("mimetype") == _ODT:
                    return SafeFile(content, "odt")
            elif "[Content_Types].xml" in names and _DOCX_MAIN in names:
                return SafeFile(content, "docx")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, IndexError, OSError) as error:
        raise _unreadable() from error
    raise _wrong_type()
