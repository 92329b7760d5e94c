"""Spreadsheet files: CSV (UTF-8 with its mark, semicolons) and XLSX, as people read them."""

import datetime
import io
from collections.abc import Mapping
from typing import Any

import tablib
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from maps.exporting.cells import neutralise, restore

__all__ = ["CONTENT_TYPES", "HEADINGS", "neutralise", "restore", "write_sheet"]

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADINGS = {
    "numero": _("Number"),
    "titre": _("Title"),
    "description": _("Description"),
    "auteur": _("Author"),
    "categorie": _("Category"),
    "quartier": _("Neighbourhood"),
    "adresse": _("Address"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "etat": _("State"),
    "visibilite": _("Visibility"),
    "directions": _("Directorates"),
    "soutiens": _("Supports"),
    "commentaires": _("Comments"),
    "deposee_le": _("Submitted on"),
}
"""What people read above the columns that several lists have."""
_DAY, _MOMENT = "%d/%m/%Y", "%d/%m/%Y %H:%M"
_CELL_DAY, _CELL_MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
_NARROWEST, _WIDEST = 8, 60  # in characters


def write_sheet(
    dataset: tablib.Dataset, kind: str, *, headings: Mapping[str, Any] | None = None
) -> bytes:
    """The file of a dataset, `csv` or `xlsx`, where no cell can be run as a formula.

    `headings` gives the words to read instead of a column's name. Days and moments (with the clocks
    of their place, without zone) are written as in France, and are real dates in XLSX.
    """
    words = headings or {}
    titles = [neutralise(str(words.get(name, name))) for name in dataset.headers]
    rows = [[neutralise(cell) for cell in row] for row in dataset]
    return _xlsx(titles, rows) if kind == "xlsx" else _csv(titles, rows)


def _csv(titles: list[str], rows: list[list[Any]]) -> bytes:
    written = tablib.Dataset(headers=titles)
    for row in rows:
        written.append([_as_text(cell) for cell in row])
    # The mark at the start tells Excel that the file is UTF-8.
    return b"\xef\xbb\xbf" + written.export("csv", delimiter=";").encode()


def _as_text(cell: Any) -> Any:
    if isinstance(cell, datetime.datetime):
        return f"{cell:{_MOMENT}}"
    return f"{cell:{_DAY}}" if isinstance(cell, datetime.date) else cell


def _cell_value(value: Any) -> Any:
    if isinstance(value, str | Promise):
        return ILLEGAL_CHARACTERS_RE.sub("", str(value))
    return value


def _xlsx(titles: list[str], rows: list[list[Any]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Parvis"
    widths = [max(len(title), _NARROWEST) for title in titles]
    for column, title in enumerate(titles, start=1):
        sheet.cell(1, column, title).font = Font(bold=True)
    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(line, column)
            cell.value = _cell_value(value)
            if isinstance(value, datetime.datetime):
                cell.number_format = _CELL_MOMENT
            elif isinstance(value, datetime.date):
                cell.number_format = _CELL_DAY
            longest = max(map(len, str(_as_text(value)).splitlines()), default=0)
            cell.alignment = wrapped if longest > _WIDEST or "\n" in str(value) else top
            widths[column - 1] = max(widths[column - 1], longest)
    for column, width in enumerate(widths, start=1):
        # Excel refuses columns wider than 255 characters; long before, nobody reads them.
        sheet.column_dimensions[get_column_letter(column)].width = min(width, _WIDEST) + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
