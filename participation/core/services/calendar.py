"""The calendar that a new activity starts with."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from participation.core.models import Activity, Phase
from participation.core.verdict import ALLOWED, Verdict, refuse


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """One phase over the half-open period [opens_at, closes_at); no end for the last one."""

    step: str
    title: str
    opens_at: datetime.datetime
    closes_at: datetime.datetime | None = None
    summary: str = ""


def calendar_holds(phases: Sequence[PhasePlan]) -> Verdict:
    """Whether these phases may stand together. Codes: `phase_reversed`, `phases_overlap`."""
    if any(phase.closes_at is not None and phase.closes_at <= phase.opens_at for phase in phases):
        return refuse("phase_reversed", _("A phase starts on a date and ends after it."))
    in_order = sorted(phases, key=lambda phase: phase.opens_at)
    for one, other in pairwise(in_order):
        if one.closes_at is None or one.closes_at > other.opens_at:
            return refuse(
                "phases_overlap",
                _("The phases “%(one)s” and “%(other)s” overlap."),
                one=one.title,
                other=other.title,
            )
    return ALLOWED


def lay_calendar(*, activity: Activity, phases: Sequence[PhasePlan]) -> None:
    """Write the phases of a new activity, in the caller's transaction."""
    for plan in phases:
        Phase.objects.create(
            activity=activity,
            step=plan.step,
            title=plan.title,
            summary=plan.summary,
            period=DateTimeTZRange(plan.opens_at, plan.closes_at),
        )
