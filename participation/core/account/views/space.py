"""What a member did and what awaits them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.core import registry
from participation.core.account import queries
from participation.core.account.views.shared import member, member_page, page_of


@require_safe
@member_page
def dashboard(request: HttpRequest) -> HttpResponse:
    """Greeting, what awaits, what is open now."""
    now = timezone.now()
    waiting = queries.waiting(user=member(request), at=now)
    context = {
        "waiting": waiting,
        "drafts": [(draft, registry.contribution_path(draft)) for draft in waiting.drafts],
        "duties": registry.duties_of(request.user, now),
        "here": "home",
    }
    return render(request, "accounts/dashboard.html", context)


@require_safe
@member_page
def contributions(request: HttpRequest) -> HttpResponse:
    """All that this person submitted, whatever the instrument; first what is no contribution."""
    page = page_of(request, queries.contributions(user=member(request)))
    rows = [
        (row, registry.contribution_path(row), next(iter(row.latest_decisions), None))
        for row in page
    ]
    sent = registry.sent_by(member(request)) if page.number == 1 else []
    return render(
        request,
        "accounts/contributions.html",
        {"page": page, "rows": rows, "sent": sent, "here": "contributions"},
    )


@require_safe
@member_page
def comments(request: HttpRequest) -> HttpResponse:
    page = page_of(request, queries.comments(user=member(request)))
    rows = [(comment, registry.contribution_path(comment.contribution)) for comment in page]
    return render(
        request, "accounts/comments.html", {"page": page, "rows": rows, "here": "comments"}
    )


@require_safe
@member_page
def votes(request: HttpRequest) -> HttpResponse:
    """The votes this person took part in; what they chose is known to nobody."""
    return render(
        request,
        "accounts/votes.html",
        {"votes": queries.votes(user=member(request)), "here": "votes"},
    )


@require_safe
@member_page
def follows(request: HttpRequest) -> HttpResponse:
    page = page_of(request, queries.follows(user=member(request)))
    rows = [queries.followed(follow) for follow in page]
    watched = registry.watched_by(member(request)) if page.number == 1 else []
    return render(
        request,
        "accounts/follows.html",
        {"page": page, "rows": rows, "watched": watched, "here": "follows"},
    )
