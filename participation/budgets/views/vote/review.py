"""Read one's choice again and confirm it, when the server seals."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from participation.budgets.forms.vote import MOST_LETTERS, cast_key, voters_word
from participation.budgets.services.vote import cast_ballot
from participation.budgets.views.vote.ballot import show_ballot
from participation.budgets.views.vote.booth import Basket, Booth, enter, marks_of, not_now
from participation.budgets.views.vote.receipt import show_receipt
from participation.budgets.views.vote.voters import note_voter
from participation.core.verdict import ALLOWED, Refused, Verdict
from participation.core.views.resending import shows_again_when_expired


@never_cache
@sensitive_post_parameters()
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_review(request: HttpRequest, slug: str, envelope_slug: str) -> HttpResponse:
    """Read one's choice again, then confirm it. Confirming twice gives the same receipt.

    The receipt is the answer itself: the ballot code on it is kept nowhere else.
    """
    if request.method != "POST":
        return redirect("budgets:ballot", slug, envelope_slug)
    booth = enter(request, slug, envelope_slug)
    marks = marks_of(request, booth)
    key = cast_key(request.POST)
    confirms = request.POST.get("action") == "confirm" and bool(marks.problems)
    if confirms and key is not None and not request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        try:
            # The cast asks every question itself, after it knew a retry of what it has already.
            receipt = cast_ballot(
                poll=booth.poll,
                voter=booth.voter.elector,
                account=request.user,
                choices=marks.choices,
                points=marks.points,
                cast_key=key,
                word=voters_word(request.POST),
            )
            note_voter(request, poll=booth.poll, elector=booth.voter.elector, receipt=receipt)
            return show_receipt(request, booth, receipt)
        except Refused as refusal:
            return _show_refused(request, booth, refusal.verdict)
    return _show_refused(request, booth, ALLOWED)


def _show_refused(request: HttpRequest, booth: Booth, verdict: Verdict) -> HttpResponse:
    """Why there is no receipt: this voter cannot vote, the choice is no ballot, or `verdict`."""
    eligible = booth.verdict
    if not eligible or "voting_closed" in verdict.codes:
        return not_now(request, booth, eligible & verdict)
    basket = booth.basket(booth.projects(), marks_of(request, booth))
    if not basket.verdict:
        return show_ballot(request, booth, refused=True)
    return _show_review(request, booth, basket, verdict)


def _show_review(
    request: HttpRequest, booth: Booth, basket: Basket, verdict: Verdict = ALLOWED
) -> HttpResponse:
    """The choice to confirm, with a new key: a form that was refused is another form."""
    context = booth.context(
        basket=basket,
        cast_key=uuid.uuid4(),
        word=voters_word(request.POST),
        most_letters=MOST_LETTERS,
        problems=list(verdict.refusals),
        form_expired=request.form_expired,  # type: ignore[attr-defined]  # set by its decorator
    )
    return render(request, "budgets/ballot_review.html", context)
