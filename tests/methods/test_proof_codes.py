"""Ballot codes as people copy them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.methods.proof import grouped_code, plain_code

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("mfxc 0zja", "MFXCOZJA"),
        ("MFXC-1ZJ8", "MFXCIZJB"),
        (" MFXC\u202f2ZJA\n", "MFXC2ZJA"),
        ("P-003-12", "P-003-12"),
        ("p 3 7", "P-003-07"),
        ("P3-12", "P-003-12"),
        ("P – 03 – 012", "P-003-12"),
        ("", ""),
        ("---", ""),
    ],
)
def test_a_code_is_read_however_it_was_copied(typed: str, code: str) -> None:
    assert plain_code(typed) == code


@given(st.text(ALPHABET, min_size=24, max_size=24))
def test_what_is_shown_is_read_back(code: str) -> None:
    assert plain_code(grouped_code(code)) == code
    assert plain_code(grouped_code(code).lower().replace("o", "0").replace("i", "1")) == code
    assert plain_code(code) == code
