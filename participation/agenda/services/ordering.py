"""The order of the rows of an event: stops of a visit, speakers, questions of registration."""

from typing import Any

from django.db import transaction

from participation.agenda import policies
from participation.agenda.models import RegistrationQuestion, Speaker, Stop
from participation.agenda.services.events.shared import locked
from participation.core import audit

ORDERED = (Stop, Speaker, RegistrationQuestion)


@transaction.atomic
def move_part(*, part: Stop | Speaker | RegistrationQuestion, earlier: bool, actor: Any) -> int:
    """Give a row the place of the one before it, or of the one after; its place, from 1.

    The first stays first, the last stays last. Code: `not_allowed`.
    """
    policies.may_run_events(user=actor).or_refuse()
    locked(part.event)  # two orders given at once come one after the other
    rows: list[Any] = list(type(part).objects.filter(event=part.event).order_by("position", "pk"))
    place = next(number for number, row in enumerate(rows) if row.pk == part.pk)
    other = max(place - 1, 0) if earlier else min(place + 1, len(rows) - 1)
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, start=1):
        row.position = position
    type(part).objects.bulk_update(rows, ["position"])
    audit.record(action="parvis.event.part", instance=part.event, actor=actor, moved=str(part)[:80])
    return other + 1
