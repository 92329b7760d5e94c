"""Results and figures of a budget."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from participation.budgets.choices import DeliveryStep, ProjectState, VoidReason
from participation.budgets.models import (
    Budget,
    Envelope,
    Idea,
    Poll,
    Project,
    Revision,
    Tally,
    VoidBallot,
    VoterRecord,
)
from participation.budgets.queries.vote import Turnout, voters_by_poll
from participation.core.choices import Visibility
from participation.core.models import Contribution
from participation.core.written import Given, Written

_SET_ASIDE = (
    VoidBallot.objects.filter(poll=OuterRef("pk"), reason=VoidReason.SET_ASIDE)
    .order_by()
    .values("poll")
    .annotate(number=Count("pk"))
)


@dataclass(frozen=True, slots=True)
class DistrictResult:
    """One neighbourhood's part in a result; amounts in cents."""

    name: str
    projects: tuple[Project, ...]
    winners: int
    votes: int
    spent_cents: int


@dataclass(frozen=True, slots=True)
class EnvelopeResult:
    """The result of one vote. `winners` in the order of selection, `others` by votes."""

    envelope: Envelope
    poll: Poll
    tally: Tally | Revision
    winners: tuple[Project, ...]
    others: tuple[Project, ...]
    districts: tuple[DistrictResult, ...]
    set_aside: int = 0
    """Ballots that were not opened, among the void ones of the tally."""
    revision: Revision | None = None
    """The tally itself when it is the one in force after a judgment."""

    @property
    def left_cents(self) -> int:
        return self.envelope.amount_cents - self.tally.spent_cents


@dataclass(frozen=True, slots=True)
class BudgetFigures:
    """What a budget's page and cards say in numbers; amounts in cents.

    `participants`: people who submitted a published idea. `voters`: the roll while the vote runs,
    the tallies once counted. `winners` and `spent_cents` are 0 before the publication.
    """

    ideas: int
    supports: int
    comments: int
    participants: int
    projects: int
    envelopes: int
    money_cents: int
    voters: int
    winners: int
    spent_cents: int
    deliveries: int
    completed: int


def results(*, budget: Budget) -> list[EnvelopeResult]:
    """The result of each counted vote of a budget, in the order of the envelopes: two queries."""
    tallies = list(
        Tally.objects.filter(poll__envelope__budget=budget)
        .select_related("poll__envelope__territory", "poll__revision")
        .annotate(set_aside=Coalesce(Subquery(_SET_ASIDE.values("number")), 0))
        .order_by("poll__envelope__position", "poll")
    )
    by_envelope: dict[int, list[Project]] = {tally.pk: [] for tally in tallies}
    counted = (
        Project.objects.filter(
            envelope__in=by_envelope,
            state__in=[ProjectState.WINNER, ProjectState.NOT_SELECTED],
        )
        .select_related("category", "territory", "envelope")
        .order_by("envelope", "rank", "reference")
    )
    for project in counted:
        by_envelope[project.envelope_id].append(project)
    return [_envelope_result(tally, by_envelope[tally.pk]) for tally in tallies]


def _envelope_result(tally: Tally, projects: list[Project]) -> EnvelopeResult:
    revision = getattr(tally.poll, "revision", None)
    return EnvelopeResult(
        envelope=tally.poll.envelope,
        poll=tally.poll,
        tally=revision or tally,
        winners=tuple(p for p in projects if p.state == ProjectState.WINNER),
        others=tuple(p for p in projects if p.state != ProjectState.WINNER),
        districts=_districts(projects),
        set_aside=0 if revision else tally.set_aside,  # type: ignore[attr-defined]  # annotated above
        revision=revision,
    )


def _districts(projects: Iterable[Project]) -> tuple[DistrictResult, ...]:
    groups: dict[str, list[Project]] = {}
    for project in projects:
        name = project.territory.name if project.territory else project.district
        groups.setdefault(name, []).append(project)
    found = []
    for name, members in sorted(groups.items()):
        winners = [project for project in members if project.state == ProjectState.WINNER]
        found.append(
            DistrictResult(
                name=name,
                projects=tuple(members),
                winners=len(winners),
                votes=sum(project.votes or 0 for project in members),
                spent_cents=sum(project.cost_cents for project in winners),
            )
        )
    return tuple(found)


def turnout(*, budget: Budget) -> list[Turnout]:
    """How many voted in each poll, during the vote as well: no choice is known then."""
    roll = voters_by_poll(budget=budget)
    found = (
        Poll.objects.filter(envelope__budget=budget)
        .select_related("envelope", "tally")
        .order_by("envelope__position", "envelope")
    )
    return [
        Turnout(poll, poll.tally.voters if hasattr(poll, "tally") else roll.get(poll.pk, 0))
        for poll in found
    ]


def budget_figures(*, budget: Budget) -> BudgetFigures:
    """All the figures of one budget, in one query whatever its size.

    `voters` is 0 as long as the regulation keeps the turnout until the results.
    """
    row: Any = _FIGURES.first(budget=budget.pk)
    found: dict[str, int] = {**_NOTHING, "voters": row.voters}
    for part in (row.published, row.works, row.money):
        found.update(part or {})
    if budget.results_published_at is None:
        found.update(winners=0, spent_cents=0)
    return BudgetFigures(**found)


_NOTHING = {field.name: 0 for field in fields(BudgetFigures)}


def _counted(rows: QuerySet[Any], owner: str, **figures: Any) -> Subquery:
    """Aggregates of the rows of a budget, as one JSON object; null when it has no row."""
    return Subquery(
        rows.filter(**{owner: OuterRef("pk")})
        .order_by()
        .values(owner)
        .annotate(counted=JSONObject(**figures))
        .values("counted")
    )


def _figures() -> QuerySet[Budget]:
    won = Q(state=ProjectState.WINNER)
    return (
        Budget.objects.filter(pk=Given("budget", BigIntegerField()))
        .only("pk")
        .annotate(
            published=_counted(
                Contribution.objects.filter(visibility=Visibility.PUBLISHED),
                "activity",
                ideas=Count("pk"),
                supports=Sum("supports_count", default=0),
                comments=Sum("comments_count", default=0),
                participants=Count("author", distinct=True),
            ),
            works=_counted(
                Project.objects.exclude(state=ProjectState.DRAFT),
                "envelope__budget",
                projects=Count("pk"),
                winners=Count("pk", filter=won),
                spent_cents=Sum("cost_cents", filter=won, default=0),
                deliveries=Count("delivery"),
                completed=Count("delivery", filter=Q(delivery__step=DeliveryStep.COMPLETED)),
            ),
            money=_counted(
                Envelope.objects.all(),
                "budget",
                envelopes=Count("pk"),
                money_cents=Sum("amount_cents", default=0),
            ),
            voters=Coalesce(_voters(), 0),
        )
        .order_by("pk")
    )


def _voters() -> Subquery:
    """The sum of `turnout` as far as it is public: the regulation may keep it until the results."""
    roll = VoterRecord.objects.filter(poll=OuterRef("pk")).order_by().values("poll")
    on_the_roll = Subquery(roll.annotate(voters=Count("voter_id")).values("voters"))
    told = Q(envelope__budget__results_published_at__isnull=False) | ~Q(
        envelope__budget__activity__electorate__shows_turnout=False
    )
    return Subquery(
        Poll.objects.filter(told, envelope__budget=OuterRef("pk"))
        .order_by()
        .values("envelope__budget")
        .annotate(voters=Sum(Coalesce("tally__voters", on_the_roll, 0), default=0))
        .values("voters")
    )


_FIGURES: Written[Budget] = Written(_figures)


def ideas_by_state(*, budget: Budget) -> dict[str, int]:
    """Number of published ideas in each state of the study."""
    rows = (
        Idea.objects.filter(budget=budget, contribution__visibility=Visibility.PUBLISHED)
        .order_by()
        .values("state")
        .annotate(ideas=Count("pk"))
    )
    return {row["state"]: row["ideas"] for row in rows}
