"""The vote of the demonstration and its board, whose secrets are written down for who tries it."""

import datetime
import random
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

from participation.accounts.models import User
from participation.budgets.models import Budget, Poll, VoterRecord
from participation.budgets.services.vote import cast_ballot, give_board, seal_poll
from participation.electors.services import electorate_of, enrol_account

SECRETS_FILE = "bureau-de-vote.txt"


def make_board(budget: Budget, *, actor: Any, at: datetime.datetime) -> None:
    """Hold the ceremony of a budget, and keep its secrets in a file that only we read."""
    secrets = give_board(budget=budget, actor=actor, at=at)
    path = Path(settings.VAR_DIR) / SECRETS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    lines = [f"{budget.activity.title} : secrets du bureau du scrutin", *secrets]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def forget_former_poll(budget: Budget) -> None:
    """A vote sealed by an earlier version opens no more: the demonstration's is held again."""
    VoterRecord.objects.filter(poll__envelope__budget=budget, poll__board=None).delete()
    Poll.objects.filter(envelope__budget=budget, board=None).delete()


def hold_vote(budget: Budget, officer: User, residents: list[User], at: datetime.datetime) -> None:
    """Seal the one vote of a budget and cast sixty ballots, once."""
    envelope = budget.envelopes.get()
    if Poll.objects.filter(envelope=envelope).exists():
        return
    make_board(budget, actor=officer, at=at - datetime.timedelta(days=16))
    poll = seal_poll(envelope=envelope, actor=officer, at=at - datetime.timedelta(days=15))
    rng = random.Random(2026)  # noqa: S311 -- invented voters, not a draw
    keys = list(envelope.projects.order_by("pk").values_list("pk", flat=True))
    electorate = electorate_of(activity=budget.activity)
    for resident in residents[:60]:
        cast_ballot(
            poll=poll,
            voter=enrol_account(electorate=electorate, account=resident),
            choices=rng.sample(keys, rng.randint(1, 3)),
            cast_key=uuid.uuid4(),
        )
