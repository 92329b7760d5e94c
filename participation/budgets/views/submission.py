"""Writing an idea: start, keep as a draft, submit, change, withdraw, and the receipt.

What somebody typed is never lost: a form that cannot be accepted is shown again as it was, the
files already received stay on the draft, and a visitor who has to sign in finds the text again.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maps.forms import Location
from participation.accounts.kept_forms import forget_form
from participation.budgets import policies, queries
from participation.budgets.forms.ideas import IdeaForm
from participation.budgets.models import Idea
from participation.budgets.presentation.refusals import reasons
from participation.budgets.services import ideas as services
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.budgets.views.idea import open_idea
from participation.core import services as core_services
from participation.core.choices import AttachmentKind, Visibility
from participation.core.models import Attachment, Contribution
from participation.core.verdict import Refused, Verdict
from participation.core.views.resending import shows_again_when_expired
from participation.core.views.typed import find_typed, sign_in_to_send

SIMILAR = 5


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def idea_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose an idea. Anyone may begin; signing in comes at the end, with nothing lost."""
    page = open_budget(request, slug)
    if request.method == "POST":
        return _receive(request, page, None)
    verdict = policies.may_submit_idea(budget=page.budget, user=request.user, at=page.at)
    kept = find_typed(request, _session_name(page))
    form = IdeaForm(
        kept,
        initial={"submission_key": uuid.uuid4()},
        budget=page.budget,
        with_files=request.user.is_authenticated,
    )
    if kept:
        form.show_as_typed()
    return _show(request, page, form, None, verdict=verdict, is_first_visit=not kept)


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def idea_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Its author changes an idea or goes on with a draft, were their session to end meanwhile."""
    page = open_budget(request, slug)
    if not request.user.is_authenticated:
        if request.method == "POST" and not request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
            return _sign_in_to_send(request, _session_name(page, pk), request.get_full_path())
        return redirect_to_login(request.get_full_path())
    idea = _own_idea(request, page, pk)
    if request.method == "POST":
        return _receive(request, page, idea)
    verdict = policies.may_edit_idea(idea=idea, user=request.user, at=page.at)
    kept = find_typed(request, _session_name(page, pk))
    form = IdeaForm(kept, initial=_initial(idea), budget=page.budget)
    if kept:
        form.show_as_typed()
    return _show(request, page, form, idea, verdict=verdict, is_first_visit=not kept)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def idea_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for confirmation, then withdraw."""
    page = open_budget(request, slug)
    idea = _own_idea(request, page, pk)
    verdict = policies.may_withdraw_idea(idea=idea, user=request.user)
    if request.method == "POST" and verdict:
        was_draft = idea.contribution.visibility == Visibility.DRAFT
        services.withdraw_idea(idea=idea, actor=request.user, at=page.at)
        messages.success(
            request,
            gettext("Your draft is deleted.") if was_draft else gettext("Your idea is withdrawn."),
        )
        return redirect("budgets:ideas", slug)
    return render(
        request,
        "budgets/idea_withdraw.html",
        page.context(
            "ideas",
            idea=idea,
            contribution=idea.contribution,
            is_draft=idea.contribution.visibility == Visibility.DRAFT,
            reasons=reasons(verdict, next_url=request.path),
        ),
    )


@never_cache
@login_required
@require_safe
def idea_receipt(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The number of a submitted idea and what happens next; its author's only."""
    page = open_budget(request, slug)
    idea = _own_idea(request, page, pk)
    if idea.contribution.visibility == Visibility.DRAFT:
        raise Http404(gettext("This idea is not submitted yet."))
    context = page.context(
        "ideas",
        idea=idea,
        contribution=idea.contribution,
        is_published=idea.contribution.visibility == Visibility.PUBLISHED,
        is_pending=idea.contribution.visibility == Visibility.PENDING,
    )
    return render(request, "budgets/idea_receipt.html", context)


@require_safe
def idea_similar(request: HttpRequest, slug: str) -> HttpResponse:
    """A fragment: published ideas close to the text that is being written."""
    page = open_budget(request, slug)
    text = request.GET.get("texte", "").replace("\x00", "")[:500]
    similar = queries.similar_ideas(budget=page.budget, text=text, limit=SIMILAR)
    return render(
        request, "budgets/_similar.html", {"similar": similar, "slug": slug, "asked": True}
    )


def _own_idea(request: HttpRequest, page: BudgetPage, pk: int) -> Idea:
    idea = open_idea(request, page, pk)
    if idea.contribution.author_id != request.user.pk:
        raise Http404(gettext("This idea does not exist or is no longer published."))
    return idea


def _session_name(page: BudgetPage, pk: int | None = None) -> str:
    """Where the text of a new idea waits, or the changes to the idea `pk`."""
    return f"idea-typed-{page.budget.pk}" + (f"-{pk}" if pk else "")


def _sign_in_to_send(request: HttpRequest, name: str, path: str) -> HttpResponse:
    said = gettext("Sign in or create an account to send your idea. What you wrote is kept.")
    return sign_in_to_send(request, name, path=path, said=said)


def _initial(idea: Idea) -> dict[str, Any]:
    contribution = idea.contribution
    return {
        "title": contribution.title,
        "body": contribution.body,
        "category": idea.category_id,
        "location": Location(
            point=contribution.point,
            territory=contribution.territory,
            address=contribution.address,
        ),
        "estimated_cost": idea.estimated_cost_cents,
        "submission_key": contribution.submission_key,
    }


def _receive(request: HttpRequest, page: BudgetPage, idea: Idea | None) -> HttpResponse:
    """One form sent: `action` is submit, save, draft or similar."""
    action = request.POST.get("action", "submit")
    form = IdeaForm(
        request.POST,
        request.FILES,
        budget=page.budget,
        with_files=request.user.is_authenticated,
        as_draft=action == "draft",
    )
    if request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        form.show_as_typed()
        return _show(
            request,
            page,
            form,
            idea,
            status=403,
            problem=gettext(
                "This form had been open for too long, or you signed in again meanwhile. "
                "What you wrote is kept below: check it and send it again."
            ),
            lost_files=bool(form.uploads),
        )
    if not request.user.is_authenticated:
        return _sign_in_first(request, page, form, action)
    if action == "similar":
        form.show_as_typed()
    is_right = form.is_valid() and action != "similar"
    try:
        kept, problems = _write(request, page, form, idea, submits=is_right and action != "draft")
    except Refused as refusal:
        return _show(
            request,
            page,
            form,
            idea,
            verdict=refusal.verdict,
            status=403,
            lost_files=bool(form.uploads),
        )
    undescribed = _undescribed(kept) if kept and action != "draft" else []
    if not is_right or problems or undescribed:
        lost = bool(form.uploads) and kept is None
        if kept is not None:
            form.hand_over_pictures()
        return _show(
            request,
            page,
            form,
            kept or idea,
            problems=problems,
            lost_files=lost,
            undescribed=undescribed,
            asks_similar=action == "similar",
        )
    forget_form(request, _session_name(page, idea.pk if idea else None))
    assert kept is not None  # noqa: S101 -- a right form is always written
    return _answer(request, page, kept, was_submitted=idea is not None and not _is_draft(idea))


def _answer(
    request: HttpRequest, page: BudgetPage, kept: Idea, *, was_submitted: bool
) -> HttpResponse:
    if _is_draft(kept):
        messages.success(request, gettext("Your draft is kept. Nobody else sees it."))
        return redirect("budgets:idea_edit", page.slug, kept.pk)
    if was_submitted:
        messages.success(request, gettext("Your changes are kept."))
        return redirect("budgets:idea", page.slug, kept.pk)
    return redirect("budgets:idea_receipt", page.slug, kept.pk)


def _is_draft(idea: Idea) -> bool:
    return idea.contribution.visibility == Visibility.DRAFT


@transaction.atomic
def _write(
    request: HttpRequest, page: BudgetPage, form: IdeaForm, idea: Idea | None, *, submits: bool
) -> tuple[Idea | None, list[str]]:
    """Write what can be written: (the idea or its draft, what is wrong with its files).

    Files received with a form that has errors are kept on a draft, so that they need not be
    chosen again; that takes a title.
    """
    is_right = form.is_valid() and request.POST.get("action") != "similar"
    if not is_right and (not form.uploads or not form.cleaned_data.get("title")):
        return None, []
    key = (
        idea.contribution.submission_key
        if idea is not None
        else form.cleaned_data.get("submission_key") or uuid.uuid4()
    )
    # A second click waits here for the first, and then finds the idea submitted.
    Contribution.objects.select_for_update(of=("self",), no_key=True).filter(
        submission_key=key
    ).first()
    data = form.idea_data()
    if idea is not None and not _is_draft(idea):
        problems = _change_files(request, form, idea.contribution)
        if is_right and not problems and not _undescribed(idea):
            idea = services.edit_idea(idea=idea, data=data, actor=request.user, at=page.at)
        return idea, problems
    kept = services.save_draft(
        budget=page.budget, author=request.user, data=data, submission_key=key, at=page.at
    )
    if not _is_draft(kept):
        return kept, []
    problems = _change_files(request, form, kept.contribution)
    if submits and not problems and not _undescribed(kept):
        kept = services.submit_idea(
            budget=page.budget,
            author=request.user,
            data=data,
            submission_key=key,
            at=page.at,
            draft=kept,
        )
    return kept, problems


def _undescribed(idea: Idea) -> list[int]:
    """Keys of its pictures that say nothing to people who cannot see them."""
    pictures = Attachment.objects.filter(
        contribution=idea.contribution, kind=AttachmentKind.IMAGE, alt=""
    )
    return list(pictures.order_by("position", "pk").values_list("pk", flat=True))


def _change_files(request: HttpRequest, form: IdeaForm, contribution: Contribution) -> list[str]:
    """Take away the files that are ticked, describe those that stay, then add those received; what
    is wrong with them."""
    ticked = [int(value) for value in request.POST.getlist("remove") if value.isdecimal()]
    for attachment in Attachment.objects.filter(contribution=contribution, pk__in=ticked[:50]):
        core_services.remove_attachment(attachment=attachment, actor=request.user)
    for picture in Attachment.objects.filter(contribution=contribution, kind=AttachmentKind.IMAGE):
        said = request.POST.get(f"described_{picture.pk}", picture.alt).replace("\x00", "").strip()
        if said != picture.alt:
            core_services.describe_attachment(attachment=picture, alt=said, actor=request.user)
    problems: list[str] = []
    for upload in form.uploads:
        try:
            core_services.add_attachment(
                contribution=contribution, upload=upload.file, title=upload.title, alt=upload.alt
            )
        except Refused as refusal:
            problems.extend(
                gettext("“%(file)s”: %(reason)s") % {"file": upload.file.name, "reason": reason}
                for reason in refusal.verdict.refusals
            )
    return problems


def _sign_in_first(
    request: HttpRequest, page: BudgetPage, form: IdeaForm, action: str
) -> HttpResponse:
    """A visitor's text waits in the session while they sign in or create an account."""
    if action == "similar":
        form.show_as_typed()
        return _show(request, page, form, None, asks_similar=True)
    here = reverse("budgets:idea_new", args=[page.slug])
    return _sign_in_to_send(request, _session_name(page), here)


def _show(
    request: HttpRequest,
    page: BudgetPage,
    form: IdeaForm,
    idea: Idea | None,
    *,
    verdict: Verdict | None = None,
    problem: str = "",
    problems: list[str] | None = None,
    lost_files: bool = False,
    undescribed: list[int] | None = None,
    asks_similar: bool = False,
    is_first_visit: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form page. On a first visit, a refusal other than "sign in" takes the form's place."""
    refusals = reasons(verdict, next_url=request.path) if verdict is not None else []
    is_visitor = not request.user.is_authenticated
    blocking = [reason for reason in refusals if reason.code != "anonymous"]
    similar: Any = []
    if asks_similar:
        text = str(form.data.get("title", "")).replace("\x00", "")[:500]
        similar = queries.similar_ideas(budget=page.budget, text=text, limit=SIMILAR)
    files = list(idea.contribution.attachments.all()) if idea is not None else []
    context = page.context(
        "ideas",
        form=form,
        idea=idea,
        is_draft=idea is None or _is_draft(idea),
        is_visitor=is_visitor,
        reasons=blocking,
        shows_form=not (is_first_visit and blocking),
        problem=problem,
        problems=problems or [],
        lost_files=lost_files,
        undescribed=undescribed or [],
        similar=similar,
        asked=asks_similar,
        files=files,
        slug=page.slug,
    )
    return render(request, "budgets/idea_form.html", context, status=status)
