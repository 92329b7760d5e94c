"""The public agenda, read in several ways."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    Window,
)
from django.db.models.functions import RowNumber

from maps.models import Territory
from participation.agenda.choices import Certainty
from participation.agenda.models import AgendaEntry, CitizenAgenda, Theme
from participation.core.choices import Step
from participation.core.models import Directorate, Process
from participation.core.written import Given, Written

BOARD = 4
"""Lines of each column of the board."""


def entries() -> QuerySet[AgendaEntry]:
    """Everything public, with what a line needs to be read."""
    return (
        AgendaEntry.objects.select_related("theme", "territory")
        .defer("territory__geometry", "mark", "first_quarter", "last_quarter")
        .order_by("starts_at", "key")
    )


def mandate_at(at: datetime.datetime) -> CitizenAgenda | None:
    """The mandate of that day, else the last one."""
    return _MANDATE.first(day=at.date())


def themes() -> list[Theme]:
    return _THEMES.read()


def choices() -> tuple[list[Territory], list[Directorate], list[Process]]:
    """What filters offer: territories, directorates and processes that the agenda speaks of."""
    return _TERRITORIES.read(), _DIRECTORATES.read(), _PROCESSES.read()


def _spoken_of(column: str) -> QuerySet[AgendaEntry, Any]:
    return AgendaEntry.objects.order_by().values(column)


_MANDATE = Written(
    lambda: CitizenAgenda.objects.annotate(
        is_then=ExpressionWrapper(
            Q(mandate__contains=Given("day", DateField())), output_field=BooleanField()
        )
    ).order_by("-is_then", "-mandate")[:1]
)
_THEMES = Written(lambda: Theme.objects.order_by("position", "name"))
_TERRITORIES = Written(
    lambda: (
        Territory.objects.filter(pk__in=_spoken_of("territory"))
        .only("pk", "name", "kind", "parent")
        .order_by("name", "pk")
    )
)
_DIRECTORATES = Written(
    lambda: Directorate.objects.filter(pk__in=_spoken_of("directorate")).order_by("name", "pk")
)
_PROCESSES = Written(
    lambda: (
        Process.objects.public()
        .filter(pk__in=_spoken_of("process"))
        .only("pk", "title")
        .order_by("title", "pk")
    )
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """How many lines of a row start in one quarter and end in another: the first days of both;
    `last` is None without an end. `row` is empty for those that have none."""

    row: str
    are_meetings: bool
    first: datetime.date
    last: datetime.date | None
    number: int


def stretches(rows: QuerySet[AgendaEntry], *, by: str) -> list[Stretch]:
    """All lines, counted by row (the value of the column `by`) and by quarters. One query."""
    found = (
        rows.order_by()
        .annotate(are_meetings=ExpressionWrapper(Q(source="event"), output_field=BooleanField()))
        .values_list(by, "are_meetings", "first_quarter", "last_quarter")
        .annotate(number=Count("key"))
        .order_by(by, "are_meetings", "first_quarter", "last_quarter")
    )
    return [
        Stretch(str(row or ""), meetings, first, last, number)
        for row, meetings, first, last, number in found
    ]


def territories_in(keys: Iterable[str]) -> list[Territory]:
    """Territories of these keys, without outlines, by name; those inside nothing come first."""
    found = Territory.objects.filter(pk__in=[int(key) for key in keys if key])
    in_order = found.order_by(F("parent").asc(nulls_first=True), "name", "pk")
    return list(in_order.only("pk", "name", "parent"))


def territory(pk: int) -> Territory | None:
    """A territory, without its outline."""
    return Territory.objects.light().filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Board:
    """What is coming, what is open now, what is being analysed, what was reported."""

    coming: list[AgendaEntry]
    open: list[AgendaEntry]
    analysed: list[AgendaEntry]
    reported: list[AgendaEntry]


def board(*, at: datetime.datetime) -> Board:
    """The board of the home page; one query."""
    read: dict[str, list[AgendaEntry]] = {column.name: [] for column in fields(Board)}
    for row in _BOARD_QUERY.read(at=at):
        read[row.column].append(row)  # type: ignore[attr-defined]  # annotated
    return Board(**read)


def _board_query() -> QuerySet[AgendaEntry]:
    at = Given("at", DateTimeField())
    rows = entries().exclude(certainty=Certainty.DROPPED)
    going_on = Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    reported = (
        Q(source="phase", kind__in=[Step.REPORT, Step.FOLLOW])
        | Q(source="event", certainty=Certainty.DONE)
        | Q(source="restitution")
    )
    columns: dict[str, tuple[QuerySet[AgendaEntry], str]] = {
        "coming": (
            rows.filter(starts_at__gt=at).exclude(
                source="phase", kind__in=[Step.EXAMINE, Step.FOLLOW]
            ),
            "starts_at",
        ),
        "open": (rows.filter(going_on, takes_part=True), "ends_at"),
        "analysed": (rows.filter(going_on, source="phase", kind=Step.EXAMINE), "ends_at"),
        "reported": (rows.filter(reported, starts_at__lte=at), "-starts_at"),
    }
    parts = [
        found.order_by(order, "key").annotate(
            column=Value(name),
            place_in_column=Window(RowNumber(), order_by=[order, "key"]),
        )[:BOARD]
        for name, (found, order) in columns.items()
    ]
    first, *others = parts
    return first.union(*others, all=True).order_by("column", "place_in_column")


_BOARD_QUERY: Written[AgendaEntry] = Written(_board_query)
