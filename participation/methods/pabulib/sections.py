"""What the three sections of a `.pb` file have in common: a title, a header, rows of its width."""

from abc import ABC, abstractmethod
from typing import ClassVar

from participation.methods.pabulib.errors import PabulibError
from participation.methods.pabulib.records import Report

_OTHER_DELIMITERS = {",": "comma", "\t": "tab", "|": "pipe"}


class Section(ABC):
    """A section being read. Subclasses receive rows that are exactly as wide as the header.

    Cells that a spreadsheet left empty beyond the header are dropped; anything else there is an
    error of the row. A header that cannot be used stops the reading, for no row could be trusted.
    """

    name: ClassVar[str]
    required: ClassVar[tuple[str, ...]]

    def __init__(self, title_line: int, report: Report) -> None:
        self.title_line = title_line
        self.columns: tuple[str, ...] = ()
        self._report = report

    def take(self, line: int, row: list[str]) -> None:
        """Receive the next record of the section: its header first, then its rows."""
        if not self.columns:
            self.columns = self._header(line, row)
            return
        width = len(self.columns)
        if len(row) != width:
            while len(row) > width and not row[-1]:
                row = row[:-1]
            if len(row) != width:
                code = "too_few_columns" if len(row) < width else "too_many_columns"
                self._report(PabulibError(line, code, {"found": len(row), "expected": width}))
                self.skip(row)
                return
        self.row(line, row)

    def close(self) -> None:
        """Called once, after the last row; checks what only the whole section can tell."""
        if not self.columns:
            raise PabulibError(self.title_line, "missing_header", {"section": self.name})

    @abstractmethod
    def row(self, line: int, row: list[str]) -> None:
        """Receive a row as wide as the header."""

    @abstractmethod
    def skip(self, row: list[str]) -> None:
        """Receive a row that was refused, so that it does not cause further errors."""

    def _header(self, line: int, row: list[str]) -> tuple[str, ...]:
        columns = [cell.strip() for cell in row]
        while len(columns) > 1 and not columns[-1]:
            columns.pop()
        if len(columns) == 1:
            for delimiter, found in _OTHER_DELIMITERS.items():
                if delimiter in columns[0]:
                    raise PabulibError(line, "wrong_delimiter", {"found": found})
        for position, column in enumerate(columns, start=1):
            if not column:
                params: dict[str, str | int] = {"section": self.name, "position": position}
                raise PabulibError(line, "unnamed_column", params)
            if column in columns[: position - 1]:
                params = {"section": self.name, "column": column}
                raise PabulibError(line, "duplicate_column", params)
        for column in self.required:
            if column not in columns:
                params = {"section": self.name, "column": column}
                raise PabulibError(line, "missing_column", params)
        return tuple(columns)
