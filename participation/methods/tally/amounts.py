"""Exact amounts as text."""

from fractions import Fraction

# Python refuses to write more than 4300 digits at once.
_DIGITS = 4000
_CHUNK = 10**_DIGITS


def exact_text(amount: Fraction) -> str:
    """A fraction in lowest terms such as "7/3", or "2", however long."""
    return ratio_text(*amount.as_integer_ratio())


def ratio_text(numerator: int, denominator: int) -> str:
    """The same for two whole numbers that are positive and share no factor."""
    if denominator == 1:
        return _decimal(numerator)
    return f"{_decimal(numerator)}/{_decimal(denominator)}"


def _decimal(number: int) -> str:
    if abs(number) < _CHUNK:
        return str(number)
    if number < 0:
        return "-" + _decimal(-number)
    higher, lower = divmod(number, _CHUNK)
    return _decimal(higher) + str(lower).zfill(_DIGITS)
