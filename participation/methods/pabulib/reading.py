"""Read `.pb` files strictly, in one pass, and say on which line anything is wrong.

The format is https://pabulib.org/format. Beyond its letter only these are tolerated, because
spreadsheets do them when they save a file: a byte order mark, carriage returns before line feeds,
blank lines, empty cells at the end of a line, section titles in lower case.
"""

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from participation.methods.collector import paused_collector
from participation.methods.pabulib.errors import PabulibError
from participation.methods.pabulib.meta import MetaSection
from participation.methods.pabulib.model import Election
from participation.methods.pabulib.projects import ProjectsSection
from participation.methods.pabulib.records import Records
from participation.methods.pabulib.sections import Section
from participation.methods.pabulib.votes import VotesSection

Source = bytes | Iterable[bytes]
"""A file's bytes, or a binary stream (anything that gives lines of bytes)."""

_TITLES = ("META", "PROJECTS", "VOTES")
_FIRST_COLUMNS = {"PROJECTS": "project_id", "VOTES": "voter_id"}


@dataclass(frozen=True, slots=True)
class Report:
    """What a file holds and what is wrong with it.

    `election` is None as soon as there is one error. Warnings never prevent reading.
    """

    election: Election | None
    errors: tuple[PabulibError, ...]
    warnings: tuple[PabulibError, ...]


class _EnoughErrorsError(Exception):
    """The list of errors is full: stop reading."""


@paused_collector()
def read(source: Source, *, enforce_bounds: bool = True) -> Election:
    """Read a whole election, or raise the first `PabulibError` met.

    With `enforce_bounds` a ballot with more choices than `max_length` is an error, and one with
    fewer than `min_length` gives a warning; without it such ballots are read as they are.
    """
    return _Reading(source, error_limit=0, enforce_bounds=enforce_bounds).election()


def inspect(source: Source, *, limit: int = 50, enforce_bounds: bool = True) -> Report:
    """Read as far as possible and gather up to `limit` errors and `limit` warnings."""
    reading = _Reading(source, error_limit=limit, enforce_bounds=enforce_bounds)
    election: Election | None = None
    try:
        election = reading.election()
    except PabulibError as error:
        reading.errors.append(error)
    except _EnoughErrorsError:
        pass
    errors = sorted(reading.errors, key=lambda error: error.line)
    return Report(None if errors else election, tuple(errors), tuple(reading.warnings))


def check(source: Source, *, limit: int = 50, enforce_bounds: bool = True) -> list[PabulibError]:
    """The errors of a file, up to `limit`, in the order of its lines; empty when `read` works."""
    return list(inspect(source, limit=limit, enforce_bounds=enforce_bounds).errors)


class _Reading:
    """One pass over one file.

    Errors of structure are raised, since nothing after them can be trusted; errors of a row are
    gathered up to `error_limit`, or raised too when it is 0.
    """

    def __init__(self, source: Source, *, error_limit: int, enforce_bounds: bool) -> None:
        self.errors: list[PabulibError] = []
        self.warnings: list[PabulibError] = []
        self._error_limit = error_limit
        self._enforce_bounds = enforce_bounds
        lines = io.BytesIO(source) if isinstance(source, bytes) else source
        self._records = Records(lines, self._report)
        self._rows = iter(self._records)
        self._title: tuple[int, list[str]] | None = None

    def election(self) -> Election:
        """Read the three sections in order, then compare what they say of each other."""
        meta = MetaSection(self._title_line("META"), self._report, self._warn)
        self._fill(meta, until="PROJECTS")
        projects = ProjectsSection(
            self._title_line("PROJECTS"), self._report, self._warn, meta.budget_cents
        )
        self._fill(projects, until="VOTES")
        votes = VotesSection(
            self._title_line("VOTES"),
            self._report,
            self._warn,
            meta.vote_rules(enforce_bounds=self._enforce_bounds),
            projects.lines,
        )
        self._fill(votes, until=None)
        if self._title is not None:
            line, row = self._title
            raise PabulibError(line, "unexpected_section", {"section": row[0].strip().upper()})
        self._compare_counts(meta, projects, votes)
        self._compare_totals(projects, votes)
        return Election(
            meta=meta.values,
            projects=tuple(projects.rows),
            votes=tuple(votes.rows),
            project_columns=projects.columns,
            vote_columns=votes.columns,
        )

    def _title_line(self, name: str) -> int:
        """Pass the title of a section and return its line."""
        record = self._title or next(self._rows, None)
        self._title = None
        if record is None and self._records.last_line == 0:
            raise PabulibError(1, "empty_file")
        if record is None:
            raise PabulibError(self._records.last_line, "missing_section", {"section": name})
        line, row = record
        if not _is_title(row, expected=name) or row[0].strip().upper() != name:
            raise PabulibError(line, "missing_section", {"section": name})
        return line

    def _fill(self, section: Section, *, until: str | None) -> None:
        """Give a section its records, up to the next title, which is kept for later.

        The next section's header without its title shows that the title was lost.
        """
        take = section.take
        for line, row in self._rows:
            # No title has two cells, but for that of a section to come in a padded file.
            if until is not None or len(row) == 1:
                if _is_title(row, expected=until):
                    self._title = (line, row)
                    break
                if until is not None and row[0].strip() == _FIRST_COLUMNS[until] and len(row) > 1:
                    raise PabulibError(line, "missing_section", {"section": until})
            take(line, row)
        section.close()

    def _compare_counts(
        self, meta: MetaSection, projects: ProjectsSection, votes: VotesSection
    ) -> None:
        for key, found in (("num_projects", projects.count), ("num_votes", votes.count)):
            declared = meta.counts.get(key, found)
            if declared != found:
                params: dict[str, str | int] = {"key": key, "declared": declared, "found": found}
                self._report(PabulibError(meta.lines[key], "count_mismatch", params))

    def _compare_totals(self, projects: ProjectsSection, votes: VotesSection) -> None:
        """Warn where the file's own totals are not those of its ballots.

        The score of ballots without points (ordinal ones) depends on a scale that the file does
        not give, so it is not compared.
        """
        points = votes.points_of if "points" in votes.columns else None
        for project in projects.rows:
            line = projects.lines[project.id]
            self._compare_total(
                line, project.id, "votes_column_differs", project.votes, votes.votes_of
            )
            if points is not None:
                self._compare_total(line, project.id, "score_column_differs", project.score, points)

    def _compare_total(
        self,
        line: int,
        project: str,
        code: str,
        declared: int | Decimal | None,
        counted: Counter[str],
    ) -> None:
        found = counted[project]
        if declared is not None and declared != found:
            params: dict[str, str | int] = {"project": project, "declared": str(declared)}
            self._warn(PabulibError(line, code, {**params, "found": found}))

    def _report(self, error: PabulibError) -> None:
        if not self._error_limit:
            raise error
        self.errors.append(error)
        if len(self.errors) >= self._error_limit:
            raise _EnoughErrorsError

    def _warn(self, warning: PabulibError) -> None:
        if len(self.warnings) < self._error_limit:
            self.warnings.append(warning)


def _is_title(row: list[str], *, expected: str | None) -> bool:
    """Whether a record is a section's title: alone on its line, or padded where it is expected."""
    if len(row) > 1 and expected is None:
        return False
    name = row[0].strip().upper()
    if len(row) == 1:
        return name in _TITLES
    return name == expected and not any(row[1:])
