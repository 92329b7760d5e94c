"""Real rows of participatory budgets. Times are relative to the real clock."""

import datetime
import itertools
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from participation.accounts.models import User
from participation.budgets.choices import FeasibilityVerdict, ProjectState
from participation.budgets.models import (
    Board,
    Budget,
    Category,
    Delivery,
    Envelope,
    FeasibilityStudy,
    Idea,
    Poll,
    Project,
    Tally,
)
from participation.budgets.services.vote import (
    Receipt,
    cast_ballot,
    close_poll,
    give_board,
    open_box,
    publish_results,
    seal_poll,
)
from participation.core.choices import Step, Visibility
from participation.core.models import Activity, Directorate, Phase
from participation.electors.models import Elector, Electorate
from participation.electors.services import electorate_of, enrol_account
from tests.factories.accounts import make_user
from tests.factories.core import (
    make_activity,
    make_contribution,
    make_directorate,
    make_phase,
    make_process,
)

_numbers = itertools.count(1)
_DAY = datetime.timedelta(days=1)
_STEPS = (Step.COLLECT, Step.EXAMINE, Step.DECIDE, Step.FOLLOW)

OFFICER_PERMISSIONS = (
    "wagtailadmin.access_admin",
    "budgets.add_budget",
    "budgets.change_budget",
    "budgets.study_idea",
    "budgets.run_vote",
    "budgets.manage_delivery",
    "core.answer_contribution",
    "core.moderate_contribution",
    "core.change_process",
)


def make_officer(**fields: Any) -> User:
    """A participation officer: every right on participatory budgets, and the back office."""
    fields.setdefault("permissions", OFFICER_PERMISSIONS)
    return make_user(is_staff=True, **fields)


def make_budget(step: str | None = Step.COLLECT, **fields: Any) -> Budget:
    """A published budget whose phase `step` is open now: those before it are past, those after to
    come, of twenty days each. None for a budget without any phase.

    `process__…` fields go to the process; `activity__…` to the activity.
    """
    number = next(_numbers)
    process_fields = _take(fields, "process__")
    activity_fields = _take(fields, "activity__")
    process = fields.pop("process", None) or make_process(**process_fields)
    activity_fields.setdefault("title", f"Budget participatif {number}")
    activity_fields.setdefault("slug", f"budget-{number}")
    activity = make_activity(process=process, kind="budget", **activity_fields)
    if step is not None:
        make_phases(activity, step)
    fields.setdefault("edition", 2026)
    return Budget.objects.create(activity=activity, **fields)


def make_phases(activity: Activity, step: str) -> list[Phase]:
    """Collect, examine, decide and follow up, with `step` open now."""
    current = _STEPS.index(Step(step))
    return [
        make_phase(
            activity,
            each,
            opens_in=-10 + 20 * (place - current),
            closes_in=None if each == Step.FOLLOW else 10 + 20 * (place - current),
        )
        for place, each in enumerate(_STEPS)
    ]


def move_to(budget: Budget, step: str) -> None:
    """Shift the phases of a budget so that `step` is open now."""
    with connection.cursor() as cursor:  # what was deferred belongs to the former dates
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    budget.activity.phases.all().delete()
    make_phases(budget.activity, step)
    if hasattr(budget.activity, "_prefetched_objects_cache"):
        budget.activity._prefetched_objects_cache.clear()


def make_category(budget: Budget, name: str = "", **fields: Any) -> Category:
    return Category.objects.create(
        budget=budget, name=name or f"Catégorie {next(_numbers)}", **fields
    )


def make_envelope(budget: Budget | None = None, **fields: Any) -> Envelope:
    """An envelope of 100 000 euros."""
    number = next(_numbers)
    fields.setdefault("name", f"Enveloppe {number}")
    fields.setdefault("slug", f"enveloppe-{number}")
    fields.setdefault("amount_cents", 10_000_000)
    return Envelope.objects.create(budget=budget or make_budget(), **fields)


def make_idea(
    budget: Budget | None = None,
    *,
    author: User | None = None,
    visibility: str = Visibility.PUBLISHED,
    category: Category | None = None,
    state: str = "received",
    estimated_cost_cents: int | None = None,
    **contribution_fields: Any,
) -> Idea:
    """A published idea, just received."""
    budget = budget or make_budget()
    contribution_fields.setdefault("title", f"Idée {next(_numbers)}")
    contribution = make_contribution(
        activity=budget.activity, author=author, visibility=visibility, **contribution_fields
    )
    return Idea.objects.create(
        contribution=contribution,
        budget=budget,
        category=category,
        state=state,
        estimated_cost_cents=estimated_cost_cents,
    )


def make_study(
    idea: Idea | None = None,
    *,
    directorate: Directorate | None = None,
    verdict: str = FeasibilityVerdict.PENDING,
    **fields: Any,
) -> FeasibilityStudy:
    """A study that awaits its directorate; its idea is under study."""
    fields.setdefault("assigned_at", timezone.now() - _DAY)
    return FeasibilityStudy.objects.create(
        idea=idea or make_idea(state="in_study"),
        directorate=directorate or make_directorate(),
        verdict=verdict,
        **fields,
    )


def make_project(
    envelope: Envelope | None = None,
    *,
    state: str = ProjectState.ON_BALLOT,
    cost_cents: int = 1_000_000,
    **fields: Any,
) -> Project:
    """A project of 10 000 euros on the ballot."""
    number = next(_numbers)
    fields.setdefault("reference", f"{number:03d}")
    fields.setdefault("title", f"Projet {number}")
    fields.setdefault("description", "Des arbres, des bancs et une fontaine.")
    return Project.objects.create(
        envelope=envelope or make_envelope(), state=state, cost_cents=cost_cents, **fields
    )


def make_poll(
    budget: Budget | None = None,
    *,
    envelope: Envelope | None = None,
    projects: int = 3,
    officer: User | None = None,
    **electorate: Any,
) -> Poll:
    """A sealed vote with that many projects (none is added when the envelope has some), open now
    unless `budget` says otherwise; `electorate` holds what else than usual its electorate says."""
    if envelope is None:
        envelope = make_envelope(budget or make_budget(Step.DECIDE))
    if not envelope.projects.exists():
        for _ in range(projects):
            make_project(envelope)
    officer = officer or make_officer()
    if not hasattr(envelope.budget, "board"):
        make_board(envelope.budget, officer=officer)
    if electorate:
        made = electorate_of(activity=envelope.budget.activity)
        Electorate.objects.filter(pk=made.pk).update(**electorate)
    return seal_poll(envelope=envelope, actor=officer, at=timezone.now())


def make_board(budget: Budget, *, officer: User | None = None) -> tuple[str, str, str]:
    """Hold the ceremony of a budget; the three secrets, which `secrets_of` gives again."""
    secrets = give_board(budget=budget, actor=officer or make_officer(), at=timezone.now())
    budget.board = Board.objects.get(pk=budget.pk)
    _secrets[budget.board.fingerprint] = secrets
    return secrets


def secrets_of(poll: Poll) -> tuple[str, str, str]:
    """The secrets of the three members of the poll's board, as the factory made it."""
    return _secrets[poll.board.fingerprint]


_secrets: dict[str, tuple[str, str, str]] = {}


def elector_of(poll: Poll, account: User) -> Elector:
    """The elector in whose name this account votes in the poll."""
    electorate = electorate_of(activity=poll.envelope.budget.activity)
    return enrol_account(electorate=electorate, account=account)


def cast(poll: Poll, choices: Sequence[Project], voter: User | Elector | None = None) -> Receipt:
    """Cast a ballot as the form does, with a new key."""
    return cast_ballot(
        poll=poll,
        voter=voter if isinstance(voter, Elector) else elector_of(poll, voter or make_user()),
        choices=[project.pk for project in choices],
        cast_key=uuid.uuid4(),
    )


def make_counted_poll(
    budget: Budget | None = None, *, ballots: int = 5, published: bool = True, **fields: Any
) -> Tally:
    """A vote that is over and counted, with `ballots` for its first project and one for its
    second; its results published unless told otherwise."""
    officer = make_officer()
    poll = make_poll(budget, officer=officer, **fields)
    first, second = poll.envelope.projects.order_by("reference")[:2]
    for _ in range(ballots):
        cast(poll, [first])
    cast(poll, [second])
    return close_and_count(poll, officer=officer, published=published)


def close_and_count(poll: Poll, *, officer: User | None = None, published: bool = True) -> Tally:
    """Let the vote end, open its box, count and publish."""
    officer = officer or make_officer()
    budget = poll.envelope.budget
    move_to(budget, Step.FOLLOW)
    tally = close_and_open(poll, officer=officer)
    if published:
        publish_results(budget=budget, actor=officer, at=timezone.now())
    return tally


def close_and_open(poll: Poll, *, officer: User | None = None) -> Tally:
    """Close a vote whose dates are over and open its box with two secrets."""
    officer = officer or make_officer()
    close_poll(poll=poll, actor=officer, at=timezone.now())
    return open_box(poll=poll, secrets=secrets_of(poll)[:2], actor=officer, at=timezone.now())


def make_delivery(project: Project | None = None, **fields: Any) -> Delivery:
    """The follow-up of a winner, not started."""
    return Delivery.objects.create(
        project=project or make_project(state=ProjectState.WINNER), **fields
    )


def _take(fields: dict[str, Any], prefix: str) -> dict[str, Any]:
    taken = {name: value for name, value in fields.items() if name.startswith(prefix)}
    for name in taken:
        del fields[name]
    return {name.removeprefix(prefix): value for name, value in taken.items()}
