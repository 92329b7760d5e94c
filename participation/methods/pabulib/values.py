"""Cells of a `.pb` file: amounts, whole numbers, coordinates."""

import re
from decimal import Decimal

_AMOUNT = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,30}))?")
_WHOLE = re.compile(r"(-?[0-9]{1,15})(?:\.0{1,30})?")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,30})?")


def parse_amount(text: str) -> int:
    """Cents of a plain decimal such as `1000`, `100000.0` or `12.50`, exactly.

    Raises `ValueError` for anything else: blanks or commas inside, exponents, more than fifteen
    digits before the point, or a part of a cent that is not zero.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"not a plain decimal amount: {text!r}")
    sign, units, decimals = match.groups()
    cents = (decimals or "").ljust(2, "0")
    if cents[2:].strip("0"):
        raise ValueError(f"more precise than a cent: {text!r}")
    amount = int(units) * 100 + int(cents[:2])
    return -amount if sign else amount


def format_amount(cents: int) -> str:
    """Write cents as the shortest plain decimal: `1000`, `12.50`."""
    units, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{units}.{rest:02d}" if rest else f"{sign}{units}"


def parse_whole(text: str, *, least: int | None = None) -> int:
    """A whole number such as `12`, `-3` or `12.0`; `ValueError` for others or below `least`."""
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a whole number: {text!r}")
    number = int(match[1])
    if least is not None and number < least:
        raise ValueError(f"less than {least}: {text!r}")
    return number


def parse_decimal(text: str) -> Decimal:
    """An exact decimal (coordinates, weighted scores); `ValueError` for anything else."""
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError(f"not a plain decimal: {text!r}")
    return Decimal(text)
