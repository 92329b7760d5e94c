"""The envelopes to vote on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.budgets.choices import Channel
from participation.budgets.presentation import BallotLimits, limits_sentence, marking_sentence
from participation.budgets.views.budget_page import open_budget
from participation.budgets.views.vote.booth import polls_of
from participation.budgets.views.vote.voters import voter_of
from participation.electors.presentation import mendings


@never_cache
@require_safe
def vote_home(request: HttpRequest, slug: str) -> HttpResponse:
    """The envelopes of a budget, the visitor's own district first."""
    page = open_budget(request, slug)
    polls = polls_of(page)
    voter = voter_of(request, page.budget.activity)
    home = voter.home
    # A stable sort: the other envelopes keep the order of the budget.
    polls.sort(key=lambda poll: home is None or poll.envelope.territory_id != home)
    verdicts = [voter.verdict(poll=poll, at=page.at) for poll in polls[:1]]
    records = voter.records(budget=page.budget)
    sentence = limits_sentence(page.budget)
    if polls:
        limits = BallotLimits.of(polls[0].options)
        sentence = marking_sentence(limits, otherwise=sentence)
    context = page.context(
        "vote",
        voter=voter,
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
        reasons=mendings(verdicts[0], activity=page.budget.activity, back=request.path)
        if verdicts
        else [],
        may_vote=bool(verdicts and verdicts[0]),
        has_voted_online=any(line.channel != Channel.PAPER for line in records.values()),
        limits_sentence=sentence,
    )
    return render(request, "budgets/vote.html", context)
