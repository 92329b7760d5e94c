"""Read the Pabulib files that a command is given, or fail with a clear message."""

from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import CommandError

from participation.methods import pabulib

_MOST_TOLD = 20


def read_election(file: Path) -> tuple[pabulib.Election, list[str]]:
    """The election and its warnings; `CommandError` with each error and its line."""
    try:
        with file.open("rb") as stream:
            report = pabulib.inspect(stream, limit=_MOST_TOLD + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    if report.election is None:
        raise CommandError("\n".join(_told(file, report.errors)))
    return report.election, _told(file, report.warnings)


def _told(file: Path, errors: Sequence[pabulib.PabulibError]) -> list[str]:
    """A line for each, with its place in the file; the last says that there are more."""
    told = [f"{file}:{error.line}: {error.message}" for error in errors]
    return [*told[:_MOST_TOLD], "(…)"] if len(told) > _MOST_TOLD else told
