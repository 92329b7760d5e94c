"""The public agenda, read in several ways."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Protocol

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    CharField,
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
from django.utils import timezone

from maps.models import Territory
from participation.agenda.choices import Certainty
from participation.agenda.models import AgendaEntry, CitizenAgenda, Theme
from participation.core.choices import Step
from participation.core.models import Directorate, Process
from participation.core.written import Among, Given, Written, WrittenFor

BOARD = 4
"""Lines of each column of the board."""


class Narrowing(Protocol):
    """What is asked of the agenda: hashable, since the same questions come again and again."""

    def narrow(self, rows: QuerySet[AgendaEntry]) -> QuerySet[AgendaEntry]:
        """The lines that match; what depends on the moment is `AT`."""

    def __hash__(self) -> int: ...


AT = Given("at", DateTimeField())
"""The moment of the reading, in what is asked of the agenda."""
_START, _END = (Given(name, DateTimeField()) for name in ("start", "end"))


def entries() -> QuerySet[AgendaEntry]:
    """Everything public, with what a line needs to be read."""
    return (
        AgendaEntry.objects.select_related("theme", "territory")
        .defer("territory__geometry", "mark", "first_quarter", "last_quarter")
        .order_by("starts_at", "key")
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lines there are, how many of them start before a moment, how many have a place
    (when that was asked)."""

    total: int
    before: int
    located: int = 0


def counts(
    asked: Narrowing, *, at: datetime.datetime, before: datetime.datetime, places: bool
) -> Counts:
    """All in one reading, from an index alone without the `places`."""
    (found,) = _COUNTS.read((asked, places), at=at, before=before)
    return Counts(*found)


def total(asked: Narrowing, *, at: datetime.datetime) -> int:
    """How many lines there are."""
    (found,) = _TOTAL.read(asked, at=at)
    return int(found.total)


def page(asked: Narrowing, *, at: datetime.datetime, limit: int, offset: int) -> list[AgendaEntry]:
    """`limit` lines in the order of time, the first `offset` ones left out. Two queries: those
    that are left out are passed over in an index."""
    keys = [row.key for row in _KEYS.read(asked, at=at, limit=limit, offset=offset)]
    return _OF_KEYS.read(keys=keys)


def located(asked: Narrowing, *, at: datetime.datetime, limit: int) -> list[AgendaEntry]:
    """Lines that have a place on the map, in the order of time."""
    return _LOCATED.read(asked, at=at, limit=limit, offset=0)


def _counted(asked: Narrowing, **numbers: Count) -> QuerySet[AgendaEntry, Any]:
    """These numbers of the whole set, as one row."""
    rows = asked.narrow(AgendaEntry.objects.all()).annotate(**numbers).order_by(*numbers)
    found = rows.values_list(*numbers, named=True)
    found.query.group_by = None  # else it would count by line
    return found


def _counts(told: tuple[Narrowing, bool]) -> QuerySet[AgendaEntry, Any]:
    asked, places = told
    before = Count("key", filter=Q(starts_at__lt=Given("before", DateTimeField())))
    located = {"located": Count("point")} if places else {}
    return _counted(asked, total=Count("key"), before=before, **located)


_COUNTS: WrittenFor[tuple[Narrowing, bool], Any] = WrittenFor(_counts)
_TOTAL: WrittenFor[Narrowing, Any] = WrittenFor(lambda asked: _counted(asked, total=Count("*")))
_KEYS: WrittenFor[Narrowing, Any] = WrittenFor(
    lambda asked: asked.narrow(AgendaEntry.objects.order_by("starts_at", "key")).values_list(
        "key", "starts_at", named=True
    ),
    cut=True,
)
_OF_KEYS = Written(lambda: entries().filter(Among("key", Given("keys", ArrayField(CharField())))))
_LOCATED: WrittenFor[Narrowing, AgendaEntry] = WrittenFor(
    lambda asked: asked.narrow(entries()).filter(point__isnull=False), cut=True
)


def dated(
    asked: Narrowing,
    *,
    at: datetime.datetime,
    start: datetime.datetime,
    end: datetime.datetime,
    limit: int,
) -> list[Any]:
    """Lines with days of their own that touch `[start, end)`, in the order of time, in short: named
    tuples of what a short line says."""
    return _DATED.read(asked, at=at, start=start, end=end, limit=limit, offset=0)


def lasting(
    asked: Narrowing,
    *,
    at: datetime.datetime,
    start: datetime.datetime,
    end: datetime.datetime,
    limit: int,
) -> list[Any]:
    """The others: long lines, or whose day nobody knows yet. What one can take part in comes
    first, then what began last."""
    return _LASTING.read(asked, at=at, start=start, end=end, limit=limit, offset=0)


_SHORT = (
    *("key", "source", "source_id", "path_part", "process_id", "theme_id", "title"),
    *("starts_at", "ends_at", "precision", "timezone", "certainty", "takes_part"),
)
LONG = datetime.timedelta(days=7)
"""What lasts longer has no day of its own."""
_LASTS = (
    ~Q(precision__in=("time", "day"))
    | Q(ends_at__isnull=True)
    | Q(ends_at__gt=F("starts_at") + LONG)
)


def _touching(asked: Narrowing) -> QuerySet[AgendaEntry]:
    """The lines that touch the period of the reading, in the order of time."""
    return asked.narrow(entries()).filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=_START), starts_at__lt=_END
    )


_DATED: WrittenFor[Narrowing, Any] = WrittenFor(
    lambda asked: _touching(asked).exclude(_LASTS).values_list(*_SHORT, named=True), cut=True
)
_LASTING: WrittenFor[Narrowing, Any] = WrittenFor(
    lambda asked: (
        _touching(asked)
        .filter(_LASTS)
        .order_by("-takes_part", "-starts_at", "key")
        .values_list(*_SHORT, named=True)
    ),
    cut=True,
)


def mandate_at(at: datetime.datetime) -> CitizenAgenda | None:
    """The mandate of that day, else the last one."""
    return _MANDATE.first(day=timezone.localtime(at).date())


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


def stretches(
    asked: Narrowing,
    *,
    by: str,
    at: datetime.datetime,
    start: datetime.datetime,
    end: datetime.datetime,
) -> list[Stretch]:
    """All lines that touch `[start, end)`, counted by row (the value of the column `by`) and by
    quarters. One query, which PostgreSQL answers from an index alone."""
    return [
        Stretch(str(row or ""), source == "event", first, last, number)
        for row, source, first, last, number in _STRETCHES.read(
            (asked, by), at=at, start=start, end=end
        )
    ]


def within(
    asked: Narrowing,
    *,
    at: datetime.datetime,
    start: datetime.datetime,
    end: datetime.datetime,
    meetings: bool,
) -> list[AgendaEntry]:
    """The lines that touch `[start, end)`, in the order of time, with or without meetings."""
    return _WITHIN.read((asked, meetings), at=at, start=start, end=end)


def _stretches(told: tuple[Narrowing, str]) -> QuerySet[AgendaEntry, Any]:
    asked, by = told
    kept = (by, "source", "first_quarter", "last_quarter")
    counted = _touching(asked).order_by().values(*kept).annotate(number=Count("*"))
    return counted.order_by(*kept).values_list(*kept, "number", named=True)


def _within(told: tuple[Narrowing, bool]) -> QuerySet[AgendaEntry]:
    asked, meetings = told
    return _touching(asked) if meetings else _touching(asked).exclude(source="event")


_STRETCHES: WrittenFor[tuple[Narrowing, str], Any] = WrittenFor(_stretches)
_WITHIN: WrittenFor[tuple[Narrowing, bool], AgendaEntry] = WrittenFor(_within)


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
