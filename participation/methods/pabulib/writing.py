"""Write an `Election` as a `.pb` file that `read` gives back unchanged."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TextIO

from participation.methods.pabulib.model import (
    PROJECT_COLUMNS,
    Election,
    Project,
    Vote,
)
from participation.methods.pabulib.values import format_amount

_NEEDS_QUOTES = frozenset(';"\r\n')


def write(election: Election) -> str:
    """The whole file as text, lines ended by a line feed; encode it as UTF-8.

    Raises `ValueError` when a project or a vote holds a value for which no column is announced,
    or an identifier that the format cannot carry (a comma, an empty text).
    """
    return "".join(lines(election))


def write_to(election: Election, stream: TextIO) -> None:
    """Write the file line by line to a text stream opened with `encoding="utf-8", newline=""`."""
    stream.writelines(lines(election))


def lines(election: Election) -> Iterator[str]:
    """The records of the file one at a time, for a response that is streamed."""
    yield "META\n"
    yield _record(("key", "value"))
    for item in election.meta.items():
        yield _record(item)
    yield "PROJECTS\n"
    yield _record(election.project_columns)
    for project in election.projects:
        yield _record(_project_cells(project, election.project_columns))
    yield "VOTES\n"
    yield _record(election.vote_columns)
    for vote in election.votes:
        yield _record(_vote_cells(vote, election.vote_columns))


def _project_cells(project: Project, columns: tuple[str, ...]) -> list[str]:
    if not project.id or "," in project.id:
        raise ValueError(f"the format cannot carry the project identifier {project.id!r}")
    values = {
        column: _text(getattr(project, attribute)) for column, attribute in PROJECT_COLUMNS.items()
    }
    values["cost"] = format_amount(project.cost_cents)
    values.update(project.extra)
    return _in_columns(values, columns, f"project {project.id!r}")


def _vote_cells(vote: Vote, columns: tuple[str, ...]) -> list[str]:
    if not vote.voter_id:
        raise ValueError("the format cannot carry a vote without a voter identifier")
    values = {
        **vote.extra,
        "voter_id": vote.voter_id,
        "vote": ",".join(vote.choices),
        "points": ",".join(str(number) for number in vote.points or ()),
    }
    return _in_columns(values, columns, f"voter {vote.voter_id!r}")


def _in_columns(values: dict[str, str], columns: tuple[str, ...], owner: str) -> list[str]:
    homeless = [name for name, value in values.items() if value and name not in columns]
    if homeless:
        raise ValueError(f"{owner} has values without a column: {', '.join(sorted(homeless))}")
    return [values.get(column, "") for column in columns]


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


def _record(cells: Iterable[str]) -> str:
    return ";".join(_quoted(cell) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    """RFC 4180 quoting, carriage returns included (Python's own writer forgets them)."""
    if _NEEDS_QUOTES.isdisjoint(cell):
        return cell
    return '"' + cell.replace('"', '""') + '"'
