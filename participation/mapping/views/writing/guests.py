"""Contributions without an account: the mail's link reads, confirms, changes and withdraws."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.core.choices import Visibility
from participation.core.verdict import Refused, Verdict
from participation.core.views.resending import shows_again_when_expired
from participation.mapping import policies, queries, services
from participation.mapping.models import MapContribution
from participation.mapping.views.contribution import missing
from participation.mapping.views.map_page import MapPage, open_map
from participation.mapping.views.writing.own import edit_at, withdraw_at


@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do now: open the message. The same page for everybody."""
    page = open_map(request, slug)
    context = page.context("new", days=services.LINK_LIFE.days)
    return render(request, "mapping/guest_sent.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """One's contribution by its secret link. Reading changes nothing: a button confirms."""
    page, row = _open(request, slug, token)
    verdict: Verdict | None = None
    if request.method == "POST":
        try:
            services.confirm_guest(token=token, at=page.at)
        except Refused as refusal:
            verdict = refusal.verdict
        else:
            messages.success(request, gettext("Thank you: your contribution is confirmed."))
            return redirect("mapping:guest", slug, token)
    spine = row.contribution
    context = page.context(
        "new",
        row=row,
        token=token,
        reasons=verdict.refusals if verdict is not None else (),
        waits=spine.visibility == Visibility.DRAFT,
        is_published=spine.visibility == Visibility.PUBLISHED,
        is_pending=spine.visibility == Visibility.PENDING,
        question_answers=queries.public_answers(contribution=row, all_of_them=True),
        files=list(spine.attachments.order_by("position", "pk")),
        may_edit=policies.may_edit(contribution=row, user=request.user, at=page.at, as_guest=True),
        may_withdraw=policies.may_withdraw(
            contribution=row, user=request.user, at=page.at, as_guest=True
        ),
    )
    return render(request, "mapping/guest.html", context, status=200 if verdict is None else 403)


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Change it."""
    page, row = _open(request, slug, token)
    return edit_at(request, page, row, token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Take it back."""
    page, row = _open(request, slug, token)
    return withdraw_at(request, page, row, token)


def _open(request: HttpRequest, slug: str, token: str) -> tuple[MapPage, MapContribution]:
    page = open_map(request, slug)
    guest = services.find_guest(token)
    if guest is None or guest.contribution.map_id != page.map.pk:
        raise missing()
    row = guest.contribution
    row.map = page.map
    row.contribution.activity = page.map.activity
    return page, row
