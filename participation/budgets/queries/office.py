"""What the back office counts: what waits for whom."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from participation.budgets.choices import DeliveryStep, IdeaState, ProjectState
from participation.budgets.models import (
    Budget,
    Delivery,
    Envelope,
    FeasibilityStudy,
    Idea,
    Project,
)
from participation.core.choices import Visibility
from participation.core.models import Contribution


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much work waits at each job of one budget."""

    to_moderate: int
    to_sort: int
    to_assign: int
    studies: int
    to_decide: int
    to_merge: int
    drafts: int
    to_seal: int
    to_count: int
    to_start: int


def waiting(*, budget: Budget) -> Waiting:
    """What waits in one budget: four queries."""
    pending = Exists(
        FeasibilityStudy.objects.filter(idea=OuterRef("pk"), verdict="pending").order_by()
    )
    ideas = (
        Idea.objects.filter(budget=budget, contribution__visibility=Visibility.PUBLISHED)
        .annotate(awaited=pending)
        .aggregate(
            to_sort=Count("pk", filter=Q(state=IdeaState.RECEIVED)),
            to_assign=Count("pk", filter=Q(state=IdeaState.ELIGIBLE)),
            studies=Count("pk", filter=Q(state=IdeaState.IN_STUDY, awaited=True)),
            to_decide=Count("pk", filter=Q(state=IdeaState.IN_STUDY, awaited=False)),
            to_merge=Count("pk", filter=Q(state=IdeaState.FEASIBLE)),
        )
    )
    to_moderate = Contribution.objects.filter(
        activity_id=budget.pk, visibility=Visibility.PENDING
    ).count()
    projects = Project.objects.filter(envelope__budget=budget).aggregate(
        drafts=Count("pk", filter=Q(state=ProjectState.DRAFT)),
        to_start=Count("pk", filter=Q(state=ProjectState.WINNER, delivery=None)),
    )
    envelopes = Envelope.objects.filter(budget=budget).aggregate(
        to_seal=Count("pk", filter=Q(poll=None)),
        to_count=Count("pk", filter=Q(poll__isnull=False, poll__tally=None)),
    )
    return Waiting(to_moderate=to_moderate, **ideas, **projects, **envelopes)


def deliveries_by_step(*, budget: Budget | None = None) -> list[tuple[str, str, int]]:
    """(step, label, number) for each step in order, of one budget or of all."""
    deliveries = Delivery.objects.order_by()
    if budget is not None:
        deliveries = deliveries.filter(project__envelope__budget=budget)
    counted = {
        row["step"]: row["number"] for row in deliveries.values("step").annotate(number=Count("pk"))
    }
    return [(value, str(label), counted.get(value, 0)) for value, label in DeliveryStep.choices]
