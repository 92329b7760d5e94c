"""What the rest of the platform may know of participatory budgets, as data."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participation.budgets import queries
from participation.budgets.models import Idea, VoterRecord
from participation.budgets.presentation import call_to_action, euros, key_figures
from participation.budgets.services.adoption import adopt_contribution, adopting_envelopes
from participation.core import queries as core_queries
from participation.core.choices import Step
from participation.core.models import Activity, Contribution
from participation.core.registry import Destination, Instrument
from participation.core.verdict import ALLOWED, Verdict, refuse

KIND = "budget"
_DISCUSSED = (Step.COLLECT, Step.EXAMINE, Step.DECIDE)
_SUPPORTED = (Step.COLLECT, Step.EXAMINE)


def landing(activity: Activity) -> str:
    """The home of a budget."""
    return reverse("budgets:home", args=[activity.slug])


def voting(activity: Activity) -> str:
    """The envelopes to vote on."""
    return reverse("budgets:vote", args=[activity.slug])


def idea_url(slug: str, pk: int) -> str:
    return reverse("budgets:idea", args=[slug, pk])


def contribution_url(contribution: Contribution) -> str:
    """The page of an idea."""
    return idea_url(contribution.activity.slug, contribution.pk)


def summary(activity: Activity, moment: datetime.datetime) -> dict[str, Any]:
    """A budget in short: `figures` (value, label), and the act that fits the moment:
    `title`, `text`, `label` and `url` (the last two empty when there is nothing to do)."""
    budget = activity.budget
    figures = queries.budget_figures(budget=budget)
    call = call_to_action(
        budget=budget,
        phases=core_queries.phases(activity=activity, at=moment),
        has_ideas=figures.ideas > 0,
        has_results=budget.results_published_at is not None,
        has_deliveries=figures.deliveries > 0,
    )
    return {
        "figures": key_figures(figures)[:4],
        "title": call.title,
        "text": call.text,
        "label": call.label,
        "url": call.url,
    }


def takes_comments(contribution: Contribution, moment: datetime.datetime) -> Verdict:
    """Comments are taken until the end of the vote, where the budget takes any."""
    if not contribution.activity.budget.comments_open:
        return refuse("comments_closed", _("Comments are closed."))
    return _during(
        contribution.activity, moment, _DISCUSSED, _("Comments are closed at this step.")
    )


def takes_supports(contribution: Contribution, moment: datetime.datetime) -> Verdict:
    """Supports are taken until the vote."""
    return _during(
        contribution.activity, moment, _SUPPORTED, _("Supports are closed at this step.")
    )


def _during(
    activity: Activity, moment: datetime.datetime, steps: tuple[str, ...], sentence: Any
) -> Verdict:
    # From the phases already read with the page, when they were.
    states = core_queries.phases(activity=activity, at=moment)
    if any(state == "current" and phase.step in steps for phase, state in states):
        return ALLOWED
    return refuse("phase_closed", sentence)


def personal_data(user: Any) -> Iterator[dict[str, Any]]:
    """Ideas of a person and the lines of the roll in their name, never a ballot."""
    ideas = (
        Idea.objects.filter(contribution__author=user)
        .select_related("contribution", "category", "budget__activity")
        .order_by("pk")
    )
    for idea in ideas:
        yield {
            "type": "idea",
            "budget": idea.budget.activity.title,
            "number": idea.contribution.receipt_number,
            "title": idea.contribution.title,
            "category": idea.category.name if idea.category else "",
            "estimated_cost": euros(idea.estimated_cost_cents),
            "state": str(idea.get_state_display()),
            "visibility": str(idea.contribution.get_visibility_display()),
        }
    lines = (
        VoterRecord.objects.filter(voter__account=user)
        .defer("sealed_ballot")
        .select_related("poll__envelope__budget__activity")
        .order_by("poll_id")
    )
    for line in lines:
        yield {
            "type": "vote",
            "budget": line.poll.envelope.budget.activity.title,
            "envelope": line.poll.envelope.name,
            "voted_on": line.voted_on.isoformat(),
            "deposit_code": line.deposit_code,
        }


def holds_ballot_of(elector: int) -> bool:
    """Whether a line of the roll says that this elector voted in any envelope."""
    return VoterRecord.objects.filter(voter_id=elector).exists()


BUDGET = Instrument(
    kind=KIND,
    label=_("Participatory budget"),
    icon="pig-money",
    steps=(Step.COLLECT, Step.EXAMINE, Step.DECIDE, Step.REPORT, Step.FOLLOW),
    landing=landing,
    voting=voting,
    summary=summary,
    contribution_url=contribution_url,
    personal_data=personal_data,
    takes_comments=takes_comments,
    takes_supports=takes_supports,
    holds_ballot_of=holds_ballot_of,
    destinations=(
        Destination(
            key="budget-project",
            label=_("Project of a participatory budget"),
            places=adopting_envelopes,
            adopt=adopt_contribution,
        ),
    ),
)
