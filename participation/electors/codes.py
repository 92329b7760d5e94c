"""The codes of letters: hard to guess, easy to copy.

Sixteen signs of an alphabet of 31 in four groups of four, as on a bank card: fifteen drawn at
random (74 bits) and one that checks them. The alphabet has neither I, L, O, S nor U (taken for
1, 0, 5 and V) and its size is prime, so that the weighted sum catches any wrong sign and any two
signs swapped (the reasoning of ISBN-10).
"""

import re
import secrets
import unicodedata
from typing import NamedTuple

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
LENGTH = 16
_TAKEN_FOR = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "S": "5"})
_BETWEEN = re.compile(r"[\s\-–—‑_.·/]+")
_NUMBER = re.compile(r"\D*(\d{1,9})[\s\-–—‑_.·/]+(\d{1,9})(?:[\s\-–—‑_.·/]+(\d{1,4}))?\s*")


def new_code() -> str:
    """A fresh code, without spaces."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def grouped(code: str) -> str:
    """As printed: `ABCD EFGH JKMN PQR7`."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str) -> str | None:
    """The code that somebody meant, or None when no code is written so.

    Lower case, spaces and hyphens, O for 0, I or L for 1, U for V, S for 5 are all understood.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    code = _BETWEEN.sub("", folded).translate(_TAKEN_FOR)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return code if _check(code[:-1]) == code[-1] else None


class LetterNumber(NamedTuple):
    """What names one letter on paper and says nothing of its code, as printed: `3-17-1`.

    Its batch, its place in the batch, and which printing of the batch it is of; `printing` is 0
    when only the first two are given.
    """

    batch: int
    rank: int
    printing: int = 0

    def __str__(self) -> str:
        return f"{self.batch}-{self.rank}-{self.printing}"


def read_letter_number(text: str) -> LetterNumber | None:
    """The number that somebody meant, or None when no number is written so.

    Any sign or blank between its parts, and words before it ("n°"), are understood.
    """
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
    return LetterNumber(*(int(part or 0) for part in found.groups())) if found else None


def _check(body: str) -> str:
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]
