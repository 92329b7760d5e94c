"""What the voter keeps."""

import datetime
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.budgets.policies.board import may_vote_online
from participation.budgets.services.vote import Receipt
from participation.budgets.views.vote.booth import Booth, enter, not_now


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a receipt says. The one of an empty sheet is filled in by the voter's browser.

    `ballot_code` is None on a receipt read again: only the answer to the deposit shows it.
    """

    deposit_code: str = ""
    ballot_code: str | None = ""
    voted_on: datetime.date | None = None
    is_replacement: bool = False


@never_cache
@require_safe
def ballot_receipt(request: HttpRequest, slug: str, envelope_slug: str) -> HttpResponse:
    """The deposit code of one's own ballot; there is no address for anybody else's."""
    booth = enter(request, slug, envelope_slug)
    record = booth.record
    if record is None:
        raise Http404(gettext("You have no ballot in this vote."))
    online = may_vote_online(record=record)
    if not online:
        return not_now(request, booth, online)
    sheet = Sheet(record.deposit_code, None, record.voted_on, record.casts > 1)
    return _show(request, booth, sheet)


def show_receipt(request: HttpRequest, booth: Booth, receipt: Receipt) -> HttpResponse:
    """The answer to a deposit."""
    sheet = Sheet(receipt.deposit_code, receipt.ballot_code, receipt.voted_on, receipt.recast)
    return _show(request, booth, sheet)


def _show(request: HttpRequest, booth: Booth, sheet: Sheet) -> HttpResponse:
    context = booth.context(
        sheet=sheet,
        may_vote_again=bool(booth.verdict),
        others=booth.others(),
        memory_key=booth.memory_key,
    )
    return render(request, "budgets/ballot_receipt.html", context)
