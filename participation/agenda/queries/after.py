"""What followed an event, as the public reads it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from participation.agenda.choices import EventState, MinutesState
from participation.agenda.models import (
    Event,
    HeadCount,
    HeardContribution,
    Minutes,
    Outcome,
    Satisfaction,
)
from participation.agenda.queries.door import counts_of
from participation.core.choices import Visibility

FEW = 5
"""Under that many answers, an average would tell who thought what: it is not given."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Published minutes, their outcomes, attendance (term and value each), what was heard."""

    minutes: Minutes | None
    outcomes: list[Outcome]
    figures: list[dict[str, Any]]
    heard: list[HeardContribution]


def aftermath(*, event: Event) -> Aftermath:
    """What anyone may read once an event was held; nothing before. Six queries at most."""
    if event.state != EventState.HELD:
        return Aftermath(None, [], [], [])
    minutes = Minutes.objects.filter(event=event, state=MinutesState.PUBLISHED).first()
    outcomes = (
        list(Outcome.objects.filter(event=event).order_by("position", "pk")) if minutes else []
    )
    heard = (
        HeardContribution.objects.filter(event=event, contribution__visibility=Visibility.PUBLISHED)
        .select_related("contribution")
        .order_by("pk")
    )
    return Aftermath(minutes, outcomes, attendance(event=event), list(heard))


def attendance(*, event: Event) -> list[dict[str, Any]]:
    """How many came and what they thought, as terms and values; three queries."""
    counted = (
        HeadCount.objects.filter(event=event)
        .order_by("-counted_at", "-pk")
        .values_list("people", flat=True)[:1]
    )
    came = counts_of(event=event).present
    said = Satisfaction.objects.filter(event=event).aggregate(
        answers=Count("pk"), average=Avg("rating")
    )
    people = next(iter(counted), 0) or came
    figures = [{"term": _("People present"), "value": people or None}]
    if said["answers"] >= FEW:
        mark = number_format(said["average"], decimal_pos=1)
        figures.append(
            {
                "term": _("Satisfaction"),
                "value": _("%(mark)s out of 5 (%(answers)s answers)")
                % {"mark": mark, "answers": said["answers"]},
            }
        )
    return [figure for figure in figures if figure["value"] is not None]
