"""Keyed digests: what a table of the electors holds cannot be tried against a directory.

The key comes from `ELECTORS_KEY`, or from `SECRET_KEY` when that is empty. It must not change
while a vote is open: people would not be recognised any more.
"""

import functools
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings
from django.utils.encoding import force_bytes


@functools.lru_cache(maxsize=8)
def _key(secret: bytes) -> bytes:
    return hmac.digest(secret, b"parvis-electors-v1", hashlib.sha256)


def keyed_digest(*parts: object) -> str:
    """HMAC-SHA256 of the parts in lower hexadecimal; parts hold no vertical bar but the last."""
    key = _key(force_bytes(settings.ELECTORS_KEY or settings.SECRET_KEY))
    text = "|".join(str(part) for part in parts)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def identity_digest(electorate_id: int, kind: str, value: str) -> str:
    """What recognises a person in one electorate; another electorate gives another digest."""
    return keyed_digest("identity", electorate_id, kind, value)


def code_digest(electorate_id: int, code: str) -> str:
    """What is kept of a letter's code."""
    return keyed_digest("code", electorate_id, code)


def sealed(values: Iterable[object]) -> str:
    """A seal on a row: whoever changes it without the key is seen."""
    return keyed_digest("seal", "|".join(str(value) for value in values))
