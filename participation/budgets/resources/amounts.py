"""Amounts in spreadsheets: euros outside, integer cents inside."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from participation.budgets.forms.money import parse_euros


def euros_cell(cents: int | None) -> int | float | str:
    """Whole euros as an integer; cents exactly, as a decimal that a spreadsheet reads."""
    if cents is None:
        return ""
    euros, rest = divmod(cents, 100)
    return f"{euros},{rest:02d}" if rest else euros


def cents_of_cell(value: Any, column: str) -> int:
    """Cents of what a cell holds: a text, an integer or a number of a spreadsheet.

    Raises `ValidationError` with a sentence.
    """
    if isinstance(value, float):
        # A spreadsheet keeps 12.5 as a binary number: its shortest writing is what was typed.
        value = repr(value).removesuffix(".0")
    text = str(value).strip()
    if not text:
        raise ValidationError(gettext("the column “%(column)s” is empty") % {"column": column})
    try:
        cents = parse_euros(text)
    except ValueError:
        raise ValidationError(
            gettext("“%(text)s” in “%(column)s” is not an amount in euros")
            % {"text": text[:40], "column": column}
        ) from None
    if cents == 0:
        raise ValidationError(gettext("the column “%(column)s” is zero") % {"column": column})
    return cents
