"""Zip archives from outside: names, sizes and ratios are checked before anything is unpacked."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from django.utils.translation import gettext as _

from maps.intake.outcomes import MEBIBYTE, FileRefused, printable

MAX_MEMBERS = 100
MAX_RATIO = 200  # text of coordinates shrinks 3 to 20 times; a bomb a thousand times
CHUNK = MEBIBYTE
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CLUTTER = ("__MACOSX/", ".DS_Store")


@contextmanager
def opened(file: BinaryIO, most_bytes: int) -> Iterator[zipfile.ZipFile]:
    """The archive, once its table of contents is sound. Raises `FileRefused`."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise FileRefused(_("The archive is damaged: it can't be opened.")) from error
    with archive:
        _refuse_unsafe(archive.infolist(), most_bytes)
        yield archive


def _refuse_unsafe(members: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise FileRefused(
            _("The archive holds %(count)s files; %(limit)s at most.")
            % {"count": len(members), "limit": MAX_MEMBERS}
        )
    for each in members:
        shown = printable(each.filename)
        path = PurePosixPath(each.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in each.filename or ":" in path.parts:
            raise FileRefused(
                _("The archive holds a file with a dangerous name: %(name)s.") % {"name": shown}
            )
        if each.flag_bits & _ENCRYPTED or each.compress_type not in _METHODS:
            raise FileRefused(_("The archive is protected or packed in an unusual way."))
        if each.file_size > MAX_RATIO * max(each.compress_size, 4096):
            raise _too_big(most_bytes)
    if sum(each.file_size for each in members) > most_bytes:
        raise _too_big(most_bytes)


def _too_big(most_bytes: int) -> FileRefused:
    return FileRefused(
        _("Unpacked, the archive is too large; %(limit)s MB at most.")
        % {"limit": most_bytes // MEBIBYTE}
    )


def members(archive: zipfile.ZipFile, suffix: str) -> list[zipfile.ZipInfo]:
    """Files whose name ends so, whatever the case; what systems add by themselves left out."""
    return [
        each
        for each in archive.infolist()
        if each.filename.lower().endswith(suffix)
        and not each.is_dir()
        and not any(clutter in each.filename for clutter in _CLUTTER)
    ]


def unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: IO[bytes]) -> None:
    """Write one member, never more than the size that was announced and checked."""
    written = 0
    try:
        with archive.open(member) as source:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > member.file_size:
                    raise FileRefused(_("The archive is damaged: it can't be opened."))
                target.write(chunk)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(_("The archive is damaged: it can't be opened.")) from error
    except Exception as error:  # zlib.error is neither an OSError nor a ValueError
        raise FileRefused(_("The archive is damaged: it can't be opened.")) from error
    target.seek(0)
