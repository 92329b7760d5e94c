"""Cells of tables: text that a spreadsheet would run as a formula, and back, without loss."""

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


def neutralise(value: Any) -> Any:
    """A text that begins like a formula gets an apostrophe before it; other values stay.

    A text that already begins with apostrophes and then a formula gets one more, so that
    `restore` always finds the text that was there.
    """
    if isinstance(value, str) and value.lstrip("'").startswith(_STARTS):
        return f"'{value}"
    return value


def restore(value: Any) -> Any:
    """The text before `neutralise`; a text typed by hand without apostrophe is left as it is."""
    if isinstance(value, str) and value.startswith("'") and value.lstrip("'").startswith(_STARTS):
        return value[1:]
    return value
