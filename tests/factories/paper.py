"""Real desks, people on the roll, and lots of paper ballots."""

import datetime
import itertools
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from participation.accounts.models import User
from participation.budgets.models import Budget, PaperLot, Poll, PollingDesk, VoterRecord
from participation.budgets.services.paper.lots import finish_pass, key_ballot, make_lot, take_pass
from participation.electors.choices import Way
from participation.electors.models import Elector
from participation.electors.services import electorate_of
from participation.electors.services.enrolment import civil_columns
from tests.factories.accounts import make_user
from tests.factories.budgets import (
    elector_of,
    make_budget,
    make_envelope,
    make_officer,
    make_poll,
    make_project,
    move_to,
)

_numbers = itertools.count(1)


def make_agent(**fields: Any) -> User:
    """An agent of a polling desk."""
    fields.setdefault("permissions", ("wagtailadmin.access_admin", "budgets.hold_desk"))
    return make_user(is_staff=True, **fields)


def make_keyer(**fields: Any) -> User:
    """An agent who keys paper ballots."""
    fields.setdefault("permissions", ("wagtailadmin.access_admin", "budgets.key_paper"))
    return make_user(is_staff=True, **fields)


def make_desk(budget: Budget, *agents: User, name: str = "") -> PollingDesk:
    """A desk with its agents."""
    desk = PollingDesk.objects.create(
        budget=budget, name=name or f"Bureau {next(_numbers)}", place="Hôtel de ville"
    )
    desk.agents.set(agents)
    return desk


def make_desk_vote(*, ways: Sequence[str] = (Way.ACCOUNT, Way.DESK), **electorate: Any) -> Poll:
    """An open vote whose electorate also comes to desks."""
    envelope = make_envelope(make_budget("decide"))
    settings = electorate_of(activity=envelope.budget.activity)
    settings.ways = list(ways)
    for name, value in electorate.items():
        setattr(settings, name, value)
    settings.save()
    return make_poll(envelope=envelope)


def make_person(
    budget: Budget,
    family_name: str = "",
    given_names: str = "Camille",
    *,
    birth_date: datetime.date = datetime.date(1985, 5, 17),
    **fields: Any,
) -> Elector:
    """A person of the imported roll."""
    number = next(_numbers)
    columns = civil_columns(
        family_name=family_name or f"Essai{number}", given_names=given_names, birth_date=birth_date
    )
    fields.setdefault("roll_number", f"{number:06d}")
    fields.setdefault("is_on_roll", True)
    return Elector.objects.create(
        electorate=electorate_of(activity=budget.activity), **columns | fields
    )


def mark(poll: Poll, number: int = 1) -> None:
    """That many people of the roll have taken a paper ballot, at the desk “Mairie”."""
    for _ in range(number):
        VoterRecord.objects.create(
            poll=poll,
            voter=elector_of(poll, make_user()),
            channel="paper",
            desk="Mairie",
            voted_on=timezone.localdate(),
        )


def make_paper_poll(marks: int = 3, **rules: Any) -> Poll:
    """A vote that is over, with five projects 001 to 005 and people marked on paper."""
    envelope = make_envelope(make_budget("decide", **rules))
    for number in range(1, 6):
        make_project(envelope, reference=f"{number:03d}", cost_cents=number * 1_000_000)
    poll = make_poll(envelope=envelope)
    mark(poll, marks)
    move_to(envelope.budget, "follow")
    return poll


def lot_of(poll: Poll, count: int = 3) -> PaperLot:
    """The next lot of a poll that is over."""
    return make_lot(poll=poll, sealed_count=count, actor=make_officer(), at=timezone.now())


def key(lot: PaperLot, agent: User, lines: Sequence[str]) -> PaperLot:
    """A whole pass keyed by one agent, one line per ballot."""
    take_pass(lot=lot, actor=agent)
    for rank, line in enumerate(lines, start=1):
        key_ballot(lot=lot, rank=rank, line=line, actor=agent)
    return finish_pass(lot=lot, actor=agent)
