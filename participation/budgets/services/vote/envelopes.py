"""What a sealed envelope holds: canonical JSON of constant length, sealed to the poll's key."""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from participation.methods.digest import canonical_json

_CODE_BYTES = 15
_KEY_DIGITS = 20  # the longest bigint and its comma


class UnreadableEnvelopeError(ValueError):
    """An envelope that is not ours, was altered, or holds something else than a ballot."""


@dataclass(frozen=True, slots=True)
class OpenedBallot:
    """`code` is random and known to nobody before the box opens."""

    code: str
    choices: tuple[int, ...]


def padded_length(*, most_choices: int) -> int:
    """Bytes of every plaintext of a poll: room for the longest ballot, in steps of 256."""
    needed = 128 + _KEY_DIGITS * most_choices
    return -(-needed // 256) * 256


def seal(*, public_key: bytes, poll_id: int, choices: Sequence[int], length: int) -> bytes:
    """Seal a ballot; every envelope of a poll has the same length, whatever it holds."""
    plain = canonical_json(
        {
            "choices": sorted(choices),
            "code": base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode(),
            "poll": poll_id,
        }
    ).encode()
    if len(plain) > length:
        raise ValueError(f"the ballot takes {len(plain)} bytes and the envelope holds {length}")
    return SealedBox(PublicKey(public_key)).encrypt(plain.ljust(length))


def deposit_code(sealed: bytes) -> str:
    """What the voter is given: a digest of the sealed envelope, which tells nothing of it."""
    return base64.b32encode(hashlib.sha256(sealed).digest()).decode()[:20]


def unseal(*, key: PrivateKey, poll_id: int, sealed: bytes) -> OpenedBallot:
    """Open an envelope; whether its choices are valid is not asked here.

    Raises `UnreadableEnvelopeError`.
    """
    try:
        held = json.loads(SealedBox(key).decrypt(sealed))
    except (CryptoError, ValueError) as error:
        raise UnreadableEnvelopeError from error
    if not isinstance(held, dict) or held.keys() != {"choices", "code", "poll"}:
        raise UnreadableEnvelopeError
    choices, code = held["choices"], held["code"]
    if held["poll"] != poll_id or not isinstance(code, str) or not 1 <= len(code) <= 64:
        raise UnreadableEnvelopeError
    if not isinstance(choices, list) or not all(type(choice) is int for choice in choices):
        raise UnreadableEnvelopeError
    return OpenedBallot(code, tuple(choices))
