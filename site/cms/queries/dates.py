"""What is open and when things happen. Times are aware datetimes, passed in."""

import datetime
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Q, Sum
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext

from cms.queries.spine import ACTING_STEPS, landing
from participation.budgets.models import VoterRecord
from participation.core.choices import Step
from participation.core.models import Activity, Contribution, Phase

FIGURES_SECONDS = 300


@dataclass(frozen=True, slots=True)
class OpenPhase:
    """A phase in which one can act now."""

    activity: Activity
    phase: Phase
    url: str
    action: str
    closes_at: datetime.datetime | None
    days_left: int | None


def open_now(*, at: datetime.datetime, limit: int) -> list[OpenPhase]:
    """Phases of public processes in which the public can act at `at`, soonest to close first."""
    phases = (
        Phase.objects.at(at)
        .filter(
            step__in=ACTING_STEPS,
            activity__process__published_at__isnull=False,
            activity__process__cancelled_at__isnull=True,
        )
        .select_related("activity__process__perimeter")
        .order_by(Upper("period").asc(nulls_last=True), "pk")[:limit]
    )
    actions = {Step.COLLECT: gettext("Take part"), Step.DECIDE: gettext("Vote")}
    return [
        OpenPhase(
            activity=phase.activity,
            phase=phase,
            url=landing(phase.activity),
            action=actions[Step(phase.step)],
            closes_at=phase.closes_at,
            days_left=(phase.closes_at - at).days if phase.closes_at else None,
        )
        for phase in phases
    ]


@dataclass(frozen=True, slots=True)
class NextDate:
    """Something opens or closes."""

    at: datetime.datetime
    kind: str
    label: str
    activity: Activity
    url: str


def next_dates(
    *, at: datetime.datetime, limit: int, process_id: int | None = None
) -> list[NextDate]:
    """The next openings and closings of public processes, soonest first, at most `limit`."""
    phases = Phase.objects.filter(
        activity__process__published_at__isnull=False,
        activity__process__cancelled_at__isnull=True,
    )
    if process_id is not None:
        phases = phases.filter(activity__process_id=process_id)
    phases = phases.annotate(starts=Lower("period"), ends=Upper("period"))
    related = phases.select_related("activity__process")
    opening = related.filter(starts__gt=at).order_by("starts", "pk")[:limit]
    closing = related.filter(Q(ends__gt=at), starts__lte=at, step__in=ACTING_STEPS).order_by(
        "ends", "pk"
    )[:limit]
    dates = [
        NextDate(phase.opens_at, "opens", phase.title, phase.activity, landing(phase.activity))
        for phase in opening
    ] + [
        NextDate(phase.closes_at, "closes", phase.title, phase.activity, landing(phase.activity))
        for phase in closing
        if phase.closes_at
    ]
    return sorted(dates, key=lambda date: (date.at, date.label))[:limit]


@dataclass(frozen=True, slots=True)
class Figure:
    value: int
    label: str


def participation_figures() -> list[Figure]:
    """Counted figures of participation, at most five minutes old; those at zero are left out."""
    counts = cache.get("cms:figures")
    if counts is None:
        public = Contribution.objects.public()
        counts = {
            "contributions": public.count(),
            "supports": public.aggregate(total=Sum("supports_count"))["total"] or 0,
            "votes": VoterRecord.objects.count(),
        }
        cache.set("cms:figures", counts, FIGURES_SECONDS)
    labels = {
        "contributions": gettext("ideas published"),
        "supports": gettext("supports given"),
        "votes": gettext("people who voted"),
    }
    return [Figure(counts[key], label) for key, label in labels.items() if counts.get(key)]
