"""Canonical JSON, digests and the lot: what anyone must be able to recompute."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.methods.digest import canonical_json, digest, sha256_hex
from participation.methods.tally import draw_order


def test_canonical_json_has_one_form() -> None:
    value = {"b": (1, None, True), "a": {"é": "\u2028\n"}, "A": -3}

    assert canonical_json(value) == '{"A":-3,"a":{"é":"\u2028\\n"},"b":[1,null,true]}'
    assert digest(value) == hashlib.sha256(canonical_json(value).encode()).hexdigest()
    assert digest(value) == digest(dict(reversed(value.items())))
    assert sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("value", [1.0, [0.5], {1: "a"}, b"bytes", {"a": {1, 2}}, object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_the_lot_is_the_order_of_the_published_formula() -> None:
    identifiers = [str(number) for number in range(200)]
    expected = sorted(
        identifiers, key=lambda name: hashlib.sha256(f"12 7 33 41 5|{name}".encode()).digest()
    )

    drawn = draw_order("12 7 33 41 5", identifiers)

    assert list(drawn) == expected
    assert list(drawn.values()) == list(range(1, 201))
    assert drawn == draw_order("12 7 33 41 5", reversed(identifiers))
    assert list(drawn) != list(draw_order("12 7 33 41 6", identifiers))


def test_a_lot_by_hand() -> None:
    """As printed by `printf '%s|%s' graine banc | sha256sum`, and so on."""
    digests = {
        name: hashlib.sha256(f"graine|{name}".encode()).hexdigest()[:6]
        for name in ("puits", "haie", "banc")
    }

    assert digests == {"puits": "75a616", "haie": "5ee732", "banc": "22fc31"}
    assert draw_order("graine", digests) == {"banc": 1, "haie": 2, "puits": 3}


def test_an_identifier_cannot_be_drawn_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw_order("seed", ["a", "b", "a"])


@given(st.text(max_size=8), st.sets(st.text(max_size=5), max_size=12))
def test_a_lot_gives_each_a_rank_of_its_own(seed: str, identifiers: set[str]) -> None:
    drawn = draw_order(seed, identifiers)

    assert drawn.keys() == identifiers
    assert sorted(drawn.values()) == list(range(1, len(identifiers) + 1))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_canonical_json_is_json(value: object) -> None:
    assert json.loads(canonical_json(value)) == value
