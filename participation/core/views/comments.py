"""Reading and writing comments."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.accounts.kept_forms import forget_form
from participation.core import policies, presentation, services
from participation.core.choices import Visibility
from participation.core.forms import CommentForm
from participation.core.models import Comment, Contribution
from participation.core.throttle import within_limit
from participation.core.verdict import Refused
from participation.core.views.resending import shows_again_when_expired
from participation.core.views.shared import path_of, readable_contribution, wants_fragment
from participation.core.views.typed import find_typed, sign_in_to_send

_PER_10_MINUTES = 20


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a comment or a reply. A refusal shows the reason and keeps what was typed.

    A comment sent after the end of a session waits in the next one; a GET shows it again.
    """
    contribution = readable_contribution(request, pk)
    if request.method != "POST":
        return _kept(request, contribution)
    form = CommentForm(request.POST)
    if request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        form.add_error(
            None,
            _(
                "This form had been open for too long, or you signed in again meanwhile. "
                "What you wrote is kept below: check it and send it again."
            ),
        )
        return _typed_again(request, contribution, form)
    if not form.is_valid():
        return _typed_again(request, contribution, form)
    if not request.user.is_authenticated:
        return sign_in_to_send(
            request,
            _session_name(contribution),
            path=reverse("core:comment", args=[contribution.pk]),
            said=_("Sign in to send your comment. What you wrote is kept."),
        )
    if not within_limit(request, action="comment", limit=_PER_10_MINUTES, seconds=600):
        form.add_error(
            None,
            _(
                "You did this many times in a row. Wait a few minutes, then try again: "
                "nothing is lost."
            ),
        )
        return _typed_again(request, contribution, form, status=429)
    parent_pk = form.cleaned_data["parent"]
    parent = None
    if parent_pk is not None:
        parent = contribution.comments.filter(pk=parent_pk).first()
        if parent is None:
            raise Http404
    try:
        added = services.add_comment(
            contribution=contribution,
            author=request.user,
            body=form.cleaned_data["body"],
            parent=parent,
            submission_key=form.cleaned_data["submission_key"],
            at=timezone.now(),
        )
    except Refused as refused:
        for refusal in refused.verdict.refusals:
            form.add_error(None, str(refusal))
        return _typed_again(request, contribution, form)
    forget_form(request, _session_name(contribution))
    messages.success(request, _received(added))
    if wants_fragment(request):
        return _fragment(request, contribution)
    return HttpResponseRedirect(path_of(added))


def _session_name(contribution: Contribution) -> str:
    return f"comment-typed-{contribution.pk}"


def _kept(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """The form with what was typed before signing in; without any, the contribution itself."""
    typed = find_typed(request, _session_name(contribution))
    if typed is None:
        return HttpResponseRedirect(path_of(contribution))
    form = CommentForm(typed)
    form.add_error(
        None, _("You were no longer signed in. What you wrote is kept below: send it again.")
    )
    return _typed_again(request, contribution, form, status=200)


def _received(comment: Comment) -> str:
    if comment.visibility == Visibility.PENDING:
        return _("Thank you. A moderator will read your comment before it is published.")
    return _("Thank you: your comment is published.")


def _fragment(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    parts = presentation.contribution_parts(
        contribution=contribution, user=request.user, at=timezone.now()
    )
    return render(request, "core/_comments.html", {**parts, "announce": True})


def _typed_again(
    request: HttpRequest, contribution: Contribution, form: CommentForm, *, status: int = 422
) -> HttpResponse:
    context = {
        "contribution": contribution,
        "form": form,
        "back": path_of(contribution),
    }
    if wants_fragment(request):
        return render(request, "core/_comment_refused.html", context)
    return render(request, "core/comment_refused.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, then withdraw one's own comment; nobody else finds this page."""
    written = get_object_or_404(
        Comment.objects.select_related("contribution"), pk=pk, author=request.user
    )
    page = path_of(written.contribution)
    verdict = policies.may_withdraw_comment(comment=written, user=request.user)
    if request.method == "POST":
        try:
            services.withdraw_comment(comment=written, actor=request.user)
        except Refused as refused:
            verdict = refused.verdict
        else:
            messages.success(request, _("Your comment is withdrawn."))
            return HttpResponseRedirect(page)  # at its top, where it says so
    return render(
        request,
        "core/comment_withdraw.html",
        {"comment": written, "verdict": verdict, "back": f"{page}#commentaires"},
    )


@require_safe
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """All the comments of a contribution, page by page."""
    contribution = readable_contribution(request, pk)
    try:
        page = max(1, min(int(request.GET.get("page", 1)), 10_000))
    except ValueError:
        page = 1
    may_comment = policies.may_comment(
        contribution=contribution, user=request.user, at=timezone.now()
    )
    items, more = presentation.comment_items(
        contribution=contribution, user=request.user, may_comment=bool(may_comment), page=page
    )
    return render(
        request,
        "core/comments.html",
        {
            "contribution": contribution,
            "comments": items,
            "may_comment": may_comment,
            "page": page,
            "previous_page": page - 1,
            "next_page": page + 1 if more else 0,
            "back": path_of(contribution),
        },
    )
