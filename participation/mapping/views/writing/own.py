"""One's contribution: begin, go on, change, take back; the receipt; what is close by."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.core.choices import Visibility
from participation.core.views.resending import shows_again_when_expired
from participation.core.views.typed import find_typed
from participation.mapping import policies, services
from participation.mapping.forms import WishForm, read_key
from participation.mapping.models import MapCategory, MapContribution
from participation.mapping.views.contribution import is_own, missing, open_contribution
from participation.mapping.views.map_page import MapPage, open_map
from participation.mapping.views.writing.desk import Desk, Outcome, show
from participation.mapping.views.writing.queued import (
    as_queued,
    is_queued,
    is_same_person,
    other_person,
    refusal,
)
from participation.mapping.views.writing.sending import (
    receive,
    session_name,
    sign_in_to_contribute,
)


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Contribute: the category first, then the rest. Anyone may begin."""
    page = open_map(request, slug)
    if request.method == "POST":
        if is_queued(request) and not is_same_person(request):
            return other_person()
        return as_queued(request, _received(request, page))
    kept = find_typed(request, session_name(page))
    asked = request.GET.get("categorie") or (kept["category"] if kept else "")
    category = page.category(asked)
    if category is None and len(page.categories) == 1:
        category = page.categories[0]
    if category is None:
        return _choose(request, page)
    verdict = policies.may_contribute(map=page.map, user=request.user, at=page.at)
    desk = Desk(request, page, category)
    return show(desk, desk.blank_form(kept), Outcome(verdict=verdict, is_first_visit=not kept))


def _received(request: HttpRequest, page: MapPage) -> HttpResponse:
    category = _sent_category(request, page)
    if category is None:
        if is_queued(request):
            return refusal([gettext("This category no longer exists: choose another.")], status=400)
        return _choose(request, page, status=400)
    return receive(Desk(request, page, category, row=_draft_of_form(request, page)))


def _choose(request: HttpRequest, page: MapPage, status: int = 200) -> HttpResponse:
    """The first step: what is it about?"""
    verdict = policies.may_contribute(map=page.map, user=request.user, at=page.at)
    blocking = [each for each in verdict.refusals if each.code != "anonymous"]
    context = page.context("new", categories=page.categories, reasons=blocking)
    return render(request, "mapping/choose.html", context, status=status)


def _sent_category(request: HttpRequest, page: MapPage) -> MapCategory | None:
    """The category of the form, or the one that replaces it."""
    if request.POST.get("action") == "category":
        changed = page.category(request.POST.get("new_category", ""))
        if changed is not None:
            return changed
    return page.category(request.POST.get("category", ""))


def _draft_of_form(request: HttpRequest, page: MapPage) -> MapContribution | None:
    """The draft that this very form made already, to go on with its photos."""
    row = services.find_by_key(read_key(request.POST.get("submission_key", "")))
    if row is None or not is_own(page, row) or row.map_id != page.map.pk:
        return None
    return row if row.contribution.visibility == Visibility.DRAFT else None


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Its author changes a contribution or goes on with a draft, were their session to end
    meanwhile."""
    page = open_map(request, slug)
    if not request.user.is_authenticated:
        expired = request.form_expired  # type: ignore[attr-defined]  # set by its decorator
        if request.method == "POST" and not expired and not is_queued(request):
            return sign_in_to_contribute(
                request,
                session_name(page, pk),
                path=request.get_full_path(),
                category=request.POST.get("category", ""),
            )
        return redirect_to_login(request.get_full_path())
    row = own(page, pk)
    return edit_at(request, page, row)


def edit_at(
    request: HttpRequest, page: MapPage, row: MapContribution, token: str = ""
) -> HttpResponse:
    """The form of what exists, for its author or for who holds its link."""
    kept = None if token else find_typed(request, session_name(page, row.pk))
    category = page.category(kept["category"] if kept else "") or page.category(row.category_id)
    if request.method == "POST":
        category = _sent_category(request, page) or category
    assert category is not None  # noqa: S101 -- a contribution has a category of its map
    desk = Desk(request, page, category, row=row, token=token)
    if request.method == "POST":
        return receive(desk)
    verdict = policies.may_edit(
        contribution=row, user=request.user, at=page.at, as_guest=bool(token)
    )
    return show(desk, desk.blank_form(kept), Outcome(verdict=verdict, is_first_visit=not kept))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for confirmation, then withdraw."""
    page = open_map(request, slug)
    return withdraw_at(request, page, own(page, pk))


def withdraw_at(
    request: HttpRequest, page: MapPage, row: MapContribution, token: str = ""
) -> HttpResponse:
    """The confirmation and the act, for its author or for who holds its link."""
    verdict = policies.may_withdraw(
        contribution=row, user=request.user, at=page.at, as_guest=bool(token)
    )
    is_draft = row.contribution.visibility == Visibility.DRAFT
    if request.method == "POST" and verdict:
        services.withdraw_contribution(
            contribution=row, actor=request.user, at=page.at, as_guest=bool(token)
        )
        messages.success(
            request,
            gettext("Your draft is deleted.")
            if is_draft
            else gettext("Your contribution is withdrawn."),
        )
        return redirect("mapping:home", page.slug)
    context = page.context(
        "home", row=row, token=token, is_draft=is_draft, reasons=verdict.refusals
    )
    return render(request, "mapping/withdraw.html", context)


@never_cache
@login_required
@require_safe
def receipt(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The number of a contribution and what happens next; its author's only."""
    page = open_map(request, slug)
    row = own(page, pk)
    if row.contribution.visibility == Visibility.DRAFT:
        raise Http404(gettext("This contribution is not sent yet."))
    is_pending = row.contribution.visibility == Visibility.PENDING
    context = page.context("home", row=row, is_pending=is_pending)
    return render(request, "mapping/receipt.html", context)


@never_cache
@require_safe
def nearby(request: HttpRequest, slug: str) -> HttpResponse:
    """A fragment: contributions of the category close to what is being drawn."""
    page = open_map(request, slug)
    category = page.category(request.GET.get("category", ""))
    found: list[MapContribution] = []
    if category is not None:
        form = WishForm(request.GET, map=page.map, category=category, with_files=False)
        form.show_as_typed()
        found = Desk(request, page, category).nearby(form)
    return render(
        request,
        "mapping/_nearby.html",
        page.context(
            "new",
            nearby=found,
            asked_nearby=bool(found),
            may_support=request.user.is_authenticated,
        ),
    )


def own(page: MapPage, pk: int) -> MapContribution:
    """The contribution of this person; `Http404` for anybody else."""
    row = open_contribution(page, pk)
    if not is_own(page, row):
        raise missing()
    return row
