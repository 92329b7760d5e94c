"""Supporting and following. Works as plain forms; htmx swaps the fragment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participation.core import policies, presentation, services
from participation.core.models import Contribution
from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.views.shared import (
    followable,
    readable_contribution,
    say_no,
    sign_in_first,
    too_fast,
    wants_fragment,
    way_back,
)

_PER_MINUTE = 60


@require_POST
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """Support a contribution; doing it again changes nothing."""
    return _support(request, pk, give=True)


@require_POST
def unsupport(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's support back."""
    return _support(request, pk, give=False)


def _support(request: HttpRequest, pk: int, *, give: bool) -> HttpResponse:
    contribution = readable_contribution(request, pk)
    if not request.user.is_authenticated:
        return sign_in_first(request, contribution)
    if not within_limit(request, action="support", limit=_PER_MINUTE, seconds=60):
        return too_fast(request, contribution)
    try:
        if give:
            services.support(contribution=contribution, user=request.user, at=timezone.now())
        else:
            services.withdraw_support(contribution=contribution, user=request.user)
    except Refused as refused:
        say_no(request, refused)
        return HttpResponseRedirect(way_back(request, contribution))
    if wants_fragment(request):
        return render(request, "core/_support.html", _support_context(request, contribution))
    messages.success(
        request,
        _("Thank you: your support is counted.") if give else _("Your support is withdrawn."),
    )
    return HttpResponseRedirect(way_back(request, contribution))


def _support_context(request: HttpRequest, contribution: Contribution) -> dict[str, object]:
    stands = presentation.standing(contribution=contribution, user=request.user)
    return {
        "contribution": contribution,
        "supported": stands["supported"],
        "supports_total": stands["supports_total"],
        "may_support": policies.may_support(
            contribution=contribution, user=request.user, at=timezone.now()
        ),
        "back": way_back(request, contribution),
    }


@require_POST
def follow(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Follow a process, an activity or a contribution."""
    return _follow(request, kind, pk, start=True)


@require_POST
def unfollow(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Stop following."""
    return _follow(request, kind, pk, start=False)


def _follow(request: HttpRequest, kind: str, pk: int, *, start: bool) -> HttpResponse:
    subject = followable(kind, pk, request.user)
    if not request.user.is_authenticated:
        return sign_in_first(request, subject)
    if not within_limit(request, action="follow", limit=_PER_MINUTE, seconds=60):
        return too_fast(request, subject)
    if start:
        services.follow(user=request.user, subject=subject, at=timezone.now())
    else:
        services.unfollow(user=request.user, subject=subject)
    if wants_fragment(request):
        return render(
            request,
            "core/_follow.html",
            {
                "subject": subject,
                "subject_kind": kind,
                "followed": start,
                "back": way_back(request, subject),
            },
        )
    messages.success(
        request,
        _("You will be told about what happens next.")
        if start
        else _("You no longer follow this."),
    )
    return HttpResponseRedirect(way_back(request, subject))
