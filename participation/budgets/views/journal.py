"""The journal of a vote, open to all while it runs; the minutes; the key that checks signatures."""

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.budgets.choices import RecordKind
from participation.budgets.models import OfficialRecord, Poll
from participation.budgets.presentation.minutes import record_response
from participation.budgets.queries.journal import (
    find_deposit,
    journal_lines,
    journal_state,
    shows_turnout,
)
from participation.budgets.services.vote.signing import public_signing_key
from participation.budgets.views.budget_page import BudgetPage, open_budget

_PAGE = 100
_LONGEST_CODE = 60


@never_cache
@require_safe
def journal(request: HttpRequest, slug: str, envelope_slug: str) -> HttpResponse:
    """Deposits, head, and the search of one's own deposit code; no time anywhere."""
    page = open_budget(request, slug)
    poll = _journalled(page, envelope_slug)
    code = request.GET.get("code", "").strip()[:_LONGEST_CODE]
    state = journal_state(poll=poll, budget=page.budget)
    lines = None
    if state.voters is not None:
        lines = Paginator(journal_lines(poll=poll), _PAGE).get_page(request.GET.get("page"))
    context = page.context(
        "vote",
        poll=poll,
        envelope=poll.envelope,
        state=state,
        code=code,
        found=find_deposit(poll=poll, code=code) if code else None,
        lines=lines,
        heads=poll.heads.order_by("-day", "-seq")[:7],
        records=[
            record
            for record in poll.records.order_by("made_at", "pk")
            if _is_public(page, record.kind)
        ],
    )
    return render(request, "budgets/journal.html", context)


@require_safe
def journal_csv(request: HttpRequest, slug: str, envelope_slug: str) -> StreamingHttpResponse:
    """The lines of the journal: `seq;kind;payload;prev;hash`."""
    page = open_budget(request, slug)
    poll = _journalled(page, envelope_slug)
    if not shows_turnout(budget=page.budget):
        raise Http404(gettext("The lines of the journal are public with the results."))
    response = StreamingHttpResponse(_csv(poll), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{envelope_slug}-journal.csv"'
    return response


@require_safe
def minutes(request: HttpRequest, slug: str, envelope_slug: str, kind: str) -> HttpResponse:
    """Minutes as a PDF: those of the opening at once, the others with the results."""
    page = open_budget(request, slug)
    poll = _journalled(page, envelope_slug)
    if not _is_public(page, kind):
        raise Http404(gettext("These minutes are public with the results."))
    record = get_object_or_404(
        OfficialRecord.objects.select_related("poll__envelope__budget__activity"),
        poll=poll,
        kind=kind,
    )
    return record_response(record)


@require_safe
def signing_key(request: HttpRequest) -> HttpResponse:
    """The public key that checks the site's signatures: Ed25519, in hexadecimal."""
    return HttpResponse(f"{public_signing_key()}\n", content_type="text/plain; charset=ascii")


def _journalled(page: BudgetPage, envelope_slug: str) -> Poll:
    poll = (
        Poll.objects.filter(
            envelope__budget=page.budget, envelope__slug=envelope_slug, journal_seq__gt=0
        )
        .select_related("envelope")
        .first()
    )
    if poll is None:
        raise Http404(gettext("There is no journal at this address."))
    return poll


def _is_public(page: BudgetPage, kind: str) -> bool:
    return kind == RecordKind.OPENING or page.results_are_public


class _Echo:
    """What `csv` writes to, giving each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(poll: Poll) -> Iterator[Any]:
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\n")
    columns = ("seq", "kind", "payload", "prev", "hash")
    yield writer.writerow(columns)
    for line in journal_lines(poll=poll).values_list(*columns).iterator(chunk_size=5000):
        yield writer.writerow(line)
