"""Private keys of sealed votes: one file each, outside the database, readable by us alone."""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from nacl.public import PrivateKey

from participation.core.verdict import Refused, Verdict, refuse


def make_key() -> bytes:
    """Make an X25519 key pair, write the private half to its file, return the public half.

    The file exists on disk before the poll is committed; a rolled back sealing leaves a key that
    opens nothing.
    """
    private = PrivateKey.generate()
    public = bytes(private.public_key)
    directory = Path(settings.BALLOT_KEYS_DIR)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(key_path(public), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(bytes(private).hex().encode())
        file.flush()
        os.fsync(file.fileno())
    return public


def read_key(public: bytes) -> PrivateKey:
    """The private key that goes with `public`.

    Raises `Refused` with `key_missing` or `key_wrong`, each naming the file.
    """
    path = key_path(public)
    try:
        private = PrivateKey(bytes.fromhex(path.read_text().strip()))
    except FileNotFoundError:
        raise Refused(
            refuse(
                "key_missing",
                _(
                    "The key that opens this box is not on this server. Put the file %(name)s "
                    "back into the folder of ballot keys, then count again."
                ),
                name=path.name,
            )
        ) from None
    except (OSError, ValueError, TypeError):
        raise Refused(_wrong(path)) from None
    if bytes(private.public_key) != public:
        raise Refused(_wrong(path))
    return private


def key_path(public: bytes) -> Path:
    return Path(settings.BALLOT_KEYS_DIR) / f"{public.hex()[:32]}.key"


def _wrong(path: Path) -> Verdict:
    return refuse(
        "key_wrong",
        _("The file %(name)s is not the key of this box. Put the right one back."),
        name=path.name,
    )
