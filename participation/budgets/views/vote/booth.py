"""One voter before one ballot: the poll, its projects in their order, what is marked so far."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from participation.budgets import queries
from participation.budgets.choices import ProjectOrder
from participation.budgets.forms.vote import Marks, read_marks
from participation.budgets.models import Poll, Project, VoterRecord
from participation.budgets.policies.board import may_vote_online
from participation.budgets.presentation import (
    BallotLimits,
    limits_sentence,
    marking_sentence,
    so_far,
)
from participation.budgets.services.vote.rule import ballot_verdict
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.budgets.views.vote.voters import Voter, voter_of
from participation.core.verdict import Verdict
from participation.electors.presentation import mendings


@dataclass(frozen=True, slots=True)
class Line:
    """A project with its mark: points, a rank, or 1 for a tick; 0 when it is not chosen."""

    project: Project
    mark: int
    has_problem: bool = False


@dataclass(frozen=True, slots=True)
class Basket:
    """What is chosen so far, best first when ranked, and whether it makes a ballot."""

    lines: list[Line]
    limits: BallotLimits
    verdict: Verdict

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def spent_cents(self) -> int:
        return sum(line.project.cost_cents for line in self.lines)

    @property
    def left_cents(self) -> int:
        return self.limits.money_cents - self.spent_cents

    @property
    def points(self) -> int:
        return sum(line.mark for line in self.lines) if self.limits.gives_points else 0

    @property
    def sentence(self) -> str:
        return so_far(
            self.limits, count=self.count, spent_cents=self.spent_cents, points=self.points
        )


@dataclass(frozen=True, slots=True)
class Booth:
    """What every page of one ballot starts from."""

    page: BudgetPage
    polls: list[Poll]
    poll: Poll
    voter: Voter
    limits: BallotLimits
    records: dict[int, VoterRecord]

    @property
    def record(self) -> VoterRecord | None:
        return self.records.get(self.poll.pk)

    @property
    def memory_key(self) -> str:
        """The name under which a tab keeps this voter's unfinished choice, and nobody else's."""
        return self._digest("memory")[:16]

    @property
    def verdict(self) -> Verdict:
        may_vote = self.voter.verdict(poll=self.poll, at=self.page.at)
        return may_vote & may_vote_online(record=self.record)

    def projects(self) -> list[Project]:
        """The ballot in the order of the regulation: fixed, or each voter's own at each visit."""
        found = list(queries.ballot_projects(poll=self.poll).defer("territory__geometry"))
        if self.page.budget.project_order == ProjectOrder.FIXED:
            return found
        return sorted(found, key=lambda project: self._digest(str(project.pk)))

    def basket(self, projects: list[Project], marks: Marks) -> Basket:
        """The marks as a basket: marks of other projects are refused, then left out."""
        standing = {project.pk: project for project in projects}
        verdict = marks.problems & ballot_verdict(
            options=self.poll.options, choices=marks.choices, points=marks.points
        )
        kept = marks.among(standing)
        lines = [
            Line(standing[key], mark, key in kept.repeated) for key, mark in kept.values.items()
        ]
        return Basket(lines, self.limits, verdict)

    def others(self) -> list[Any]:
        """The envelopes of this budget on which this person did not vote yet."""
        return [
            other.envelope
            for other in self.polls
            if other.pk not in self.records and other.pk != self.poll.pk
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return self.page.context(
            "vote",
            poll=self.poll,
            envelope=self.poll.envelope,
            voter=self.voter,
            record=self.record,
            limits=self.limits,
            limits_sentence=marking_sentence(
                self.limits, otherwise=limits_sentence(self.page.budget)
            ),
            **more,
        )

    def _digest(self, name: str) -> str:
        text = f"{self.poll.options_sha256}|{self.voter.seed}|{name}"
        return hashlib.sha256(text.encode()).hexdigest()


def enter(request: HttpRequest, slug: str, envelope_slug: str) -> Booth:
    """Raises `Http404` for an unknown budget or envelope."""
    page = open_budget(request, slug)
    polls = polls_of(page)
    poll = next((poll for poll in polls if poll.envelope.slug == envelope_slug), None)
    if poll is None:
        raise Http404(gettext("There is no vote at this address."))
    voter = voter_of(request, page.budget.activity)
    return Booth(
        page, polls, poll, voter, BallotLimits.of(poll.options), voter.records(budget=page.budget)
    )


def polls_of(page: BudgetPage) -> list[Poll]:
    """The polls of a budget in their order, ready for the policies; one query."""
    found = list(
        Poll.objects.filter(envelope__budget=page.budget)
        .select_related("envelope__territory")
        .defer("envelope__territory__geometry")
        .order_by("envelope__position", "pk")
    )
    for poll in found:
        poll.envelope.budget = page.budget
    return found


def marks_of(request: HttpRequest, booth: Booth) -> Marks:
    """What the form says is marked."""
    return read_marks(request.POST, kind=booth.limits.kind)


def not_now(request: HttpRequest, booth: Booth, verdict: Verdict) -> HttpResponse:
    """Why this person cannot vote now, reason by reason, with what mends each."""
    standing = {project.pk: project for project in queries.ballot_projects(poll=booth.poll)}
    kept = marks_of(request, booth).among(standing)
    context = booth.context(
        reasons=mendings(verdict, activity=booth.page.budget.activity, back=request.path),
        chosen=[standing[key] for key in kept.choices],
    )
    status = 403 if request.method == "POST" else 200
    return render(request, "budgets/ballot_refused.html", context, status=status)
