"""What the back office reads of maps and contributions."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from participation.core.choices import Visibility
from participation.core.models import Contribution, OfficialAnswer, Report
from participation.mapping.models import MapContribution, ParticipatoryMap, Trace


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits on one map, and for whom."""

    to_moderate: int
    reported: int
    to_assign: int
    to_answer: int
    joined: int
    total: int


def all_maps() -> QuerySet[ParticipatoryMap]:
    """Maps with what a list shows of each, the newest first."""
    return (
        ParticipatoryMap.objects.select_related("activity__process")
        .defer("drawn_perimeter")
        .prefetch_related("activity__phases")
        .annotate(
            received=Count(
                "contributions",
                filter=~Q(
                    contributions__contribution__visibility__in=(
                        Visibility.DRAFT,
                        Visibility.WITHDRAWN,
                    )
                ),
            )
        )
        .order_by("-activity")
    )


def listed_contributions() -> QuerySet[MapContribution]:
    """Contributions that were sent, with what a row shows of each; no drawing is read."""
    return (
        MapContribution.objects.exclude(contribution__visibility=Visibility.DRAFT)
        .select_related(
            "category", "map__activity", "contribution__author", "contribution__territory"
        )
        .defer(
            "geometry",
            "tile_geometry",
            "map__drawn_perimeter",
            "contribution__territory__geometry",
        )
        .prefetch_related("directorates")
        .annotate(
            answered=Exists(
                OfficialAnswer.objects.filter(contribution=OuterRef("contribution_id")).order_by()
            )
        )
        .order_by("-contribution__submitted_at", "-pk")
    )


def waiting(*, map: ParticipatoryMap) -> Waiting:
    """What waits on a map; two queries."""
    open_reports = Report.objects.filter(
        state="open", contribution__activity=map.activity_id
    ).order_by()
    published = Q(contribution__visibility=Visibility.PUBLISHED, merged_into__isnull=True)
    found = (
        MapContribution.objects.filter(map=map)
        .exclude(contribution__visibility__in=(Visibility.DRAFT, Visibility.WITHDRAWN))
        .aggregate(
            total=Count("pk", distinct=True),
            to_moderate=Count(
                "pk", filter=Q(contribution__visibility=Visibility.PENDING), distinct=True
            ),
            to_assign=Count("pk", filter=published & Q(directorates__isnull=True), distinct=True),
            to_answer=Count(
                "pk", filter=published & Q(contribution__answers__isnull=True), distinct=True
            ),
            joined=Count("pk", filter=Q(merged_into__isnull=False), distinct=True),
        )
    )
    return Waiting(reported=open_reports.count(), **found)


def unanswered_since(
    rows: QuerySet[MapContribution], *, moment: datetime.datetime
) -> QuerySet[MapContribution]:
    """Online by themselves, sent before `moment`, and nobody has answered."""
    answers = OfficialAnswer.objects.filter(contribution=OuterRef("contribution_id"))
    return rows.filter(
        ~Exists(answers.order_by()),
        contribution__visibility=Visibility.PUBLISHED,
        contribution__submitted_at__lt=moment,
        merged_into__isnull=True,
    )


def matching(rows: QuerySet[MapContribution], text: str) -> QuerySet[MapContribution]:
    """Whose text matches (French stemming), or whose number or author is `text`."""
    number = text.rsplit("-", 1)[-1].strip()
    found = Q(contribution__in=Contribution.objects.matching(text).order_by().values("pk"))
    found |= Q(contribution__title__icontains=text)
    found |= Q(contribution__author__public_name__icontains=text)
    if number.isascii() and number.isdigit() and len(number) < 19:
        found |= Q(pk=int(number))
    return rows.filter(found)


def traces(*, contribution: MapContribution) -> list[Trace]:
    """The history of a contribution, newest first, with who acted."""
    return list(
        contribution.traces.select_related("actor", "other__contribution")
        .defer("other__geometry", "other__tile_geometry")
        .order_by("-happened_at", "-pk")
    )


def joined_to(*, contribution: MapContribution) -> list[MapContribution]:
    """What was joined to it."""
    rows: Any = contribution.merged.select_related("contribution__author")
    return list(rows.defer("geometry", "tile_geometry").order_by("pk"))
