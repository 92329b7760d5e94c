"""The META section: `key;value` lines that describe the election."""

from dataclasses import dataclass

from participation.methods.pabulib.errors import PabulibError
from participation.methods.pabulib.model import REQUIRED_META, VOTE_TYPES
from participation.methods.pabulib.records import Report
from participation.methods.pabulib.sections import Section
from participation.methods.pabulib.values import parse_amount, parse_whole

_BOUNDS = (
    "min_length",
    "max_length",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
)


@dataclass(frozen=True, slots=True)
class VoteRules:
    """What META says of a valid ballot; None where it says nothing."""

    vote_type: str
    min_length: int | None = None
    max_length: int | None = None
    min_points: int | None = None
    max_points: int | None = None
    min_sum_points: int | None = None
    max_sum_points: int | None = None


class MetaSection(Section):
    """Keeps every key in order, known or not; checks those on which the count depends."""

    name = "META"
    required = ("key", "value")

    def __init__(self, title_line: int, report: Report, warn: Report) -> None:
        super().__init__(title_line, report)
        self.values: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.budget_cents: int | None = None
        self.counts: dict[str, int] = {}
        self._bounds: dict[str, int] = {}
        self._warn = warn

    def take(self, line: int, row: list[str]) -> None:
        """Like every section, but its header can only be `key;value`."""
        expects_header = not self.columns
        super().take(line, row)
        if expects_header and self.columns != self.required:
            raise PabulibError(line, "bad_meta_header", {"found": ";".join(self.columns)})

    def row(self, line: int, row: list[str]) -> None:
        key, value = row
        if key in self.values:
            params: dict[str, str | int] = {"key": key, "first_line": self.lines[key]}
            self._report(PabulibError(line, "duplicate_meta_key", params))
            return
        self.values[key] = value
        self.lines[key] = line
        if key in ("num_projects", "num_votes"):
            self._count(line, key, value)
        elif key == "budget":
            self._budget(line, value)
        elif key == "vote_type" and value not in VOTE_TYPES:
            params = {"value": value, "expected": ", ".join(VOTE_TYPES)}
            self._report(PabulibError(line, "unknown_vote_type", params))
        elif key in _BOUNDS and value:
            self._bound(line, key, value)

    def skip(self, row: list[str]) -> None:
        self.values.setdefault(row[0], "")
        self.lines.setdefault(row[0], self.title_line)

    def close(self) -> None:
        super().close()
        for key in REQUIRED_META:
            if key not in self.values:
                self._report(PabulibError(self.title_line, "missing_meta_key", {"key": key}))

    def vote_rules(self, *, enforce_bounds: bool) -> VoteRules:
        """The bounds of a ballot, without its number of choices unless it is to be enforced."""
        lengths = ("min_length", "max_length")
        bounds = {
            key: bound
            for key, bound in self._bounds.items()
            if enforce_bounds or key not in lengths
        }
        return VoteRules(self.values.get("vote_type", "approval"), **bounds)

    def _count(self, line: int, key: str, value: str) -> None:
        try:
            self.counts[key] = parse_whole(value, least=0)
        except ValueError:
            self._report(PabulibError(line, "bad_number", {"key": key, "value": value}))

    def _budget(self, line: int, value: str) -> None:
        try:
            cents = parse_amount(value)
        except ValueError:
            cents = 0
        if cents > 0:
            self.budget_cents = cents
        else:
            self._report(PabulibError(line, "bad_budget", {"value": value}))

    def _bound(self, line: int, key: str, value: str) -> None:
        try:
            self._bounds[key] = parse_whole(value)
        except ValueError:
            self._warn(PabulibError(line, "bound_ignored", {"key": key, "value": value}))
