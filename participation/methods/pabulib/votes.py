"""The VOTES section: one line per ballot, by far the longest."""

from collections import Counter
from collections.abc import Callable, Mapping
from operator import attrgetter, itemgetter
from sys import intern
from typing import Any

from participation.methods.pabulib.errors import PabulibError
from participation.methods.pabulib.meta import VoteRules
from participation.methods.pabulib.model import (
    POINT_VOTE_TYPES,
    VOTE_COLUMNS,
    Vote,
)
from participation.methods.pabulib.records import Report
from participation.methods.pabulib.sections import Section
from participation.methods.pabulib.values import parse_whole

_NOTHING: Mapping[str, str] = {}
_CONTENT = attrgetter("choices", "points")


class VotesSection(Section):
    """Gathers the ballots in their order.

    Equal choices and equal extra columns are checked and stored once: real elections have many
    times fewer distinct ballots than ballots.
    """

    name = "VOTES"
    required = ("voter_id", "vote")

    def __init__(
        self,
        title_line: int,
        report: Report,
        warn: Report,
        rules: VoteRules,
        projects: Mapping[str, int],
    ) -> None:
        super().__init__(title_line, report)
        self.rows: list[Vote] = []
        self.count = 0
        self.votes_of: Counter[str] = Counter()
        self.points_of: Counter[str] = Counter()
        self._warn = warn
        self._rules = rules
        self._fewest = rules.min_length or 0
        self._projects = projects
        self._voters: dict[str, int] = {}
        self._known_choices: dict[str, tuple[str, ...]] = {}
        self._known_extras: dict[tuple[str, ...] | str, Mapping[str, str]] = {}
        self._voter_at = self._vote_at = 0
        self._points_at: int | None = None
        self._extra_at: tuple[int, ...] = ()
        self._extra_cells: Callable[[list[str]], Any] = list

    def _header(self, line: int, row: list[str]) -> tuple[str, ...]:
        columns = super()._header(line, row)
        self._voter_at, self._vote_at = columns.index("voter_id"), columns.index("vote")
        if "points" in columns:
            self._points_at = columns.index("points")
        elif self._rules.vote_type in POINT_VOTE_TYPES:
            params: dict[str, str | int] = {"section": self.name, "column": "points"}
            raise PabulibError(line, "missing_column", params)
        self._extra_at = tuple(
            position for position, column in enumerate(columns) if column not in VOTE_COLUMNS
        )
        if self._extra_at:
            self._extra_cells = itemgetter(*self._extra_at)
        return columns

    def row(self, line: int, row: list[str]) -> None:
        self.count += 1
        voter, cell = row[self._voter_at], row[self._vote_at]
        if not voter or voter in self._voters:
            self._refuse_voter(line, voter)
            return
        self._voters[voter] = line
        choices = self._known_choices.get(cell)
        if choices is None:
            choices = self._choices(line, voter, cell)
            if choices is None:
                return
        if len(choices) < self._fewest:
            self._warn_of_few(line, voter, len(choices))
        points: tuple[int, ...] | None = None
        if self._points_at is not None:
            given = row[self._points_at]
            if given or self._rules.vote_type in POINT_VOTE_TYPES:
                points = self._points(line, voter, len(choices), given)
                if points is None:
                    return
        extra = _NOTHING
        if self._extra_at:
            cells = self._extra_cells(row)
            known = self._known_extras.get(cells)
            extra = self._extra(row, cells) if known is None else known
        self.rows.append(Vote(voter, choices, points, extra))

    def skip(self, row: list[str]) -> None:
        self.count += 1

    def close(self) -> None:
        super().close()
        if not self.count:
            raise PabulibError(self.title_line, "no_votes")
        for (choices, points), times in Counter(map(_CONTENT, self.rows)).items():
            for choice in choices:
                self.votes_of[choice] += times
            for choice, given in zip(choices, points or (), strict=False):
                self.points_of[choice] += given * times

    def _refuse_voter(self, line: int, voter: str) -> None:
        if not voter:
            self._report(PabulibError(line, "missing_voter_id"))
            return
        params: dict[str, str | int] = {"voter": voter, "first_line": self._voters[voter]}
        self._report(PabulibError(line, "duplicate_voter", params))

    def _choices(self, line: int, voter: str, cell: str) -> tuple[str, ...] | None:
        """The projects of a ballot, or None once every error in it is reported."""
        # One text for each project, not one for each time it is chosen: less memory, faster counts.
        choices = tuple(map(intern, cell.split(","))) if cell else ()
        problems = self._problems_of_choices(choices)
        for code, params in problems:
            self._report(PabulibError(line, code, {"voter": voter, **params}))
        if problems:
            return None
        self._known_choices[cell] = choices
        return choices

    def _problems_of_choices(
        self, choices: tuple[str, ...]
    ) -> list[tuple[str, dict[str, str | int]]]:
        problems: list[tuple[str, dict[str, str | int]]] = []
        distinct = frozenset(choices)
        if len(distinct) < len(choices) or not distinct <= self._projects.keys():
            for project, times in Counter(choices).items():
                if project not in self._projects:
                    problems.append(("unknown_project", {"project": project}))
                elif times > 1:
                    problems.append(("repeated_choice", {"project": project}))
        found, rules = len(choices), self._rules
        maximum = 1 if rules.vote_type == "choose-1" else rules.max_length
        if maximum is not None and found > maximum:
            problems.append(("too_many_choices", {"found": found, "maximum": maximum}))
        return problems

    def _points(self, line: int, voter: str, choices: int, cell: str) -> tuple[int, ...] | None:
        texts = cell.split(",") if cell else []
        points: list[int] = []
        for text in texts:
            try:
                points.append(parse_whole(text))
            except ValueError:
                params: dict[str, str | int] = {"voter": voter, "value": text}
                self._report(PabulibError(line, "bad_points", params))
                return None
        if len(points) != choices:
            params = {"voter": voter, "choices": choices, "points": len(points)}
            self._report(PabulibError(line, "points_mismatch", params))
            return None
        self._warn_of_bounds(line, voter, points)
        return tuple(points)

    def _warn_of_few(self, line: int, voter: str, found: int) -> None:
        """Too few choices only warn: cities publish such ballots among those that they counted."""
        params: dict[str, str | int] = {"voter": voter, "found": found, "minimum": self._fewest}
        self._warn(PabulibError(line, "too_few_choices", params))

    def _warn_of_bounds(self, line: int, voter: str, points: list[int]) -> None:
        """Bounds of points only warn: the public corpus itself holds ballots outside them."""
        rules, total = self._rules, sum(points)
        each = "points_out_of_bounds"
        whole = "sum_of_points_out_of_bounds"
        lowest, highest = min(points, default=0), max(points, default=0)
        for code, key, bound, value, outside in (
            (each, "min_points", rules.min_points, lowest, _below),
            (each, "max_points", rules.max_points, highest, _above),
            (whole, "min_sum_points", rules.min_sum_points, total, _below),
            (whole, "max_sum_points", rules.max_sum_points, total, _above),
        ):
            if points and bound is not None and outside(value, bound):
                params: dict[str, str | int] = {"voter": voter, "value": value}
                self._warn(PabulibError(line, code, {**params, "key": key, "bound": bound}))

    def _extra(self, row: list[str], cells: tuple[str, ...] | str) -> Mapping[str, str]:
        named = ((self.columns[position], row[position]) for position in self._extra_at)
        extra = {column: cell for column, cell in named if cell} or _NOTHING
        self._known_extras[cells] = extra
        return extra


def _below(value: int, bound: int) -> bool:
    return value < bound


def _above(value: int, bound: int) -> bool:
    return value > bound
