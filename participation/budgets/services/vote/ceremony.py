"""The keys of a board of three, any two of whom open the box. Nothing here touches a database.

A member's secret is 130 random bits, written as 26 letters and digits of Crockford's base 32 and
his check character: easy to read aloud, hard to mistype. It makes the member's X25519 key by
HKDF. The poll's private key is sealed for each pair of members, to the second then to the first:
two of three without any home-made sharing.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from participation.budgets.services.vote.envelopes import SUITE
from participation.methods.digest import sha256_hex

PAIRS = ((1, 2), (1, 3), (2, 3))
_BITS = 130
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = _LETTERS + "*~$=U"
_LENGTH = _BITS // 5 + 1
_GROUPS = (4, 5, 4, 5, 4, 5)
_MEMBER_INFO = b"parvis-board-v1"
_SHARE_INFO = b"parvis-share-v1"


class BadSecretError(ValueError):
    """A text that is not a secret: `missing_letters`, `extra_letters`, `strange_letter`, `typo`."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(fault)


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A poll's public key (32 bytes), and its private half sealed for each of `PAIRS`."""

    public_key: bytes
    seals: dict[tuple[int, int], bytes]

    @property
    def fingerprint(self) -> str:
        return sha256_hex(self.public_key)


def new_secret() -> str:
    """A member's new secret, in groups, as it is printed."""
    return _written(secrets.randbits(_BITS))


def member_public_key(secret: str) -> bytes:
    """The public key that a typed secret makes. Raises `BadSecretError`."""
    return public_bytes(_member_key(secret))


def make_sealed_key(members: Sequence[bytes]) -> SealedKey:
    """Make a poll's key pair for three members' public keys, and forget its private half."""
    private = X25519PrivateKey.generate()
    raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    keys = [X25519PublicKey.from_public_bytes(member) for member in members]
    return SealedKey(
        public_bytes(private),
        {
            (first, second): SUITE.encrypt(
                SUITE.encrypt(raw, keys[second - 1], _SHARE_INFO), keys[first - 1], _SHARE_INFO
            )
            for first, second in PAIRS
        },
    )


def open_sealed_key(*, sealed: bytes, first: str, second: str) -> X25519PrivateKey:
    """The poll's private key, from the seal of a pair and the secrets of its two members.

    Raises `BadSecretError` for a mistyped secret, `ValueError` when the seal does not open.
    """
    try:
        inner = SUITE.decrypt(sealed, _member_key(first), _SHARE_INFO)
        return X25519PrivateKey.from_private_bytes(
            SUITE.decrypt(inner, _member_key(second), _SHARE_INFO)
        )
    except InvalidTag as error:
        raise ValueError("the seal does not open with these two secrets") from error


def public_bytes(private: X25519PrivateKey) -> bytes:
    """The 32 bytes of the public half of a key."""
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _written(number: int) -> str:
    letters = [_LETTERS[number >> shift & 31] for shift in range(_BITS - 5, -1, -5)]
    text = "".join(letters) + _CHECK[number % 37]
    groups, start = [], 0
    for size in _GROUPS:
        groups.append(text[start : start + size])
        start += size
    return "-".join(groups)


def _number(text: str) -> int:
    """The number that a secret writes, typed with any case, blanks or dashes; O is 0, I and L 1."""
    plain = "".join(text.upper().split()).replace("-", "").replace("–", "").replace("—", "")
    plain = plain.translate(str.maketrans("OIL", "011"))
    if len(plain) != _LENGTH:
        raise BadSecretError("missing_letters" if len(plain) < _LENGTH else "extra_letters")
    if any(letter not in _LETTERS for letter in plain[:-1]) or plain[-1] not in _CHECK:
        raise BadSecretError("strange_letter")
    number = 0
    for letter in plain[:-1]:
        number = number << 5 | _LETTERS.index(letter)
    if _CHECK[number % 37] != plain[-1]:
        raise BadSecretError("typo")
    return number


def _member_key(secret: str) -> X25519PrivateKey:
    material = _number(secret).to_bytes(-(-_BITS // 8), "big")
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_MEMBER_INFO).derive(material)
    return X25519PrivateKey.from_private_bytes(derived)
