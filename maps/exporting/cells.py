"""Cells of tables that no spreadsheet runs as a formula."""

import datetime
from typing import Any

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> Any:
    """A value as every format has it: text, number, boolean, ISO date or `None`."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return ", ".join(str(each) for each in value)
    return str(value)


def safe(value: Any) -> Any:
    """A text that begins like a formula gets an apostrophe before it; other values stay."""
    if isinstance(value, str) and value.lstrip("'").startswith(_STARTS):
        return f"'{value}"
    return value
