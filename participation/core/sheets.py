"""Spreadsheet files: CSV (UTF-8 with its mark, semicolons) and XLSX."""

import tablib

from maps.exporting.cells import neutralise, restore

__all__ = ["CONTENT_TYPES", "neutralise", "restore", "write_sheet"]

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_sheet(dataset: tablib.Dataset, kind: str) -> bytes:
    """The file of a dataset, `csv` or `xlsx`, where no cell can be run as a formula."""
    safe = tablib.Dataset(headers=dataset.headers, title="Parvis")
    for row in dataset:
        safe.append([neutralise(cell) for cell in row])
    if kind == "xlsx":
        written: bytes = safe.export("xlsx")
        return written
    # The mark at the start tells Excel that the file is UTF-8.
    return b"\xef\xbb\xbf" + safe.export("csv", delimiter=";").encode()
