"""Files that were set aside for an import and never confirmed."""

import datetime

from django.core.files.storage import default_storage

SET_ASIDE = "imports"
"""The private folder of files between preview and confirmation; one inside per kind of import."""
LIFE = datetime.timedelta(days=1)


def forget_left_files(*, at: datetime.datetime) -> int:
    """Delete what was set aside more than a day before `at` (aware); how many files."""
    folders, _files = _listed(SET_ASIDE)
    forgotten = 0
    for folder in sorted(folders):
        _folders, files = _listed(f"{SET_ASIDE}/{folder}")
        for file in sorted(files):
            name = f"{SET_ASIDE}/{folder}/{file}"
            try:
                is_left = default_storage.get_modified_time(name) < at - LIFE
            except OSError:
                continue  # confirmed meanwhile
            if is_left:
                default_storage.delete(name)
                forgotten += 1
    return forgotten


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []  # nothing was ever set aside
