"""A vote with a crowd of one network, set aside unopened, and its count after a judgment."""

from typing import Any

from django.utils import timezone

from participation.budgets.models import Poll, Revision
from participation.budgets.services.vote import revise_count
from participation.core.choices import Step
from participation.electors import networks
from participation.electors.services import decide_on_network, note_arrival
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    cast,
    close_and_count,
    elector_of,
    make_budget,
    make_officer,
    make_poll,
    secrets_of,
)
from tests.factories.electors import make_clerk

CROWD, NEIGHBOUR = "203.0.113.9", "198.51.100.7"
LIMIT = 10
JUDGMENT = "Tribunal administratif de Toulouse, 3 mars 2027, n° 2701234"


def make_poll_with_a_crowd_set_aside(*, crowd: int = 12, neighbours: int = 5) -> Poll:
    """Neighbours for the first project, a crowd for the second, held: counted and published."""
    budget = make_budget(Step.DECIDE, max_choices=None)
    poll = make_poll(budget, projects=3, network_limit=LIMIT)
    _vote(poll, neighbours, NEIGHBOUR, 0)
    _vote(poll, crowd, CROWD, 1)
    electorate = poll.envelope.budget.activity.electorate
    (group,) = networks.crowds(electorate=electorate)
    decide_on_network(
        electorate=electorate,
        mark=group.mark,
        is_held=True,
        reason="Douze comptes en une minute",
        actor=make_clerk(),
        at=timezone.now(),
    )
    close_and_count(poll)
    return Poll.objects.select_related("tally", "board").get(pk=poll.pk)


def revise(poll: Poll, **given: Any) -> Revision:
    """Count what was set aside, as a judgment says."""
    values = {
        "secrets": secrets_of(poll)[:2],
        "reference": JUDGMENT,
        "reason": "Le signalement ne suffisait pas à écarter ces bulletins.",
        "accepts_small_group": True,
        "actor": make_officer(),
        "at": timezone.now(),
    }
    return revise_count(poll=poll, **values | given)


def _vote(poll: Poll, people: int, address: str, place: int) -> None:
    """That many accounts vote for one project from one network."""
    project = poll.envelope.projects.order_by("reference")[place]
    for _ in range(people):
        elector = elector_of(poll, make_user())
        cast(poll, [project], elector)
        note_arrival(electorate_id=poll.envelope.budget_id, address=address, elector=elector)
