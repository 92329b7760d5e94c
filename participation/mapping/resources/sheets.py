"""Spreadsheet files: CSV (UTF-8 with its mark, semicolons) and XLSX."""

import tablib

from maps.exporting.cells import safe

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_sheet(dataset: tablib.Dataset, kind: str) -> bytes:
    """The file of a dataset, `csv` or `xlsx`, where no cell can be run as a formula."""
    clean = tablib.Dataset(headers=dataset.headers, title="Parvis")
    for row in dataset:
        clean.append([safe(cell) for cell in row])
    if kind == "xlsx":
        written: bytes = clean.export("xlsx")
        return written
    # The mark at the start tells Excel that the file is UTF-8.
    return b"\xef\xbb\xbf" + clean.export("csv", delimiter=";").encode()
