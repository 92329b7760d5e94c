"""Decide who may vote in an activity."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from participation.core.audit import record
from participation.core.models import Activity
from participation.core.verdict import Refusal, Refused, Verdict
from participation.electors import policies
from participation.electors.models import Electorate
from participation.electors.queries import defaults_of

SETTINGS = (
    "minimum_age",
    "age_on",
    "perimeter",
    "links",
    "ways",
    "is_roll_closed",
    "paper_policy",
    "network_limit",
    "shows_turnout",
    "retention_months",
)
"""What an officer decides, in the order in which it is asked."""
_STILL_FREE = ("shows_turnout", "retention_months")


def electorate_of(*, activity: Activity) -> Electorate:
    """The electorate of an activity, made on first use from what its process asks."""
    return Electorate.objects.get_or_create(
        activity=activity, defaults=defaults_of(activity=activity)
    )[0]


@transaction.atomic
def save_electorate(*, electorate: Electorate, settings: dict[str, Any], actor: Any) -> Electorate:
    """Set who may vote and how they come. `settings` holds some of `SETTINGS`.

    Raises `Refused`: `not_allowed`, `electorate_frozen`, `electorate_invalid`.
    """
    policies.may_run_electorates(user=actor).or_refuse()
    changes = {
        name: value for name, value in settings.items() if getattr(electorate, name) != value
    }
    if not set(changes) <= set(_STILL_FREE):
        policies.may_change_electorate(electorate=electorate, user=actor).or_refuse()
    for name, value in changes.items():
        setattr(electorate, name, value)
    try:
        electorate.full_clean()
    except ValidationError as error:
        raise Refused(
            Verdict(tuple(Refusal("electorate_invalid", text) for text in error.messages))
        ) from error
    electorate.save()
    record(
        action="parvis.electorate.save",
        instance=electorate,
        actor=actor,
        changed=sorted(changes),
    )
    return electorate


@transaction.atomic
def freeze_electorate(*, electorate: Electorate, actor: Any, at: datetime.datetime) -> None:
    """Called when the vote is sealed: what voters were told is what holds. Twice is once."""
    frozen = Electorate.objects.filter(pk=electorate.pk, frozen_at__isnull=True).update(
        frozen_at=at
    )
    if frozen:
        record(action="parvis.electorate.freeze", instance=electorate, actor=actor)
    electorate.frozen_at = electorate.frozen_at or at


def note_results(*, activity: Activity, on: datetime.date) -> None:
    """Called when the results are published: the months before names are erased run from here."""
    Electorate.objects.filter(activity=activity, results_on__isnull=True).update(results_on=on)
