"""Keep the published files on disk, one folder a poll, and find them again.

A folder appears whole or not at all: files are written beside it and the folder is renamed. What
was published is in the audit log by its digests, in the transaction that publishes.
"""

import datetime
import hashlib
import logging
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from participation.budgets.models import Poll
from participation.budgets.services.vote.publication.building import contents
from participation.budgets.services.vote.publication.statement import (
    ACTION,
    REVISED,
    make_statement,
)
from participation.budgets.services.vote.signing import public_signing_key, sign
from participation.core import audit
from participation.methods.digest import canonical_json, sha256_hex
from participation.methods.proof import FILES
from participation.methods.proof.statements import MANIFEST_VERSION

ARCHIVE = "publication.zip"
_LOG = logging.getLogger(__name__)
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # an archive of the same files has the same bytes


class PublicationLostError(RuntimeError):
    """The files are gone and those made again are not the ones that were published."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a publication; `sha256` in hexadecimal, `size` in bytes."""

    name: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Publication:
    """The files of one poll, those of the manifest first, the archive last."""

    poll: Poll
    files: tuple[PublishedFile, ...]
    statement: Mapping[str, Any]

    def file(self, name: str) -> PublishedFile | None:
        return next((file for file in self.files if file.name == name), None)

    @property
    def manifest_sha256(self) -> str:
        return next(file.sha256 for file in self.files if file.name == "manifest.json")


def publish_files(*, poll: Poll, actor: Any, at: datetime.datetime) -> str:
    """Make and sign the files of a counted poll, in the transaction that publishes its result.

    Their digests go to the audit log; they appear on disk once the transaction is committed.
    Gives the digest of the manifest. `at` is when the results are published.
    """
    return _publish(poll, ACTION, make_statement(poll), actor, at)


def publish_revision(*, poll: Poll, actor: Any, at: datetime.datetime) -> str:
    """The same for the count after a judgment: its manifest names the one that it replaces."""
    former = audit.first(action=ACTION, instance=poll.envelope)
    if former is None:
        raise PublicationLostError(f"poll {poll.pk} was never published")
    statement = make_statement(poll, replaces=former["manifest_sha256"])
    return _publish(poll, REVISED, statement, actor, at)


def _publish(
    poll: Poll, action: str, statement: Mapping[str, Any], actor: Any, at: datetime.datetime
) -> str:
    made = _make(poll, statement)
    digest = sha256_hex((made / "manifest.json").read_bytes())
    audit.record(
        action=action,
        instance=poll.envelope,
        actor=actor,
        manifest_sha256=digest,
        published_at=at.isoformat(),
        statement=statement,
    )
    transaction.on_commit(lambda: _keep(made, _folder(poll, digest)))
    return digest


def publication_of(poll: Poll, *, former: bool = False) -> Publication:
    """The files of a poll whose results are public; made again when the disk lost them.

    After a judgment they are those in force, or the `former` ones of the first count.

    An imported election was published elsewhere: its files are made when first asked for. Raises
    `PublicationLostError` when files that were published cannot be made again identical.
    """
    is_revised = hasattr(poll, "revision") and not former
    said = audit.first(action=REVISED if is_revised else ACTION, instance=poll.envelope)
    statement = said["statement"] if said else make_statement(poll)
    digest = said["manifest_sha256"] if said else f"imported-{poll.options_sha256}"
    folder = _folder(poll, digest)
    if not folder.is_dir():
        made = _make(poll, statement)
        if said and sha256_hex((made / "manifest.json").read_bytes()) != digest:
            shutil.rmtree(made)
            _LOG.error("the files of poll %s are lost: restore %s", poll.pk, folder)
            raise PublicationLostError(f"poll {poll.pk}")
        _keep(made, folder)
    names = [*FILES, ARCHIVE]
    digests = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in digests)}
    return Publication(
        poll,
        tuple(
            PublishedFile(name, folder / name, (folder / name).stat().st_size, sums[name])
            for name in names
        ),
        statement,
    )


def _folder(poll: Poll, digest: str) -> Path:
    return Path(settings.PUBLICATIONS_DIR) / f"{poll.pk}-{digest[:32]}"


def _make(poll: Poll, statement: Mapping[str, Any]) -> Path:
    """All the files in a new folder that nobody reads yet."""
    root = Path(settings.PUBLICATIONS_DIR)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(root)
    made = Path(tempfile.mkdtemp(prefix="making-", dir=root))
    digests = {
        name: _write(made / name, pieces)
        for name, pieces in contents(poll, statement, public_signing_key())
    }
    named = {"replaces": statement["replaces"]} if "replaces" in statement else {}
    manifest = canonical_json({"files": digests, "poll": poll.pk, "v": MANIFEST_VERSION, **named})
    sums = dict(digests)
    sums["manifest.json"] = _write(made / "manifest.json", iter([manifest.encode()]))
    signature = sign(manifest).encode() + b"\n"
    sums["manifest.sig"] = _write(made / "manifest.sig", iter([signature]))
    sums[ARCHIVE] = _archive(made)
    listing = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    _write(made / "SHA256SUMS", iter([listing.encode()]))
    return made


def _sweep(root: Path) -> None:
    """Remove what a publication that was rolled back left behind a day ago or more."""
    old = time.time() - 86_400
    for folder in root.glob("making-*"):
        if folder.stat().st_mtime < old:
            shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _archive(folder: Path) -> str:
    path = folder / ARCHIVE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FILES:
            entry = zipfile.ZipInfo(f"publication/{name}", _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w") as target, (folder / name).open("rb") as source:
                shutil.copyfileobj(source, target)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(made: Path, folder: Path) -> None:
    """Give the folder its name; another process may have made the same one meanwhile."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(made)
