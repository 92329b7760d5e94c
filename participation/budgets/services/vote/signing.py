"""The site's own signing key (Ed25519): a file outside the database, made on first use."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.conf import settings

_FILE = "site-signing.key"


class SigningKeyError(RuntimeError):
    """The key's file is there and cannot be used: its message says which and why."""


def sign(text: str) -> str:
    """The site's signature of a text in UTF-8: 128 hexadecimal digits."""
    return _key().sign(text.encode()).hex()


def public_signing_key() -> str:
    """The public half, 64 hexadecimal digits: published, and printed in the minutes."""
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _key() -> Ed25519PrivateKey:
    path = Path(settings.BALLOT_KEYS_DIR) / _FILE
    if not path.exists():
        _make(path)
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))
    except (OSError, ValueError) as error:
        raise SigningKeyError(f"{path}: {error}") from error


def _make(path: Path) -> None:
    """Write a new key aside and give it its name once: of two processes, one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    raw = Ed25519PrivateKey.generate().private_bytes(
        Encoding.Raw, PrivateFormat.Raw, NoEncryption()
    )
    aside = path.with_name(f".{secrets.token_hex(8)}.new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw.hex().encode())
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        pass  # another process made it first: that one is the site's
    finally:
        aside.unlink()
