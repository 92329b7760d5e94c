"""What a sealed envelope holds: canonical JSON of constant length, sealed to the board's key.

HPKE (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. An envelope is
the encapsulated key (32 bytes), then the ciphertext and its tag; a browser makes the same.
"""

import base64
import binascii
import hashlib
import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from participation.methods.digest import canonical_json

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
OVERHEAD = 32 + 16
"""Bytes that sealing adds: the encapsulated key and the tag."""

CODE_LETTERS = 24
_CODE = re.compile(r"[A-Z2-7]{24}")
_KEY_DIGITS = 20  # the longest bigint and its comma
_POINT_DIGITS = 8


class UnreadableEnvelopeError(ValueError):
    """An envelope that is not ours, was altered, or holds something else than a ballot."""


@dataclass(frozen=True, slots=True)
class OpenedBallot:
    """`code` was known to the voter alone before the box opened."""

    code: str
    choices: tuple[int, ...]
    points: tuple[int, ...] | None = None


def padded_length(*, most_choices: int) -> int:
    """Bytes of every plaintext of a poll: room for the longest ballot, in steps of 256."""
    needed = 128 + (_KEY_DIGITS + _POINT_DIGITS) * most_choices
    return -(-needed // 256) * 256


def envelope_info(poll_id: int) -> bytes:
    """What ties an envelope to its poll: it opens nowhere else."""
    return f"parvis-ballot-v1|{poll_id}".encode()


def ballot_code(*, poll_id: int, cast_key: uuid.UUID, word: str = "") -> str:
    """The ballot code of a ballot sealed here: the same for the same form, so for a retry.

    The form's key is 122 random bits that only the browser keeps. `word` is the voter's own: with
    one, nobody could give two people the same code.
    """
    text = f"parvis-ballot-code-v1|{poll_id}|{cast_key}|{word}"
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:CODE_LETTERS]


def seal(
    *,
    public_key: bytes,
    poll_id: int,
    choices: Sequence[int],
    points: Sequence[int] | None,
    code: str,
    length: int,
) -> bytes:
    """Seal a ballot; every envelope of a poll has the same length, whatever it holds.

    `choices` and `points` are sealed in the order given; `length` is that of the plaintext.
    """
    plain = canonical_json(
        {
            "c": list(choices),
            "e": poll_id,
            "p": None if points is None else list(points),
            "r": code,
        }
    ).encode()
    if len(plain) > length:
        raise ValueError(f"the ballot takes {len(plain)} bytes and the envelope holds {length}")
    return SUITE.encrypt(
        plain.ljust(length), X25519PublicKey.from_public_bytes(public_key), envelope_info(poll_id)
    )


def read_envelope(text: str, *, length: int) -> bytes | None:
    """An envelope sealed in a browser, from base64url; None unless it has the poll's length.

    `length` is that of the plaintext.
    """
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return sealed if len(sealed) == length + OVERHEAD else None


def envelope_hash(sealed: bytes) -> str:
    """The full digest of a sealed envelope, as the journal gives it: lower-case hexadecimal."""
    return hashlib.sha256(sealed).hexdigest()


def deposit_code(sealed: bytes) -> str:
    """What the voter is given: a digest of the sealed envelope, which tells nothing of it."""
    return base64.b32encode(hashlib.sha256(sealed).digest()).decode()[:20]


def unseal(*, key: X25519PrivateKey, poll_id: int, sealed: bytes) -> OpenedBallot:
    """Open an envelope; whether its choices are valid is not asked here.

    Raises `UnreadableEnvelopeError`.
    """
    try:
        held = json.loads(SUITE.decrypt(sealed, key, envelope_info(poll_id)))
    except (InvalidTag, ValueError, RecursionError) as error:
        # A thousand brackets are a RecursionError: one voter's joke must not keep the box shut.
        raise UnreadableEnvelopeError from error
    if not isinstance(held, dict) or held.keys() != {"c", "e", "p", "r"}:
        raise UnreadableEnvelopeError
    choices, points, code = held["c"], held["p"], held["r"]
    if held["e"] != poll_id or not isinstance(code, str) or not _CODE.fullmatch(code):
        raise UnreadableEnvelopeError
    if not _are_numbers(choices) or not (points is None or _are_numbers(points)):
        raise UnreadableEnvelopeError
    return OpenedBallot(code, tuple(choices), None if points is None else tuple(points))


def _are_numbers(held: object) -> bool:
    # A number beyond what the database holds is no key and no point of ours.
    return isinstance(held, list) and all(
        type(number) is int and abs(number) < 2**31 * 2**31 for number in held
    )
