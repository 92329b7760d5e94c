"""A file set aside, privately, between its preview and the confirmation."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import HttpRequest

from maps.services.left_files import SET_ASIDE


class KeptFile:
    """The one file that a session has under this key; forgotten after a day (`left_files`).

    `folder` is that of its kind of import.
    """

    def __init__(self, request: HttpRequest, key: str, folder: str) -> None:
        self._session = request.session
        self._key = key
        self._folder = folder

    @property
    def said(self) -> dict[str, Any]:
        """What was kept with the file; empty when there is none."""
        return self._session.get(self._key) or {}

    def keep(self, upload: File, **more: Any) -> None:
        """Set the file aside instead of the one before. `more` must be JSON."""
        self.forget()
        upload.seek(0)
        name = default_storage.save(f"{SET_ASIDE}/{self._folder}/{uuid.uuid4().hex}", upload)
        self._session[self._key] = {
            "name": name,
            "digest": _digest(upload),
            "file": (upload.name or "")[:200],
            **more,
        }

    def forget(self) -> None:
        kept = self._session.pop(self._key, None)
        if kept:
            default_storage.delete(kept["name"])

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """The file that was previewed, if it is still the very same; else `None`."""
        kept = self.said
        if not kept or not default_storage.exists(kept["name"]):
            yield None
            return
        with default_storage.open(kept["name"]) as stored:
            same = _digest(stored) == kept["digest"]
            stored.seek(0)
            yield stored if same else None


def _digest(file: Any) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while chunk := file.read(1024**2):
        found.update(chunk)
    return found.hexdigest()
