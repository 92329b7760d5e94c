"""What can be wrong in a `.pb` file, as codes that a site can translate."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        # The file as a whole
        "empty_file": "the file is empty",
        "not_utf8": "byte {byte} at position {position} is not UTF-8 text",
        "null_character": "the line contains a NUL character",
        "bad_line_ending": "the line ends with a bare carriage return; use line feeds",
        "unclosed_quote": "a double quote opened here is never closed",
        "wrong_delimiter": "columns are separated by {found}; the format asks for a semicolon",
        "missing_section": "the {section} section is missing (is the file truncated?)",
        "unexpected_section": "the {section} section comes twice or in the wrong order",
        # Headers and rows
        "missing_header": "the {section} section has no header line",
        "bad_meta_header": "the META header must be key;value, not {found}",
        "missing_column": "the {section} section has no column {column}",
        "duplicate_column": "the {section} section has the column {column} twice",
        "unnamed_column": "column {position} of the {section} section has no name",
        "too_few_columns": "the line has {found} columns, the header announces {expected}",
        "too_many_columns": "the line has {found} columns, the header announces {expected}",
        # META
        "missing_meta_key": "META lacks the required key {key}",
        "duplicate_meta_key": "META gives the key {key} twice (first on line {first_line})",
        "bad_number": "{key} must be a whole number, not {value!r}",
        "bad_budget": "the budget must be a positive amount such as 1000 or 1000.50, not {value!r}",
        "unknown_vote_type": "vote_type {value!r} is not known (expected one of: {expected})",
        "count_mismatch": "META announces {declared} for {key}, the file holds {found}",
        # PROJECTS
        "no_projects": "the file holds no project",
        "missing_project_id": "the project has no identifier",
        "bad_project_id": "the project identifier {project!r} contains a comma",
        "duplicate_project": "project {project!r} is already on line {first_line}",
        "bad_cost": "the cost of project {project!r} must be an amount such as 1000 or 1000.50, "
        "not {value!r}",
        "negative_cost": "the cost of project {project!r} is negative ({value})",
        "zero_cost": "the cost of project {project!r} is zero",
        "bad_value": "the column {column} of project {project!r} cannot hold {value!r}",
        # VOTES
        "no_votes": "the file holds no vote",
        "missing_voter_id": "the vote has no voter identifier",
        "duplicate_voter": "voter {voter!r} is already on line {first_line}",
        "unknown_project": "voter {voter!r} chose project {project!r}, which is not in PROJECTS",
        "repeated_choice": "voter {voter!r} chose project {project!r} twice",
        "too_few_choices": "voter {voter!r} chose {found} projects, the minimum is {minimum}",
        "too_many_choices": "voter {voter!r} chose {found} projects, the maximum is {maximum}",
        "bad_points": "voter {voter!r} gave {value!r} points; whole numbers are expected",
        "points_mismatch": "voter {voter!r} chose {choices} projects but gave {points} numbers of "
        "points",
        # Warnings: the file can be counted, and a reader should look at it
        "bound_ignored": "{key} is {value!r}, not a whole number: it was ignored",
        "points_out_of_bounds": "voter {voter!r} gave {value} points where {key} is {bound}",
        "sum_of_points_out_of_bounds": "voter {voter!r} gave {value} points in all where {key} is "
        "{bound}",
        "votes_column_differs": "project {project!r} is said to have {declared} votes; the file "
        "holds {found}",
        "score_column_differs": "project {project!r} is said to have a score of {declared}; the "
        "votes give {found}",
        "cost_over_budget": "project {project!r} costs more than the whole budget",
    }
)
"""English sentence of each code; the names in braces are the keys of `PabulibError.params`."""


class PabulibError(ValueError):
    """One thing wrong on one line of a `.pb` file.

    `line` counts from 1 and is where the record begins; for what is missing it is the line where
    the gap shows (the section's title, or the file's last line). `code` is a key of `MESSAGES`,
    `params` holds the strings and integers that its sentence needs.
    """

    def __init__(self, line: int, code: str, params: Mapping[str, str | int] | None = None) -> None:
        super().__init__(line, code, dict(params or {}))
        self.line = line
        self.code = code
        self.params: dict[str, str | int] = dict(params or {})

    @property
    def message(self) -> str:
        """The English sentence, without the line number."""
        return MESSAGES[self.code].format(**self.params)

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PabulibError):
            return NotImplemented
        return self.args == other.args

    def __hash__(self) -> int:
        return hash((self.line, self.code))
