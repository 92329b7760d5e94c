"""The two statements that a site signs: the head of a journal each day, and a publication."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from participation.methods.digest import canonical_json, sha256_hex

VerifySignature = Callable[[bytes, bytes, bytes], bool]
"""Whether a signature (64 bytes) of a message is by an Ed25519 public key (32 bytes): `(key,
signature, message)`. Passed in, so that this package needs no cryptographic library."""

HEAD_VERSION = "parvis-head-v1"
MANIFEST_VERSION = "parvis-manifest-v1"

_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_KEY = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a journal on one day, as signed. `day` is ISO 8601, `signature` and
    `timestamp` (an RFC 3161 token, or empty) are in hexadecimal."""

    day: str
    seq: int
    head: str
    signature: str
    timestamp: str = ""


def head_statement(*, poll_id: int, day: str, seq: int, head: str) -> bytes:
    """What is signed of a journal at the end of a day."""
    return canonical_json(
        {"day": day, "head": head, "poll": poll_id, "seq": seq, "v": HEAD_VERSION}
    ).encode()


def manifest_statement(*, poll_id: int, files: Mapping[str, bytes]) -> bytes:
    """What is signed of a publication: the SHA-256 of each of its files."""
    digests = {name: sha256_hex(content) for name, content in files.items()}
    return canonical_json({"files": digests, "poll": poll_id, "v": MANIFEST_VERSION}).encode()


def write_heads(heads: list[Head]) -> bytes:
    """The published file of the signed heads, canonical JSON."""
    return canonical_json(
        [
            {
                "day": head.day,
                "head": head.head,
                "seq": head.seq,
                "signature": head.signature,
                "timestamp": head.timestamp,
            }
            for head in heads
        ]
    ).encode()


def read_heads(content: bytes) -> list[Head]:
    """The heads of the published file. Raises `ValueError` for anything else."""
    heads = []
    for item in read_canonical(content):
        if set(item) != {"day", "head", "seq", "signature", "timestamp"}:
            raise ValueError("a signed head has five fields")
        head = Head(**item)
        texts = (head.day, head.head, head.signature, head.timestamp)
        if not all(isinstance(text, str) for text in texts) or type(head.seq) is not int:
            raise ValueError("a field of a signed head is of the wrong type")
        if _DAY.fullmatch(head.day) is None or _KEY.fullmatch(head.head) is None:
            raise ValueError("a signed head has a day and a digest")
        heads.append(head)
    return heads


def read_canonical(content: bytes) -> Any:
    """A JSON value written in its canonical form and no other.

    Raises `ValueError`: two texts of the same value would be two files with one meaning.
    """
    try:
        value = json.loads(content)
        canonical = canonical_json(value).encode()
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if canonical != content:
        raise ValueError("the JSON is not in its canonical form")
    return value


def signed_by(key: str, signature: str, message: bytes, verify: VerifySignature) -> bool:
    """Whether a signature is that of the message by the key, both in lower-case hexadecimal."""
    if _KEY.fullmatch(key) is None or _SIGNATURE.fullmatch(signature) is None:
        return False
    return verify(bytes.fromhex(key), bytes.fromhex(signature), message)
