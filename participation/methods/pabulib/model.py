"""The content of a `.pb` file as immutable values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from participation.methods.pabulib.values import parse_amount

REQUIRED_META = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
)
VOTE_TYPES = ("approval", "choose-1", "cumulative", "ordinal", "scoring")
POINT_VOTE_TYPES = ("cumulative", "scoring")

PROJECT_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "project_id": "id",
        "cost": "cost_cents",
        "votes": "votes",
        "score": "score",
        "name": "name",
        "category": "category",
        "district": "district",
        "neighborhood": "neighborhood",
        "latitude": "latitude",
        "longitude": "longitude",
        "selected": "selected",
    }
)
"""Columns of PROJECTS that have a field of their own in `Project`; the others go to `extra`."""

VOTE_COLUMNS = ("voter_id", "vote", "points")


@dataclass(frozen=True, slots=True)
class Project:
    """One line of PROJECTS. Texts are empty, numbers are None, when the file does not say.

    `extra` holds the other columns, empty cells left out. `category` may list several, separated
    by commas, as in the file. `selected` is 0 (lost), 1 (won), 2 or 3 (won otherwise).
    """

    id: str
    cost_cents: int
    votes: int | None = None
    score: Decimal | None = None
    name: str = ""
    category: str = ""
    district: str = ""
    neighborhood: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    selected: int | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


class Vote(NamedTuple):
    """One line of VOTES. `choices` keep their order, which counts when the type is ordinal.

    `points` go with `choices`, one for one, and are None when the ballot carries none. `extra`
    holds the other columns (age, sex, voting_method…), empty cells left out; equal ballots share
    their tuples and mappings, which nobody may change.
    """

    voter_id: str
    choices: tuple[str, ...]
    points: tuple[int, ...] | None = None
    extra: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Election:
    """A whole `.pb` file: META in its order, projects, votes, and the columns in their order.

    The columns may be left out; they are then those that the projects and votes need.
    """

    meta: Mapping[str, str]
    projects: tuple[Project, ...]
    votes: tuple[Vote, ...]
    project_columns: tuple[str, ...] = ()
    vote_columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.project_columns:
            object.__setattr__(self, "project_columns", _columns_of_projects(self.projects))
        if not self.vote_columns:
            object.__setattr__(self, "vote_columns", _columns_of_votes(self))

    @property
    def budget_cents(self) -> int:
        """The money of the election, in cents of its currency."""
        return parse_amount(self.meta["budget"])

    @property
    def vote_type(self) -> str:
        """One of `VOTE_TYPES`."""
        return self.meta["vote_type"]

    @property
    def rule(self) -> str:
        """The counting rule that the file names, as it names it."""
        return self.meta["rule"]


def _columns_of_projects(projects: tuple[Project, ...]) -> tuple[str, ...]:
    known = [
        column
        for column, attribute in PROJECT_COLUMNS.items()
        if attribute in ("id", "cost_cents")
        or any(getattr(project, attribute) not in (None, "") for project in projects)
    ]
    extra = dict.fromkeys(column for project in projects for column in project.extra)
    return (*known, *extra)


def _columns_of_votes(election: Election) -> tuple[str, ...]:
    points = election.meta.get("vote_type") in POINT_VOTE_TYPES or any(
        vote.points is not None for vote in election.votes
    )
    extra = dict.fromkeys(column for vote in election.votes for column in vote.extra)
    return ("voter_id", "vote", *(("points",) if points else ()), *extra)
