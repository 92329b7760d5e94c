"""Screens of the back office that make a participatory map."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import ActivityPage, ProcessPage, SiteSettings
from cms.wizard import defaults
from cms.wizard.answering import alone, answer, pages_to_finish
from cms.wizard.maps.forms import NewMapForm
from cms.wizard.maps.services import make_map
from maps.choices import TerritoryKind
from participation.core.choices import ModerationMode
from participation.core.models import Directorate, Process
from participation.mapping import policies
from participation.mapping.models import ParticipatoryMap


def _only_officers(request: HttpRequest) -> None:
    if not policies.may_set_up(user=request.user):
        raise PermissionDenied


def _proposed(request: HttpRequest) -> dict[str, Any]:
    """The answers that the form starts with."""
    facts = SiteSettings.read(request)
    latest = Process.objects.exclude(perimeter=None).order_by("-created_at", "-pk").first()
    opens = defaults.calendar(timezone.localdate())["ideas_from"]
    weeks = datetime.timedelta
    return {
        "template": "free",
        "owner": latest.owner_id if latest else alone(Directorate.objects.order_by("pk")[:2]),
        "perimeter": latest.perimeter_id if latest else None,
        "parts": TerritoryKind.NEIGHBOURHOOD,
        "moderation": ModerationMode.AFTER,
        "shows_others": True,
        "collect_from": opens,
        "collect_until": opens + weeks(weeks=6) - weeks(days=1),
        "answers_until": opens + weeks(weeks=14) - weeks(days=1),
        "contact_name": facts.contact_name or facts.authority_name,
        "contact_email": facts.contact_email or getattr(request.user, "email", ""),
        "terms": defaults.map_terms(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new_map(request: HttpRequest) -> HttpResponse:
    """The form; when it is wrong, it comes back with what was typed and why."""
    _only_officers(request)
    return answer(
        request,
        form=NewMapForm(request.POST or None, request.FILES or None, initial=_proposed(request)),
        make=lambda **given: make_map(**given).map.activity,
        template="cms/admin/new_map.html",
        next_url="cms_map_made",
    )


@require_safe
def map_made(request: HttpRequest, pk: int) -> HttpResponse:
    """What to do next, with the pages to finish."""
    _only_officers(request)
    map = get_object_or_404(ParticipatoryMap.objects.select_related("activity__process"), pk=pk)
    process = map.activity.process
    pages = pages_to_finish(
        ProcessPage.objects.filter(process=process).order_by("pk").first(),
        ActivityPage.objects.filter(activity=map.activity).order_by("pk").first(),
    )
    return render(
        request,
        "cms/admin/map_made.html",
        {
            "map": map,
            "process": process,
            "phases": map.activity.phases.order_by("period", "pk"),
            "categories": map.categories.order_by("position", "pk"),
            "pages": pages,
        },
    )
