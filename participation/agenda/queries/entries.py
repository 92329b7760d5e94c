"""The public agenda, read in several ways."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncQuarter

from maps.models import Territory
from participation.agenda.choices import Certainty
from participation.agenda.models import AgendaEntry, CitizenAgenda, Theme
from participation.core.choices import Step
from participation.core.models import Directorate, Process

BOARD = 4
"""Lines of each column of the board."""


def entries() -> QuerySet[AgendaEntry]:
    """Everything public, with what a line needs to be read."""
    return (
        AgendaEntry.objects.select_related("theme", "territory")
        .defer("territory__geometry")
        .order_by("starts_at", "key")
    )


def mandate_at(at: datetime.datetime) -> CitizenAgenda | None:
    """The mandate of that day, else the last one."""
    return (
        CitizenAgenda.objects.filter(mandate__contains=at.date()).first()
        or CitizenAgenda.objects.order_by("-mandate").first()
    )


def themes() -> list[Theme]:
    return list(Theme.objects.order_by("position", "name"))


def choices() -> tuple[list[Territory], list[Directorate], list[Process]]:
    """What filters offer: territories, directorates and processes that the agenda speaks of."""
    spoken_of = AgendaEntry.objects.order_by()
    territories = (
        Territory.objects.filter(pk__in=spoken_of.values("territory"))
        .only("pk", "name", "kind")
        .order_by("name", "pk")
    )
    directorates = Directorate.objects.filter(pk__in=spoken_of.values("directorate"))
    processes = Process.objects.public().filter(pk__in=spoken_of.values("process"))
    return (
        list(territories),
        list(directorates.order_by("name")),
        list(processes.order_by("title", "pk")),
    )


def quarters(
    rows: QuerySet[AgendaEntry], *, by: str
) -> Iterable[tuple[Any, datetime.datetime, int]]:
    """(value of the column `by`, start of a quarter, lines that start in it)."""
    return (
        rows.order_by()
        .annotate(quarter=TruncQuarter("starts_at"))
        .values_list(by, "quarter")
        .annotate(number=Count("pk"))
        .values_list(by, "quarter", "number")
        .order_by(by, "quarter")
    )


@dataclass(frozen=True, slots=True)
class Board:
    """What is coming, what is open now, what is being analysed, what was reported."""

    coming: list[AgendaEntry]
    open: list[AgendaEntry]
    analysed: list[AgendaEntry]
    reported: list[AgendaEntry]


def board(*, at: datetime.datetime) -> Board:
    """The board of the home page; four queries."""
    rows = entries().exclude(certainty=Certainty.DROPPED)
    going_on = Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    steps = rows.filter(going_on, source="phase")
    return Board(
        coming=list(
            rows.filter(starts_at__gt=at)
            .exclude(source="phase", kind__in=[Step.EXAMINE, Step.FOLLOW])
            .order_by("starts_at", "key")[:BOARD]
        ),
        open=list(rows.filter(going_on, takes_part=True).order_by("ends_at", "key")[:BOARD]),
        analysed=list(steps.filter(kind=Step.EXAMINE).order_by("ends_at", "key")[:BOARD]),
        reported=list(
            rows.filter(
                Q(source="phase", kind__in=[Step.REPORT, Step.FOLLOW], starts_at__lte=at)
                | Q(source="event", certainty=Certainty.DONE)
                | Q(source="restitution", starts_at__lte=at)
            ).order_by("-starts_at", "key")[:BOARD]
        ),
    )
