"""Spreadsheet files: CSV (UTF-8 with its mark, semicolons) and XLSX, as people read them."""

import datetime
from collections.abc import Mapping
from typing import Any

import tablib
from django.utils.translation import gettext_lazy as _

from maps.exporting.cells import neutralise, restore
from participation.core.workbooks import workbook

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
    return workbook(titles, rows) if kind == "xlsx" else _csv(titles, rows)


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
