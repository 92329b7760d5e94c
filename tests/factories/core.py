"""Real rows of the spine. Times are relative to the real clock, so that views see them open."""

import datetime
import itertools
from typing import Any

from django.utils import timezone

from maps.models import Territory
from participation.accounts.models import User
from participation.core.choices import Step, Visibility
from participation.core.models import (
    Activity,
    Comment,
    Contribution,
    Directorate,
    Phase,
    Process,
)
from tests.factories.accounts import make_territory, make_user

_numbers = itertools.count(1)
_DAY = datetime.timedelta(days=1)


def make_directorate(name: str = "", **fields: Any) -> Directorate:
    return Directorate.objects.create(name=name or f"Direction {next(_numbers)}", **fields)


def make_process(
    *, published: bool = True, perimeter: Territory | None = None, **fields: Any
) -> Process:
    """A published process with its terms and contact, open to all."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "title": f"Démarche {number}",
        "slug": f"demarche-{number}",
        "engagement_level": "co_decide",
        "terms": "Chacune et chacun peut participer.",
        "contact_name": "Mission participation",
        "contact_email": "participation@example.org",
        "published_at": timezone.now() - 30 * _DAY if published else None,
        "perimeter": perimeter or make_territory(),
    }
    values.update(fields)
    values.setdefault("owner", None)
    values["owner"] = values["owner"] or make_directorate()
    return Process.objects.create(**values)


def make_activity(*, process: Process | None = None, kind: str = "test", **fields: Any) -> Activity:
    """An activity without phases."""
    number = next(_numbers)
    fields.setdefault("title", f"Activité {number}")
    fields.setdefault("slug", f"activite-{number}")
    return Activity.objects.create(process=process or make_process(), kind=kind, **fields)


def make_phase(
    activity: Activity,
    step: str = Step.COLLECT,
    *,
    opens_in: int = -10,
    closes_in: int | None = 10,
    **fields: Any,
) -> Phase:
    """A phase from `opens_in` to `closes_in` days after now (negative: before now)."""
    now = timezone.now()
    fields.setdefault("title", str(Step(step).label))
    upper = None if closes_in is None else now + closes_in * _DAY
    return Phase.objects.create(
        activity=activity, step=step, period=(now + opens_in * _DAY, upper), **fields
    )


def make_open_activity(step: str = Step.COLLECT, **fields: Any) -> Activity:
    """An activity whose phase `step` is open now."""
    activity = make_activity(**fields)
    make_phase(activity, step)
    return activity


def make_contribution(
    *,
    activity: Activity | None = None,
    author: User | None = None,
    visibility: str = Visibility.PUBLISHED,
    **fields: Any,
) -> Contribution:
    """A published contribution in an activity that collects."""
    number = next(_numbers)
    now = timezone.now()
    submitted_at = None if visibility == Visibility.DRAFT else now - _DAY
    values: dict[str, Any] = {
        "title": f"Contribution {number}",
        "body": "Planter des arbres devant l’école.",
        "created_at": now - _DAY,
        "submitted_at": submitted_at,
        "published_at": submitted_at if visibility == Visibility.PUBLISHED else None,
    }
    values.update(fields)
    return Contribution.objects.create(
        activity=activity or make_open_activity(),
        author=author or make_user(),
        visibility=visibility,
        **values,
    )


def make_comment(
    *,
    contribution: Contribution | None = None,
    author: User | None = None,
    parent: Comment | None = None,
    **fields: Any,
) -> Comment:
    """A published comment, written now."""
    fields.setdefault("body", f"Commentaire {next(_numbers)}")
    fields.setdefault("created_at", timezone.now())
    contribution = contribution or (parent.contribution if parent else make_contribution())
    return Comment.objects.create(
        contribution=contribution, author=author or make_user(), parent=parent, **fields
    )
