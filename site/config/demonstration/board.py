"""The voting board of the demonstration, whose secrets are written down for whoever tries it."""

import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from participation.budgets.models import Budget
from participation.budgets.services.vote import give_board

SECRETS_FILE = "bureau-de-vote.txt"


def make_board(budget: Budget, *, actor: Any, at: datetime.datetime) -> None:
    """Hold the ceremony of a budget, and keep its secrets in a file that only we read."""
    secrets = give_board(budget=budget, actor=actor, at=at)
    path = Path(settings.VAR_DIR) / SECRETS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    lines = [f"{budget.activity.title} : secrets du bureau de vote", *secrets]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
