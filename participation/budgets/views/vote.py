"""The vote: choose an envelope, choose projects, review, confirm, keep the receipt.

What is chosen travels in the bodies of forms only, never in an address: addresses are logged and
remembered. Pages of the ballot are not stored by caches.
"""

import hashlib
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.budgets import policies, queries
from participation.budgets.choices import BallotKind, ProjectOrder
from participation.budgets.forms.vote import cast_key, chosen_keys, known_only
from participation.budgets.models import Poll, Project, VoterRecord
from participation.budgets.presentation import ballot_texts, limits_sentence
from participation.budgets.presentation.refusals import reasons
from participation.budgets.services.vote import cast_ballot
from participation.budgets.services.vote.rule import ballot_verdict
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.budgets.views.resending import shows_again_when_expired
from participation.core.verdict import Refused, Verdict
from participation.electors.services import electorate_of, enrol_account
from participation.electors.visits import current_elector


@dataclass(frozen=True, slots=True)
class Basket:
    """What is chosen so far, and whether it makes a ballot. Amounts in cents."""

    chosen: list[Project]
    spent_cents: int
    left_cents: int
    max_choices: int | None
    is_knapsack: bool
    verdict: Verdict

    @property
    def count(self) -> int:
        return len(self.chosen)

    @property
    def over_cents(self) -> int:
        """How far the choice goes beyond a knapsack's money."""
        return max(0, -self.left_cents) if self.is_knapsack else 0


@never_cache
@require_safe
def vote_home(request: HttpRequest, slug: str) -> HttpResponse:
    """The envelopes to vote on, the visitor's own district first."""
    page = open_budget(request, slug)
    polls = _polls(page)
    home = getattr(request.user, "home_territory_id", None)
    # A stable sort: the other envelopes keep the order of the budget.
    polls.sort(key=lambda poll: home is None or poll.envelope.territory_id != home)
    verdicts = [_may_vote(request, page, poll) for poll in polls[:1]]
    records = _my_records(request, page)
    context = page.context(
        "vote",
        rows=[
            {
                "poll": poll,
                "envelope": poll.envelope,
                "record": records.get(poll.pk),
                "is_mine": home is not None and poll.envelope.territory_id == home,
                "projects": len(poll.options["projects"]),
            }
            for poll in polls
        ],
        reasons=reasons(verdicts[0], next_url=request.path) if verdicts else [],
        may_vote=bool(verdicts and verdicts[0]),
        limits=limits_sentence(page.budget),
    )
    return render(request, "budgets/vote.html", context)


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, slug: str, envelope_slug: str) -> HttpResponse:
    """Choose projects. Without JavaScript, filtering and recalculating send the form here."""
    page = open_budget(request, slug)
    poll = _open_poll(page, envelope_slug)
    verdict = _may_vote(request, page, poll)
    if not verdict:
        return _not_now(request, page, poll, verdict)
    return _show_ballot(request, page, poll)


@never_cache
@shows_again_when_expired
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_review(request: HttpRequest, slug: str, envelope_slug: str) -> HttpResponse:
    """Read one's choice again, then confirm it. Confirming twice gives the same receipt."""
    page = open_budget(request, slug)
    poll = _open_poll(page, envelope_slug)
    if request.method != "POST":
        return redirect("budgets:ballot", slug, envelope_slug)
    verdict = _may_vote(request, page, poll)
    if not verdict:
        return _not_now(request, page, poll, verdict)
    basket = _basket(page, poll, _projects(request, page, poll), request)
    if not basket.verdict:
        return _show_ballot(request, page, poll, refused=True)
    key = cast_key(request.POST)
    if request.POST.get("action") != "confirm" or key is None or request.form_expired:  # type: ignore[attr-defined]  # set by its decorator
        return _show_review(request, page, poll, basket, cast_key=uuid.uuid4())
    try:
        voter = enrol_account(
            electorate=electorate_of(activity=page.budget.activity), account=request.user
        )
        cast_ballot(poll=poll, voter=voter, choices=chosen_keys(request.POST), cast_key=key)
    except Refused as refusal:
        if not _may_vote(request, page, poll):
            return _not_now(request, page, poll, refusal.verdict)
        return _show_review(
            request, page, poll, basket, cast_key=uuid.uuid4(), verdict=refusal.verdict
        )
    return redirect("budgets:ballot_receipt", slug, envelope_slug)


@never_cache
@require_safe
def ballot_receipt(request: HttpRequest, slug: str, envelope_slug: str) -> HttpResponse:
    """The receipt of one's own ballot; there is no address for anybody else's."""
    page = open_budget(request, slug)
    poll = _open_poll(page, envelope_slug)
    records = _my_records(request, page)
    record = records.get(poll.pk)
    if record is None:
        raise Http404(gettext("You have no ballot in this vote."))
    others = [other.envelope for other in _polls(page) if other.pk not in records]
    context = page.context(
        "vote",
        poll=poll,
        envelope=poll.envelope,
        record=record,
        envelope_line=f"{page.budget.activity.title} · {poll.envelope.name}",
        may_vote_again=bool(_may_vote(request, page, poll)),
        others=others,
    )
    return render(request, "budgets/ballot_receipt.html", context)


def _may_vote(request: HttpRequest, page: BudgetPage, poll: Poll) -> Verdict:
    elector = current_elector(request, page.budget.activity)
    return policies.may_vote(poll=poll, elector=elector, account=request.user, at=page.at)


def _polls(page: BudgetPage) -> list[Poll]:
    found = list(
        Poll.objects.filter(envelope__budget=page.budget)
        .select_related("envelope__territory")
        .defer("envelope__territory__geometry")
        .order_by("envelope__position", "pk")
    )
    for poll in found:
        poll.envelope.budget = page.budget
    return found


def _my_records(request: HttpRequest, page: BudgetPage) -> dict[int, VoterRecord]:
    """The visitor's own lines of the roll by poll, in one query; never what they sealed."""
    if not request.user.is_authenticated:
        return {}
    lines = VoterRecord.objects.defer("sealed_ballot", "cast_keys", "cast_digest").filter(
        voter__account=request.user, poll__envelope__budget=page.budget
    )
    return {line.poll_id: line for line in lines.order_by("poll_id")}


def _open_poll(page: BudgetPage, envelope_slug: str) -> Poll:
    poll = next((poll for poll in _polls(page) if poll.envelope.slug == envelope_slug), None)
    if poll is None:
        raise Http404(gettext("There is no vote at this address."))
    return poll


def _projects(request: HttpRequest, page: BudgetPage, poll: Poll) -> list[Project]:
    """The ballot in the order of this voter: random, and the same at each visit."""
    found = list(queries.ballot_projects(poll=poll).defer("territory__geometry"))
    if page.budget.project_order == ProjectOrder.FIXED:
        return found

    def place(project: Project) -> str:
        text = f"{poll.options_sha256}|{request.user.pk}|{project.pk}"
        return hashlib.sha256(text.encode()).hexdigest()

    return sorted(found, key=place)


def _basket(page: BudgetPage, poll: Poll, projects: list[Project], request: HttpRequest) -> Basket:
    standing = {project.pk: project for project in projects}
    keys = known_only(chosen_keys(request.POST), standing)
    chosen = [standing[key] for key in keys]
    spent = sum(project.cost_cents for project in chosen)
    return Basket(
        chosen=chosen,
        spent_cents=spent,
        left_cents=poll.envelope.amount_cents - spent,
        max_choices=page.budget.max_choices,
        is_knapsack=page.budget.ballot_kind == BallotKind.KNAPSACK,
        verdict=ballot_verdict(options=poll.options, choices=keys),
    )


def _show_ballot(
    request: HttpRequest, page: BudgetPage, poll: Poll, *, refused: bool = False
) -> HttpResponse:
    projects = _projects(request, page, poll)
    basket = _basket(page, poll, projects, request)
    chosen = {project.pk for project in basket.chosen}
    asked = {name: request.POST.get(name, "") for name in ("q", "categorie", "quartier")}
    if request.POST.get("action") == "clear":
        asked = dict.fromkeys(asked, "")
    shown = [project for project in projects if _matches(project, asked)]
    visible = {project.pk for project in shown}
    context = page.context(
        "vote",
        poll=poll,
        envelope=poll.envelope,
        projects=shown,
        total=len(projects),
        hidden=[project for project in basket.chosen if project.pk not in visible],
        chosen=chosen,
        basket=basket,
        texts=ballot_texts(),
        asked=asked,
        is_filtered=any(asked.values()),
        categories=_distinct(project.category for project in projects),
        territories=_distinct(project.territory for project in projects),
        limits=limits_sentence(page.budget),
        record=queries.my_vote(poll=poll, voter=request.user),
        problems=list(basket.verdict.refusals) if refused else [],
        form_expired=request.form_expired,  # type: ignore[attr-defined]  # set by its decorator
    )
    return render(request, "budgets/ballot.html", context)


def _show_review(
    request: HttpRequest,
    page: BudgetPage,
    poll: Poll,
    basket: Basket,
    *,
    cast_key: uuid.UUID,
    verdict: Verdict | None = None,
) -> HttpResponse:
    context = page.context(
        "vote",
        poll=poll,
        envelope=poll.envelope,
        basket=basket,
        cast_key=cast_key,
        record=queries.my_vote(poll=poll, voter=request.user),
        problems=list(verdict.refusals) if verdict is not None else [],
        form_expired=request.form_expired,  # type: ignore[attr-defined]  # set by its decorator
    )
    return render(request, "budgets/ballot_review.html", context)


def _not_now(request: HttpRequest, page: BudgetPage, poll: Poll, verdict: Verdict) -> HttpResponse:
    """Why this person cannot vote now, reason by reason, with what mends each."""
    standing = {project.pk: project for project in queries.ballot_projects(poll=poll)}
    keys = known_only(chosen_keys(request.POST), standing)
    context = page.context(
        "vote",
        poll=poll,
        envelope=poll.envelope,
        reasons=reasons(verdict, next_url=request.path),
        chosen=[standing[key] for key in keys],
        limits=limits_sentence(page.budget),
    )
    status = 403 if request.method == "POST" else 200
    return render(request, "budgets/ballot_refused.html", context, status=status)


def _matches(project: Project, asked: dict[str, str]) -> bool:
    text = plain(asked["q"].strip())
    return (
        (not text or text in plain(f"{project.title} {project.description}"))
        and asked["categorie"] in ("", str(project.category_id))
        and asked["quartier"] in ("", str(project.territory_id))
    )


def plain(text: str) -> str:
    """Lower case without accents: "école" is found by "ecole"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _distinct(rows: Any) -> list[Any]:
    """The categories or territories of the ballot, once each, by name."""
    found = {row.pk: row for row in rows if row is not None}
    return sorted(found.values(), key=lambda row: row.name)
