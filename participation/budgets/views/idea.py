"""The page of one idea."""

from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from participation.budgets import policies, queries
from participation.budgets.choices import FeasibilityVerdict, IdeaState
from participation.budgets.models import FeasibilityStudy, Idea, IdeaDecision, ProjectIdea
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.core import policies as core_policies
from participation.core import presentation as core_presentation
from participation.core.choices import Visibility
from participation.core.written import Given, Written

SIMILAR = 3

_KEY = Given("idea", BigIntegerField())
_IDEA = Written(
    lambda: (
        Idea.objects.filter(budget=Given("budget", BigIntegerField()), pk=_KEY)
        .select_related("category", "contribution__author", "contribution__territory")
        .defer("contribution__territory__geometry", "contribution__search")
        .order_by("pk")
    )
)
_STUDIES = Written(
    lambda: (
        FeasibilityStudy.objects.filter(idea=_KEY)
        .exclude(verdict=FeasibilityVerdict.PENDING)
        .select_related("directorate")
        .order_by("directorate__name", "pk")
    )
)
_DECISIONS = Written(lambda: IdeaDecision.objects.filter(idea=_KEY).order_by("decided_at", "pk"))


@require_safe
def idea_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One idea. A draft or a removed idea exists only for its author and the staff in charge."""
    page = open_budget(request, slug)
    idea = open_idea(request, page, pk)
    contribution = idea.contribution
    merge = _merge(idea)
    parts = core_presentation.contribution_parts(
        contribution=contribution, user=request.user, at=page.at
    )
    context = parts | page.context(
        "ideas",
        idea=idea,
        merged_into=merge.project if merge is not None else None,
        merged_at=merge.merged_at if merge is not None else None,
        studies=_STUDIES.read(idea=idea.pk),  # of the directorates that have decided
        decisions=_DECISIONS.read(idea=idea.pk),
        similar=_similar(page, idea),
        is_author=request.user.is_authenticated and contribution.author_id == request.user.pk,
        is_published=contribution.visibility == Visibility.PUBLISHED,
        is_draft=contribution.visibility == Visibility.DRAFT,
        may_edit=policies.may_edit_idea(idea=idea, user=request.user, at=page.at),
        may_withdraw=policies.may_withdraw_idea(idea=idea, user=request.user),
    )
    response = render(request, "budgets/idea.html", context)
    if contribution.visibility != Visibility.PUBLISHED:
        response["Cache-Control"] = "private, no-store"
    return response


def open_idea(request: HttpRequest, page: BudgetPage, pk: int) -> Idea:
    """The idea of this budget with what its page shows; `Http404` for who may not read it."""
    idea = _IDEA.first(budget=page.budget.pk, idea=pk)
    if idea is None:
        raise Http404(gettext("This idea does not exist or is no longer published."))
    idea.budget = page.budget
    idea.contribution.activity = page.budget.activity
    if not core_policies.may_read(contribution=idea.contribution, user=request.user):
        raise Http404(gettext("This idea does not exist or is no longer published."))
    return idea


def _merge(idea: Idea) -> ProjectIdea | None:
    """The project that this idea became part of; nothing is asked for an idea never merged."""
    if idea.state != IdeaState.MERGED:
        return None
    return ProjectIdea.objects.select_related("project").filter(idea=idea).first()


def _similar(page: BudgetPage, idea: Idea) -> list[Idea]:
    """Other published ideas close to this one."""
    found = queries.similar_ideas(
        budget=page.budget, text=idea.contribution.title, limit=SIMILAR + 1, spelt_alike=False
    )
    return [other for other in found if other.pk != idea.pk][:SIMILAR]
