"""Real rows of participatory maps. Times are relative to the real clock."""

import datetime
import itertools
import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils import timezone

from participation.accounts.models import User
from participation.core.choices import Step, Visibility
from participation.mapping.choices import QuestionKind, Shape
from participation.mapping.models import (
    MapCategory,
    MapContribution,
    ParticipatoryMap,
    Question,
)
from participation.mapping.services import Wish, point_on
from tests.factories.accounts import make_user
from tests.factories.core import make_activity, make_contribution, make_phase, make_process

_numbers = itertools.count(1)
_STEPS = (Step.COLLECT, Step.EXAMINE, Step.REPORT, Step.FOLLOW)
_DAYS = 20

OFFICER_PERMISSIONS = (
    "wagtailadmin.access_admin",
    "mapping.add_participatorymap",
    "mapping.change_participatorymap",
    "mapping.follow_up_map",
    "core.answer_contribution",
    "core.moderate_contribution",
    "core.change_process",
)


def make_map_officer(**fields: Any) -> User:
    """A participation officer: every right on maps, and the back office."""
    fields.setdefault("permissions", OFFICER_PERMISSIONS)
    return make_user(is_staff=True, **fields)


def make_map(step: str | None = Step.COLLECT, **fields: Any) -> ParticipatoryMap:
    """A published map whose phase `step` is open now; None for a map without any phase.

    `process__…` fields go to the process; `activity__…` to the activity.
    """
    number = next(_numbers)
    process_fields = _take(fields, "process__")
    activity_fields = _take(fields, "activity__")
    process = fields.pop("process", None) or make_process(**process_fields)
    activity = make_activity(
        process=process,
        kind="map",
        **{"title": f"Carte {number}", "slug": f"carte-{number}", **activity_fields},
    )
    if step is not None:
        open_now = _STEPS.index(Step(step))
        for place, each in enumerate(_STEPS):
            opens = (place - open_now) * _DAYS - _DAYS // 2
            make_phase(activity, each, opens_in=opens, closes_in=opens + _DAYS)
    return ParticipatoryMap.objects.create(activity=activity, **fields)


def make_category(
    map: ParticipatoryMap,
    name: str = "",
    *,
    shapes: Sequence[str] = tuple(Shape.values),
    **fields: Any,
) -> MapCategory:
    """A category that takes all shapes."""
    number = next(_numbers)
    return MapCategory.objects.create(
        map=map, name=name or f"Catégorie {number}", shapes=list(shapes), **fields
    )


def make_question(category: MapCategory, kind: str = QuestionKind.TEXT, **fields: Any) -> Question:
    return Question.objects.create(
        category=category, kind=kind, **{"label": f"Question {next(_numbers)} ?", **fields}
    )


def make_map_contribution(
    map: ParticipatoryMap | None = None,
    *,
    category: MapCategory | None = None,
    geometry: GEOSGeometry | None = None,
    author: User | None = None,
    visibility: str = Visibility.PUBLISHED,
    state: str = "received",
    **fields: Any,
) -> MapContribution:
    """A published contribution; `fields` go to the spine's row."""
    map = map or make_map()
    category = category or map.categories.first() or make_category(map)
    spine = make_contribution(
        activity=map.activity,
        author=author or make_user(),
        visibility=visibility,
        point=point_on(geometry),
        **fields,
    )
    return MapContribution.objects.create(
        contribution=spine, map=map, category=category, geometry=geometry, state=state
    )


def make_wish(category: MapCategory, **fields: Any) -> Wish:
    """What somebody could send; at the centre of the test territory."""
    values: dict[str, Any] = {
        "title": "Un banc à l’ombre",
        "body": "Pour se reposer en montant.",
        "category": category,
        "geometry": Point(1.45, 43.6, srid=4326),
    }
    return Wish(**{**values, **fields})


def fresh_key() -> uuid.UUID:
    return uuid.uuid4()


def now() -> datetime.datetime:
    return timezone.now()


def _take(fields: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): fields.pop(name)
        for name in list(fields)
        if name.startswith(prefix)
    }
