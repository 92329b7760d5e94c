"""What the authority answered on one day, map by map."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef
from django.utils import timezone

from participation.mapping.choices import TraceKind
from participation.mapping.models import MapContribution, ParticipatoryMap, Trace
from participation.mapping.queries import keeping_back


@dataclass(frozen=True, slots=True)
class DayOfAnswers:
    """The contributions of a map that were answered on `day`, as they stand now."""

    map: ParticipatoryMap
    day: datetime.date
    answers: tuple[MapContribution, ...]


def answers_of(*, day: datetime.date, at: datetime.datetime) -> list[DayOfAnswers]:
    """The maps with public contributions answered on that day of the town, each contribution once;
    two queries. A map that keeps its contributions back at the moment `at` is left out."""
    begins = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    ends = timezone.make_aware(
        datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min)
    )
    answered = Trace.objects.filter(
        contribution=OuterRef("pk"),
        kind=TraceKind.ANSWERED,
        happened_at__gte=begins,
        happened_at__lt=ends,
    )
    rows = (
        MapContribution.objects.public()
        .filter(Exists(answered.order_by()))
        .exclude(map__in=keeping_back(at=at))
        .select_related("contribution", "map__activity__process")
        .defer("geometry", "tile_geometry", "map__drawn_perimeter")
        .order_by("map", "pk")
    )
    return [
        DayOfAnswers(map=map, day=day, answers=tuple(found))
        for map, found in groupby(rows, key=lambda row: row.map)
    ]
