"""What is open and when things happen. Times are aware datetimes, passed in."""

import datetime
from dataclasses import dataclass

from django.contrib.postgres.fields import DateTimeRangeField
from django.core.cache import caches
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BigIntegerField, QuerySet, Sum
from django.db.models.functions import Lower
from django.utils.translation import gettext, pgettext

from cms.queries.spine import ACTING_STEPS, landing
from participation.budgets.models import Tally, VoterRecord
from participation.core.choices import Step
from participation.core.models import Activity, Contribution, Phase
from participation.core.written import Given, Written

FIGURES_SECONDS = 300
# More live phases than a home page could ever list.
CALENDAR_LIMIT = 200


@dataclass(frozen=True, slots=True)
class OpenPhase:
    """A phase in which one can act now."""

    activity: Activity
    phase: Phase
    url: str
    action: str
    closes_at: datetime.datetime | None
    days_left: int | None


def _public_phases() -> QuerySet[Phase]:
    """Those not over before `moments`."""
    return (
        Phase.objects.filter(
            activity__process__published_at__isnull=False,
            activity__process__cancelled_at__isnull=True,
        )
        .exclude(period__fully_lt=Given("moments", DateTimeRangeField()))
        .select_related("activity__process")
        .order_by(Lower("period"), "pk")
    )


_CALENDAR = Written(_public_phases, cut=True)
_CALENDAR_OF_PROCESS = Written(
    lambda: _public_phases().filter(activity__process=Given("process", BigIntegerField())),
    cut=True,
)


def calendar(*, at: datetime.datetime, process_id: int | None = None) -> list[Phase]:
    """Phases of public processes that are not over at `at`, by their start; one query."""
    asked = {"moments": DateTimeTZRange(at, None), "limit": CALENDAR_LIMIT, "offset": 0}
    if process_id is not None:
        return _CALENDAR_OF_PROCESS.read(process=process_id, **asked)
    return _CALENDAR.read(**asked)


def open_now(*, phases: list[Phase], at: datetime.datetime, limit: int) -> list[OpenPhase]:
    """Phases of a calendar in which the public can act at `at`, soonest to close first."""
    actions = {Step.COLLECT: gettext("Take part"), Step.DECIDE: pgettext("button", "Vote")}
    current = [
        phase for phase in phases if phase.step in ACTING_STEPS and phase.state_at(at) == "current"
    ]
    current.sort(key=lambda phase: (phase.closes_at is None, phase.closes_at or at, phase.pk))
    return [
        OpenPhase(
            activity=phase.activity,
            phase=phase,
            url=landing(phase.activity),
            action=actions[Step(phase.step)],
            closes_at=phase.closes_at,
            days_left=(phase.closes_at - at).days if phase.closes_at else None,
        )
        for phase in current[:limit]
    ]


@dataclass(frozen=True, slots=True)
class NextDate:
    """Something opens or closes."""

    at: datetime.datetime
    kind: str
    label: str
    activity: Activity
    url: str


def next_dates(*, phases: list[Phase], at: datetime.datetime, limit: int) -> list[NextDate]:
    """The next openings of a calendar, and the closings of what one can act in; soonest first."""
    dates = []
    for phase in phases:
        url = landing(phase.activity)
        if phase.opens_at > at:
            dates.append(NextDate(phase.opens_at, "opens", phase.title, phase.activity, url))
        elif phase.closes_at and phase.step in ACTING_STEPS:
            dates.append(NextDate(phase.closes_at, "closes", phase.title, phase.activity, url))
    return sorted(dates, key=lambda date: (date.at, date.kind, date.label))[:limit]


def _voters() -> int:
    """Those on the rolls of polls not counted yet, and those of the published counts.

    A vote whose regulation keeps its turnout until the results is not in it before.
    """
    counted = Tally.objects.filter(
        poll__envelope__budget__results_published_at__isnull=False
    ).aggregate(total=Sum("voters", default=0))["total"]
    under_way = VoterRecord.objects.filter(poll__tally__isnull=True).exclude(
        voter__electorate__shows_turnout=False
    )
    return counted + under_way.count()


@dataclass(frozen=True, slots=True)
class Figure:
    value: int
    label: str


def participation_figures() -> list[Figure]:
    """Counted figures of participation, at most five minutes old; those at zero are left out."""
    memory = caches["memory"]
    counts = memory.get("cms:figures")
    if counts is None:
        public = Contribution.objects.public()
        counts = {
            "contributions": public.count(),
            "supports": public.aggregate(total=Sum("supports_count"))["total"] or 0,
            "votes": _voters(),
        }
        memory.set("cms:figures", counts, FIGURES_SECONDS)
    labels = {
        "contributions": gettext("ideas published"),
        "supports": gettext("supports given"),
        "votes": gettext("people who voted"),
    }
    return [Figure(counts[key], label) for key, label in labels.items() if counts.get(key)]
