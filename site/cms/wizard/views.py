"""Screens of the back office that make a participatory budget."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import ActivityPage, NewsPage, ProcessPage, SiteSettings
from cms.wizard import defaults
from cms.wizard.forms import WHOLE, NewBudgetForm
from cms.wizard.services import make_budget
from participation.budgets import policies
from participation.budgets.choices import BallotKind
from participation.budgets.models import Budget
from participation.core.choices import ModerationMode
from participation.core.models import Directorate, Process
from participation.core.verdict import Refused


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


def alone(rows: Any) -> int | None:
    """The key of the only row, when there is only one: nobody needs to choose it."""
    found = list(rows)
    return found[0].pk if len(found) == 1 else None


@require_http_methods(["GET", "HEAD", "POST"])
def new_budget(request: HttpRequest) -> HttpResponse:
    """The form; when it is wrong, it comes back with what was typed and why."""
    _only_organisers(request)
    form = NewBudgetForm(request.POST or None, initial=_proposed(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = make_budget(answers=form.cleaned_data, actor=request.user, at=timezone.now())
            except Refused as refused:
                for refusal in refused.verdict.refusals:
                    form.add_error(None, str(refusal))
            else:
                messages.success(
                    request,
                    gettext("“%(title)s” is ready, as a draft.")
                    % {"title": made.budget.activity.title},
                )
                return redirect("cms_budget_made", pk=made.budget.pk)
        status = 422
    return render(
        request,
        "cms/admin/new_budget.html",
        {"form": form, "has_directorates": Directorate.objects.exists()},
        status=status,
    )


@require_safe
def budget_made(request: HttpRequest, pk: int) -> HttpResponse:
    """What to do next, with the pages to finish."""
    _only_organisers(request)
    budget = get_object_or_404(Budget.objects.select_related("activity__process__perimeter"), pk=pk)
    process = budget.activity.process
    pages = [
        ProcessPage.objects.filter(process=process).order_by("pk").first(),
        ActivityPage.objects.filter(activity=budget.activity).order_by("pk").first(),
        NewsPage.objects.filter(process=process).order_by("pk").first(),
    ]
    return render(
        request,
        "cms/admin/budget_made.html",
        {
            "budget": budget,
            "process": process,
            "phases": budget.activity.phases.order_by("period", "pk"),
            "envelopes": budget.envelopes.order_by("position", "pk"),
            "pages": [
                {
                    "page": page,
                    "kind": page.specific_class._meta.verbose_name,
                    "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
                }
                for page in pages
                if page is not None
            ],
        },
    )
