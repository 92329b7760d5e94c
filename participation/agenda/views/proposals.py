"""Proposing an event, and following what is answered."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.agenda import policies
from participation.agenda.forms.proposals import ProposalForm
from participation.agenda.queries.personal import proposals_of
from participation.agenda.services.proposals import correct_proposal, propose_event
from participation.core.throttle import within_limit
from participation.core.verdict import Refused

_PER_HOUR = 20


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """The form, in the same name as last time, and one's own proposals."""
    own = list(proposals_of(user=request.user)[:50])
    known = {"organisation": own[0].organisation} if own else {}
    form = ProposalForm(request.POST or None, initial={"key": uuid.uuid4(), **known})
    if request.method == "POST" and form.is_valid():
        if not within_limit(request, action="agenda-propose", limit=_PER_HOUR, seconds=3600):
            form.add_error(
                None,
                gettext("A lot was asked from here in the last hour: try again a little later."),
            )
        else:
            try:
                row = propose_event(
                    plan=form.plan(),
                    submission_key=form.cleaned_data["key"],
                    actor=request.user,  # type: ignore[arg-type]  # signed in: see its decorator
                    at=timezone.now(),
                )
            except Refused as refused:
                _show_reasons(form, refused)
            else:
                messages.success(request, gettext("Your proposal is sent."))
                return redirect("agenda:proposal", row.pk)
    return _page(request, form, own=own, proposal=None)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own proposal: where it stands; its form again when changes are asked for."""
    row = get_object_or_404(proposals_of(user=request.user), pk=pk)
    form = None
    if policies.may_correct_proposal(proposal=row, user=request.user):
        form = ProposalForm(
            request.POST or None, initial=model_to_dict(row) | {"key": row.submission_key}
        )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            correct_proposal(proposal=row, plan=form.plan(), actor=request.user, at=timezone.now())
        except Refused as refused:
            _show_reasons(form, refused)
        else:
            messages.success(request, gettext("Your proposal is sent."))
            return redirect("agenda:proposal", row.pk)
    return _page(request, form, own=[], proposal=row)


def _page(request: HttpRequest, form: ProposalForm | None, **context: Any) -> HttpResponse:
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "agenda/propose.html", {"form": form, **context}, status=status)


def _show_reasons(form: ProposalForm, refused: Refused) -> None:
    for refusal in refused.verdict.refusals:
        form.add_error(None, str(refusal))
