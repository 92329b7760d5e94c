"""One gesture: process, activity, phases, map, categories, and draft pages."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.models import Locale

from cms.models import ActivityPage, ProcessIndexPage, ProcessPage
from cms.wizard.services import add_draft, free_slug, midnight
from participation.core.choices import Step
from participation.core.services.calendar import PhasePlan
from participation.mapping.models import ParticipatoryMap
from participation.mapping.services.setup import TEMPLATES, MapPlan, ProcessPlan, create_map

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewMap:
    """What was made. A page is None when the site has no list to put it under."""

    map: ParticipatoryMap
    process_page: ProcessPage | None
    activity_page: ActivityPage | None


def phase_plans(answers: dict[str, Any]) -> list[PhasePlan]:
    """Three phases, end to end. "Until" dates are included: a phase ends the next midnight."""
    zone = timezone.get_default_timezone()
    opens = midnight(answers["collect_from"], zone)
    closes = midnight(answers["collect_until"] + _DAY, zone)
    answered = midnight(answers["answers_until"] + _DAY, zone)
    return [
        PhasePlan(Step.COLLECT, gettext("Contribute to the map"), opens, closes),
        PhasePlan(Step.EXAMINE, gettext("Study of contributions"), closes, answered),
        PhasePlan(Step.FOLLOW, gettext("Answers and follow-up"), answered, None),
    ]


@transaction.atomic
def make_map(*, answers: dict[str, Any], actor: Any, at: datetime.datetime) -> NewMap:
    """Make a map and its draft pages from the clean answers of `NewMapForm`.

    Raises `Refused` with the codes of `create_map`; nothing is then written.
    """
    summary = gettext("Show on the map what matters to you: every contribution gets an answer.")
    process = answers["process"] or ProcessPlan(
        owner=answers["owner"],
        perimeter=answers["perimeter"],
        contact_name=answers["contact_name"],
        contact_email=answers["contact_email"],
        terms=answers["terms"],
        summary=summary,
    )
    map = create_map(
        plan=MapPlan(
            title=answers["title"],
            slug=answers["slug"],
            drawn_perimeter=answers["drawn_perimeter"],
            parts=answers["parts"],
            introduction=answers["introduction"],
            moderation=answers["moderation"],
            without_account=answers["without_account"],
            per_person=answers["per_person"],
            shows_others=answers["shows_others"],
            phases=phase_plans(answers),
            categories=TEMPLATES[answers["template"]].categories,
        ),
        process=process,
        actor=actor,
        at=at,
    )
    return _draft_pages(map, summary, actor)


def _draft_pages(map: ParticipatoryMap, summary: str, actor: Any) -> NewMap:
    """The page of the map, under that of its process, which is made when there is none."""
    process = map.activity.process
    index = ProcessIndexPage.objects.filter(locale=Locale.get_default()).order_by("path").first()
    page = ProcessPage.objects.filter(process=process).order_by("path").first()
    if page is None and index is not None:
        page = add_draft(
            index,
            ProcessPage(
                title=process.title,
                slug=free_slug(index, process.slug),
                summary=process.summary,
                process=process,
            ),
            actor,
        )
    activity_page = None
    if page is not None:
        activity_page = add_draft(
            page,
            ActivityPage(
                title=gettext("Take part: %(title)s") % {"title": map.activity.title},
                slug=free_slug(page, map.activity.slug),
                summary=summary,
                activity=map.activity,
            ),
            actor,
        )
    return NewMap(map, page, activity_page)
