"""Make a map in one gesture: its process, its calendar, its categories."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maps.choices import TerritoryKind
from maps.models import Territory
from participation.core import audit
from participation.core.choices import EngagementLevel, ModerationMode, Step
from participation.core.models import Activity, Directorate, Process
from participation.core.services.calendar import PhasePlan, calendar_holds, lay_calendar
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies
from participation.mapping.models import ParticipatoryMap
from participation.mapping.services.setup.categories import (
    CategoryPlan,
    save_category,
    save_question,
)


@dataclass(frozen=True, slots=True)
class MapPlan:
    """A map and its rules. `drawn_perimeter` (WGS 84) goes before the territory of the process."""

    title: str
    slug: str
    drawn_perimeter: MultiPolygon | None = None
    parts: str = TerritoryKind.NEIGHBOURHOOD
    introduction: str = ""
    moderation: str = ModerationMode.AFTER
    without_account: bool = False
    per_person: int | None = None
    shows_others: bool = True
    comments_open: bool = True
    phases: Sequence[PhasePlan] = field(default=())
    categories: Sequence[CategoryPlan] = field(default=())


@dataclass(frozen=True, slots=True)
class ProcessPlan:
    """The process that a new map is made in, when it is not added to one."""

    owner: Directorate
    perimeter: Territory | None
    contact_name: str
    contact_email: str
    terms: str
    summary: str = ""


@transaction.atomic
def create_map(
    *,
    plan: MapPlan,
    process: Process | ProcessPlan,
    actor: Any,
    at: datetime.datetime,
) -> ParticipatoryMap:
    """Make the activity with its phases, the map with its categories and questions, in a process
    that exists or in a new one. Nothing is published.

    Codes: `not_allowed`, `title_missing`, `slug_taken`, `no_collect`, `phase_reversed`,
    `phases_overlap`, `no_place`, `guests_not_possible`, and those of `save_category`.
    """
    verdict = policies.may_set_up(user=actor) & _complete(plan, process)
    verdict.or_refuse()
    if isinstance(process, ProcessPlan):
        process = Process.objects.create(
            title=plan.title,
            slug=plan.slug,
            summary=process.summary,
            owner=process.owner,
            engagement_level=EngagementLevel.CONSULT,
            perimeter=process.perimeter,
            contact_name=process.contact_name,
            contact_email=process.contact_email,
            terms=process.terms,
            moderation=plan.moderation,
        )
    activity = Activity.objects.create(
        process=process,
        kind="map",
        title=plan.title.strip(),
        slug=plan.slug,
        position=process.activities.count(),
    )
    lay_calendar(activity=activity, phases=plan.phases)
    map = ParticipatoryMap.objects.create(
        activity=activity,
        drawn_perimeter=plan.drawn_perimeter,
        parts=plan.parts,
        introduction=plan.introduction.strip(),
        moderation=plan.moderation,
        without_account=plan.without_account,
        per_person=plan.per_person,
        shows_others=plan.shows_others,
        comments_open=plan.comments_open,
    )
    audit.record(action="parvis.map.create", instance=activity, actor=actor)
    add_categories(map=map, categories=plan.categories, actor=actor)
    return map


def add_categories(
    *, map: ParticipatoryMap, categories: Sequence[CategoryPlan], actor: Any
) -> None:
    """Write categories and their questions in the order given, in the language in force."""
    for place, category in enumerate(categories):
        row = save_category(
            map=map, category=None, plan=replace(category, position=place), actor=actor
        )
        for number, question in enumerate(category.questions):
            save_question(
                category=row, question=None, plan=replace(question, position=number), actor=actor
            )


def _complete(plan: MapPlan, process: Process | ProcessPlan) -> Verdict:
    verdict = ALLOWED
    if not plan.title.strip() or not plan.slug:
        verdict &= refuse("title_missing", _("Give the map a title with letters or figures."))
    taken = Activity.objects.filter(slug=plan.slug).exists()
    if isinstance(process, ProcessPlan):
        taken |= Process.objects.filter(slug=plan.slug).exists()
    if taken:
        verdict &= refuse("slug_taken", _("This address is already that of another process."))
    if not any(phase.step == Step.COLLECT for phase in plan.phases):
        verdict &= refuse("no_collect", _("A map needs the dates when it takes contributions."))
    if plan.drawn_perimeter is None and process.perimeter is None:
        verdict &= refuse("no_place", _("Say where one may draw: a territory, or an area."))
    verdict &= guests_possible(plan.without_account, process)
    return verdict & calendar_holds(plan.phases)


def guests_possible(without_account: bool, process: Any) -> Verdict:
    """Nobody checks the age or the home of somebody who has no account."""
    asked = getattr(process, "minimum_age", None) is not None or getattr(
        process, "residents_only", False
    )
    if without_account and asked:
        return refuse(
            "guests_not_possible",
            _("This process asks an age or a place of residence: that needs an account."),
        )
    return ALLOWED
