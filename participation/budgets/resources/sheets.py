"""Spreadsheet files in: CSV (UTF-8, comma or semicolon) and XLSX."""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any, BinaryIO

import tablib
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from participation.core.sheets import restore
from participation.core.verdict import Refused, refuse

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5000
_MAX_UNPACKED = 50 * 1024 * 1024


def read_sheet(upload: BinaryIO, size: int, *, columns: Sequence[str]) -> tablib.Dataset:
    """The rows of a CSV or XLSX file whose first line names `columns`, in any order.

    Cells are texts as they were before `neutralise`, numbers, or empty. Empty lines are left out.
    Raises `Refused`: `file_too_big`, `file_unreadable`, `file_empty`, `columns_missing`,
    `columns_unknown`, `columns_repeated`, `too_many_rows`.
    """
    if size > MAX_BYTES:
        raise Refused(refuse("file_too_big", _("This file is too big: 2 MB at most.")))
    upload.seek(0)
    content = upload.read(MAX_BYTES + 1)
    rows = _xlsx_rows(content) if content.startswith(b"PK\x03\x04") else _csv_rows(content)
    rows = [row for row in rows if any(cell not in ("", None) for cell in row)]
    if not rows:
        raise Refused(refuse("file_empty", _("This file is empty.")))
    headers = [str(cell or "").strip().lower() for cell in rows[0]]
    while headers and not headers[-1]:
        headers.pop()
    _check_headers(headers, columns)
    if len(rows) == 1:
        raise Refused(refuse("file_empty", _("This file has a heading and no line under it.")))
    if len(rows) > MAX_ROWS + 1:
        raise Refused(
            refuse("too_many_rows", _("At most %(limit)s lines at once."), limit=MAX_ROWS)
        )
    dataset = tablib.Dataset(headers=headers)
    for row in rows[1:]:
        cells = [restore(cell) for cell in row[: len(headers)]]
        dataset.append(cells + [""] * (len(headers) - len(cells)))
    return dataset


def _check_headers(headers: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in headers]
    unknown = [header for header in headers if header not in columns]
    if missing:
        raise Refused(
            refuse(
                "columns_missing",
                _("The first line must name the columns. Missing: %(names)s."),
                names=", ".join(missing),
            )
        )
    if unknown:
        raise Refused(
            refuse("columns_unknown", _("Unknown columns: %(names)s."), names=", ".join(unknown))
        )
    if len(set(headers)) != len(headers):
        raise Refused(refuse("columns_repeated", _("A column is named twice.")))


def _csv_rows(content: bytes) -> list[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(
            refuse(
                "file_unreadable",
                _("This file is neither XLSX nor CSV in UTF-8: save it again in one of these."),
            )
        ) from None
    if "\x00" in text:
        raise Refused(_unreadable())
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Refused(_unreadable()) from None


def _xlsx_rows(content: bytes) -> list[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise Refused(refuse("file_too_big", _("This file is too big: 2 MB at most.")))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True, max_row=MAX_ROWS + 2, max_col=60)
        return [["" if cell is None else cell for cell in row] for row in rows]
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        TypeError,
    ):
        raise Refused(_unreadable()) from None


def _unreadable() -> Any:
    return refuse("file_unreadable", _("This file is damaged or cannot be read."))
