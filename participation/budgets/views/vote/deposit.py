"""Deposit an envelope that the browser sealed: as few queries as the promises allow."""

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from participation.budgets.forms.vote import cast_key, sealed_envelope
from participation.budgets.models import Envelope
from participation.budgets.queries.casting import door
from participation.budgets.services.vote import cast_ballot
from participation.budgets.views.vote.voters import note_voter
from participation.core.dates import full_day
from participation.core.verdict import Refused, Verdict
from participation.core.views.resending import shows_again_when_expired
from participation.electors.presentation import mendings
from participation.electors.visits import visitor

_STATUS = {"key_reused": 409, "cast_superseded": 409, "envelope_malformed": 400}


@never_cache
@sensitive_post_parameters()
@shows_again_when_expired
@require_POST
def ballot_deposit(request: HttpRequest, slug: str, envelope_slug: str) -> JsonResponse:
    """Cast a sealed envelope. Sent again with the same key, it gives the same receipt.

    Answers `{"depositCode", "recast", "day"}`, or `{"code", "sentences"}`: 403 when this voter is
    refused, with the `links` that mend it (`{"label", "url"}`, back to the ballot afterwards), 400
    for what is no envelope, 409 for a key already used, and 403 with a new `csrf` token for a form
    that was open for too long. Nothing was written then.
    """
    found = door(
        slug=slug,
        envelope_slug=envelope_slug,
        visitor=visitor(request),
        account=request.user,
    )
    if found is None or found.poll.envelope.budget.activity.process.published_at is None:
        raise Http404(gettext("There is no vote at this address."))
    if request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        return _refused(
            403,
            "form_expired",
            gettext("This page had been open for too long. Press the button again."),
            csrf=get_token(request),
        )
    key = cast_key(request.POST)
    if key is None:
        return _refused(
            400, "key_malformed", gettext("The envelope arrived damaged: it was not deposited.")
        )
    try:
        receipt = cast_ballot(
            poll=found.poll,
            voter=found.elector,
            account=request.user,
            line=found.line,
            envelope=sealed_envelope(request.POST),
            cast_key=key,
        )
        note_voter(request, poll=found.poll, elector=found.elector, receipt=receipt)
    except Refused as refusal:
        code = refusal.verdict.codes[0]
        sentences = [str(each) for each in refusal.verdict.refusals]
        links = _links(refusal.verdict, found.poll.envelope)
        return _refused(_STATUS.get(code, 403), code, *sentences, links=links)
    return JsonResponse(
        {
            "depositCode": receipt.deposit_code,
            "recast": receipt.recast,
            "day": full_day(receipt.voted_on),
        }
    )


def _links(verdict: Verdict, envelope: Envelope) -> list[dict[str, str]]:
    """What mends a refusal, each way once."""
    activity = envelope.budget.activity
    back = reverse("budgets:ballot", args=[activity.slug, envelope.slug])
    found = [mending for _refusal, mending in mendings(verdict, activity=activity, back=back)]
    return [
        {"label": label, "url": url}
        for url, label in {each.url: each.label for each in found if each}.items()
    ]


def _refused(status: int, code: str, *sentences: str, **more: Any) -> JsonResponse:
    return JsonResponse({"code": code, "sentences": list(sentences), **more}, status=status)
