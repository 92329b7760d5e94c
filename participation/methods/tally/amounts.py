"""Exact amounts as text."""

from fractions import Fraction

_CHUNK = 4000  # digits; Python refuses to write more than 4300 at once


def exact_text(amount: Fraction) -> str:
    """A fraction in lowest terms such as "7/3", or "2", however long."""
    if amount.denominator == 1:
        return _decimal(amount.numerator)
    return f"{_decimal(amount.numerator)}/{_decimal(amount.denominator)}"


def _decimal(number: int) -> str:
    if number < 0:
        return "-" + _decimal(-number)
    higher, lower = divmod(number, 10**_CHUNK)
    return _decimal(higher) + str(lower).zfill(_CHUNK) if higher else str(lower)
