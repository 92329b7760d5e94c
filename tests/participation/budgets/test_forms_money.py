"""Amounts as people write them in French."""

import pytest
from django import forms

from participation.budgets.forms.money import EuroField, parse_euros, write_euros


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12500", 1_250_000),
        ("12 500", 1_250_000),
        ("12 500,50", 1_250_050),
        ("12\u202f500,5 €", 1_250_050),
        ("12\u00a0500.50", 1_250_050),
        ("12.500,50", 1_250_050),
        ("1.234.567,00 euros", 123_456_700),
        ("0,01", 1),
        ("250000EUR", 25_000_000),
    ],
)
def test_amounts_that_are_understood(text: str, cents: int) -> None:
    assert parse_euros(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "-5",
        "12,500",
        "12.500",
        "1,2,3",
        "1e9",
        "12 500,505",
        "∞",
        "½",
        "1" * 20,
        "12 €€ 3x",
    ],
)
def test_amounts_that_are_not_clear_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_euros(text)


@pytest.mark.parametrize("cents", [1, 100, 1_250_050, 25_000_000])
def test_what_is_written_back_reads_the_same(cents: int) -> None:
    assert parse_euros(write_euros(cents)) == cents


def test_the_field_gives_cents_or_none_and_says_what_is_wrong() -> None:
    field = EuroField(required=False, max_cents=1_000_000)
    assert field.clean("") is None
    assert field.clean("10 000") == 1_000_000
    for text, code in [("zéro", "invalid"), ("0", "zero"), ("10 000,01", "too_much")]:
        with pytest.raises(forms.ValidationError) as caught:
            field.clean(text)
        assert [error.code for error in caught.value.error_list] == [code]
