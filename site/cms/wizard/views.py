"""Screens of the back office that make a participatory budget."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import ActivityPage, NewsPage, ProcessPage, SiteSettings
from cms.wizard import defaults
from cms.wizard.answering import alone, answer, pages_to_finish
from cms.wizard.forms import WHOLE, NewBudgetForm
from cms.wizard.services import make_budget
from participation.budgets import policies
from participation.budgets.choices import BallotKind
from participation.budgets.models import Budget
from participation.core.choices import ModerationMode
from participation.core.models import Directorate, Process


def _only_organisers(request: HttpRequest) -> None:
    if not policies.may_set_up(user=request.user):
        raise PermissionDenied


def _proposed(request: HttpRequest) -> dict[str, Any]:
    """The answers that the form starts with."""
    facts = SiteSettings.read(request)
    dates = defaults.calendar(timezone.localdate())
    latest = Process.objects.exclude(perimeter=None).order_by("-created_at", "-pk").first()
    directorates = Directorate.objects.order_by("name", "pk")[:2]
    year = dates["vote_from"].year
    return {
        "title": gettext("Participatory budget %(year)s") % {"year": year},
        "edition": year,
        "owner": latest.owner_id if latest else alone(directorates),
        "perimeter": latest.perimeter_id if latest else None,
        "sharing": WHOLE,
        "ballot_kind": BallotKind.APPROVAL,
        "min_choices": 1,
        "max_choices": 3,
        "moderation": ModerationMode.AFTER,
        "categories": "\n".join(defaults.categories()),
        "contact_name": facts.contact_name or facts.authority_name,
        "contact_email": facts.contact_email or getattr(request.user, "email", ""),
        "terms": defaults.terms(),
        **dates,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new_budget(request: HttpRequest) -> HttpResponse:
    """The form; when it is wrong, it comes back with what was typed and why."""
    _only_organisers(request)
    return answer(
        request,
        form=NewBudgetForm(request.POST or None, initial=_proposed(request)),
        make=lambda **given: make_budget(**given).budget.activity,
        template="cms/admin/new_budget.html",
        next_url="cms_budget_made",
    )


@require_safe
def budget_made(request: HttpRequest, pk: int) -> HttpResponse:
    """What to do next, with the pages to finish."""
    _only_organisers(request)
    budget = get_object_or_404(Budget.objects.select_related("activity__process__perimeter"), pk=pk)
    process = budget.activity.process
    pages = pages_to_finish(
        ProcessPage.objects.filter(process=process).order_by("pk").first(),
        ActivityPage.objects.filter(activity=budget.activity).order_by("pk").first(),
        NewsPage.objects.filter(process=process).order_by("pk").first(),
    )
    return render(
        request,
        "cms/admin/budget_made.html",
        {
            "budget": budget,
            "process": process,
            "phases": budget.activity.phases.order_by("period", "pk"),
            "envelopes": budget.envelopes.order_by("position", "pk"),
            "pages": pages,
        },
    )
