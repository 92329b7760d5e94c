"""The PROJECTS section: one line per project on the ballot."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from participation.methods.pabulib.errors import PabulibError
from participation.methods.pabulib.model import PROJECT_COLUMNS, Project
from participation.methods.pabulib.records import Report
from participation.methods.pabulib.sections import Section
from participation.methods.pabulib.values import parse_amount, parse_decimal, parse_whole

Parsed = TypeVar("Parsed")


class ProjectsSection(Section):
    """Gathers the projects in their order; `lines` tells where each identifier first stands."""

    name = "PROJECTS"
    required = ("project_id", "cost")

    def __init__(
        self, title_line: int, report: Report, warn: Report, budget_cents: int | None
    ) -> None:
        super().__init__(title_line, report)
        self.rows: list[Project] = []
        self.lines: dict[str, int] = {}
        self.count = 0
        self._warn = warn
        self._budget_cents = budget_cents

    def row(self, line: int, row: list[str]) -> None:
        self.count += 1
        cells = dict(zip(self.columns, row, strict=True))
        identifier = cells["project_id"]
        if not self._accept_identifier(line, identifier):
            return
        self.lines[identifier] = line
        cents = self._cost(line, identifier, cells["cost"])
        if cents is None:
            return
        if self._budget_cents is not None and cents > self._budget_cents:
            self._warn(PabulibError(line, "cost_over_budget", {"project": identifier}))
        self.rows.append(
            Project(
                id=identifier,
                cost_cents=cents,
                votes=self._value(line, cells, "votes", _whole_not_negative),
                score=self._value(line, cells, "score", parse_decimal),
                name=cells.get("name", ""),
                category=cells.get("category", ""),
                district=cells.get("district", ""),
                neighborhood=cells.get("neighborhood", ""),
                latitude=self._value(line, cells, "latitude", _degrees_up_to(90)),
                longitude=self._value(line, cells, "longitude", _degrees_up_to(180)),
                selected=self._value(line, cells, "selected", _selection),
                extra={
                    column: cell
                    for column, cell in cells.items()
                    if cell and column not in PROJECT_COLUMNS
                },
            )
        )

    def skip(self, row: list[str]) -> None:
        self.count += 1
        position = self.columns.index("project_id")
        if position < len(row):
            self.lines.setdefault(row[position], 0)

    def close(self) -> None:
        super().close()
        if not self.count:
            raise PabulibError(self.title_line, "no_projects")

    def _accept_identifier(self, line: int, identifier: str) -> bool:
        params: dict[str, str | int] = {"project": identifier}
        if not identifier:
            self._report(PabulibError(line, "missing_project_id"))
        elif "," in identifier:
            self._report(PabulibError(line, "bad_project_id", params))
        elif identifier in self.lines:
            params["first_line"] = self.lines[identifier]
            self._report(PabulibError(line, "duplicate_project", params))
        else:
            return True
        return False

    def _cost(self, line: int, identifier: str, text: str) -> int | None:
        params: dict[str, str | int] = {"project": identifier, "value": text}
        try:
            cents = parse_amount(text)
        except ValueError:
            self._report(PabulibError(line, "bad_cost", params))
            return None
        if cents > 0:
            return cents
        code = "negative_cost" if cents else "zero_cost"
        self._report(PabulibError(line, code, params))
        return None

    def _value(
        self, line: int, cells: dict[str, str], column: str, parse: Callable[[str], Parsed]
    ) -> Parsed | None:
        text = cells.get(column, "")
        # What some programs write for nothing.
        if not text or text.lower() == "none":
            return None
        try:
            return parse(text)
        except ValueError:
            params: dict[str, str | int] = {
                "project": cells["project_id"],
                "column": column,
                "value": text,
            }
            self._report(PabulibError(line, "bad_value", params))
            return None


def _whole_not_negative(text: str) -> int:
    return parse_whole(text, least=0)


def _selection(text: str) -> int:
    number = parse_whole(text, least=0)
    if number > 3:
        raise ValueError(text)
    return number


def _degrees_up_to(limit: int) -> Callable[[str], Decimal]:
    def parse(text: str) -> Decimal:
        degrees = parse_decimal(text)
        if abs(degrees) > limit:
            raise ValueError(text)
        return degrees

    return parse
