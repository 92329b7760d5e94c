"""Read the Pabulib files that a command is given, or fail with a clear message."""

from pathlib import Path

from django.core.management.base import CommandError

from participation.methods import pabulib

_MOST_ERRORS = 20


def read_election(file: Path) -> tuple[pabulib.Election, list[str]]:
    """The election and its warnings; `CommandError` with each error and its line."""
    try:
        with file.open("rb") as stream:
            report = pabulib.inspect(stream, limit=_MOST_ERRORS + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    if report.election is None:
        errors = [f"{file}:{error.line}: {error.message}" for error in report.errors]
        more = ["(…)"] if len(errors) > _MOST_ERRORS else []
        raise CommandError("\n".join([*errors[:_MOST_ERRORS], *more]))
    return report.election, [f"{file}:{item.line}: {item.message}" for item in report.warnings]
