"""One gesture: process, activity, phases, envelopes, categories, and draft pages."""

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.models import Locale

from cms.models import ActivityPage, NewsIndexPage, NewsPage, ProcessIndexPage, ProcessPage
from cms.wizard.forms import EACH
from participation.budgets.models import Budget
from participation.budgets.services.setup import EnvelopePlan, create_budget
from participation.core.choices import Step
from participation.core.services.calendar import PhasePlan


@dataclass(frozen=True, slots=True)
class NewBudget:
    """What was made. A page is None when the site has no list to put it under."""

    budget: Budget
    process_page: ProcessPage | None
    activity_page: ActivityPage | None
    news_page: NewsPage | None


def midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """When a day begins, there."""
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=zone)


def phase_plans(answers: dict[str, Any]) -> list[PhasePlan]:
    """The five phases, end to end. "Until" dates are included: a phase ends the next midnight."""
    zone = timezone.get_default_timezone()
    if not isinstance(zone, ZoneInfo):
        zone = datetime.UTC
    day = datetime.timedelta(days=1)
    ideas_from = midnight(answers["ideas_from"], zone)
    ideas_end = midnight(answers["ideas_until"] + day, zone)
    vote_from = midnight(answers["vote_from"], zone)
    vote_end = midnight(answers["vote_until"] + day, zone)
    results_on = midnight(answers["results_on"], zone)
    plans = [
        PhasePlan(Step.COLLECT, gettext("Submit ideas"), ideas_from, ideas_end),
        PhasePlan(Step.EXAMINE, gettext("Study of ideas"), ideas_end, vote_from),
        PhasePlan(Step.DECIDE, gettext("Vote"), vote_from, vote_end),
        PhasePlan(Step.REPORT, gettext("Count and results"), vote_end, results_on),
        PhasePlan(Step.FOLLOW, gettext("Delivery of projects"), results_on, None),
    ]
    return [plan for plan in plans if plan.closes_at is None or plan.closes_at > plan.opens_at]


def envelope_plans(answers: dict[str, Any]) -> list[EnvelopePlan]:
    """One envelope for the whole perimeter, or one for each territory inside it."""
    cents = answers["amount"]
    perimeter = answers["perimeter"]
    if answers["sharing"] == EACH:
        return [
            EnvelopePlan(child.name, cents, child)
            for child in perimeter.children.order_by("code", "pk")
        ]
    return [EnvelopePlan(perimeter.name, cents, None)]


@transaction.atomic
def make_budget(*, answers: dict[str, Any], actor: Any, at: datetime.datetime) -> NewBudget:
    """Make a budget and its draft pages from the clean answers of `NewBudgetForm`.

    Raises `Refused` with the codes of `create_budget`; nothing is then written.
    """
    budget = create_budget(
        title=answers["title"],
        slug=answers["slug"],
        edition=answers["edition"],
        owner=answers["owner"],
        perimeter=answers["perimeter"],
        contact_name=answers["contact_name"],
        contact_email=answers["contact_email"],
        terms=answers["terms"],
        phases=phase_plans(answers),
        envelopes=envelope_plans(answers),
        categories=answers["categories"],
        ballot_kind=answers["ballot_kind"],
        min_choices=answers["min_choices"],
        max_choices=answers["max_choices"],
        actor=actor,
        at=at,
    )
    process = budget.activity.process
    process.minimum_age = answers["minimum_age"]
    process.residents_only = answers["residents_only"]
    process.moderation = answers["moderation"]
    process.restitution_due_on = answers["results_on"]
    process.summary = _summary(answers)
    process.save()
    return _draft_pages(budget, answers, actor)


def _summary(answers: dict[str, Any]) -> str:
    return gettext("Submit your ideas for %(place)s, then vote for the projects to carry out.") % {
        "place": answers["perimeter"].name
    }


def _draft_pages(budget: Budget, answers: dict[str, Any], actor: Any) -> NewBudget:
    locale = Locale.get_default()
    process = budget.activity.process
    process_page = activity_page = news_page = None
    index = ProcessIndexPage.objects.filter(locale=locale).order_by("path").first()
    if index is not None:
        process_page = add_draft(
            index,
            ProcessPage(
                title=process.title,
                slug=free_slug(index, process.slug),
                summary=process.summary,
                process=process,
            ),
            actor,
        )
        activity_page = add_draft(
            process_page,
            ActivityPage(
                title=gettext("Take part: %(title)s") % {"title": budget.activity.title},
                slug="participer",
                summary=process.summary,
                activity=budget.activity,
            ),
            actor,
        )
    news_index = NewsIndexPage.objects.filter(locale=locale).order_by("path").first()
    if news_index is not None:
        news_page = add_draft(
            news_index,
            NewsPage(
                title=gettext("%(title)s: ideas open soon") % {"title": process.title},
                slug=free_slug(news_index, process.slug),
                summary=process.summary,
                process=process,
                date=answers["ideas_from"],
            ),
            actor,
        )
    return NewBudget(budget, process_page, activity_page, news_page)


def free_slug(parent: Any, wanted: str) -> str:
    """An address that no child of this page has."""
    taken = set(parent.get_children().values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def add_draft(parent: Any, page: Any, actor: Any) -> Any:
    """Put an unpublished page under another, with its first revision."""
    page.live = False
    page.has_unpublished_changes = True
    page.locale = parent.locale
    page.owner = actor
    parent.add_child(instance=page)
    page.save_revision(user=actor)
    return page
