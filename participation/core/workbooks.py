"""An XLSX file of one sheet, written line after line."""

import datetime
import io
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

_NARROWEST, _WIDEST = 8, 60  # in characters
_LONGEST = 32_767  # characters that Excel keeps in a cell
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DAY, _MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


def workbook(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """The file: bold titles that stay in sight, columns to filter, long texts wrapped.

    Days and moments (without zone) are real dates, numbers add up, all the rest is text.
    """
    kept = io.BytesIO()
    # Each line goes to disk when the next begins, and each text is written where it stands.
    with Workbook(kept, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Parvis")
        heading = book.add_format({"bold": True})
        top, wrapped, day, moment = (
            book.add_format({"valign": "top", **more})
            for more in ({}, {"text_wrap": True}, {"num_format": _DAY}, {"num_format": _MOMENT})
        )
        widths = [max(len(title), _NARROWEST) for title in titles]
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, heading)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                width = _NARROWEST
                match value:
                    case None | "":
                        continue
                    case bool():
                        sheet.write_boolean(line, column, value, top)
                    case int() | float() | Decimal() if math.isfinite(value):
                        sheet.write_number(line, column, value, top)
                        width = len(str(value))
                    case datetime.datetime():
                        sheet.write_datetime(line, column, value, moment)
                        width = len(_MOMENT)
                    case datetime.date():
                        sheet.write_datetime(line, column, value, day)
                        width = len(_DAY)
                    case _:
                        text = _NO_XML.sub("", str(value))[:_LONGEST]
                        width = max(map(len, text.splitlines()), default=0)
                        is_long = width > _WIDEST or "\n" in text
                        sheet.write_string(line, column, text, wrapped if is_long else top)
                widths[column] = max(widths[column], width)
        for column, width in enumerate(widths):
            # Excel refuses columns wider than 255 characters; long before, nobody reads them.
            sheet.set_column(column, column, min(width, _WIDEST) + 2)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(titles) - 1)
    return kept.getvalue()
