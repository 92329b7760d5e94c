"""Canonical JSON and SHA-256: the same value always gives the same bytes and the same digest.

The canonical form is JSON in UTF-8, with object keys sorted by code point, no blank between
tokens, no escape that JSON does not require, integers in decimal, and no floating-point number at
all: two languages do not always write the same float alike.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence


def canonical_json(value: object) -> str:
    """The canonical text of nested mappings, sequences, strings, integers, booleans and None.

    Raises `TypeError` for a float, a key that is not a string, or any other type, rather than
    guess how to write it.
    """
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256_hex(data: str | bytes) -> str:
    """SHA-256 of bytes, or of a text in UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of a value."""
    return sha256_hex(canonical_json(value))


_PLAIN = frozenset({str, int, bool, type(None)})


def _plain(value: object) -> object:
    # By far the most frequent; asking whether something is a Mapping or a Sequence is slow.
    if type(value) in _PLAIN:
        return value
    if type(value) is list:
        return [item if type(item) in _PLAIN else _plain(item) for item in value]
    if isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a key must be a string, not {key!r}")
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(item) for item in value]
    raise TypeError(f"canonical JSON cannot hold a {type(value).__name__}: {value!r}")
