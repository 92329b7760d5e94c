"""Who stands before the ballot: an elector, with or without an account."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from participation.budgets import policies
from participation.budgets.models import Budget, Poll, VoterRecord
from participation.budgets.services.vote import Receipt
from participation.core.models import Activity
from participation.core.verdict import Verdict
from participation.electors.choices import Way
from participation.electors.models import Elector
from participation.electors.networks import how_to_confirm, is_held
from participation.electors.services import note_arrival
from participation.electors.visits import address_of, current_elector, has_visit


@dataclass(frozen=True, slots=True)
class Voter:
    """`elector` is None for a visitor, and for an account that never came to this vote."""

    account: Any
    elector: Elector | None
    is_visit: bool
    """Whether this person came without an account, and leaves when they have finished."""

    @property
    def name(self) -> str:
        """What this person is called on the page; empty when nobody said it."""
        if self.is_visit and self.elector is not None:
            return f"{self.elector.given_names} {self.elector.family_name}".strip()
        return str(self.account) if self._has_account else ""

    @property
    def seed(self) -> str:
        """What makes this voter's order of projects their own; it never leaves the server.

        Of an account it is the account: its elector is made with the first ballot only.
        """
        if self._has_account and not self.is_visit:
            return f"account-{self.account.pk}"
        return f"elector-{self.elector.pk}" if self.elector is not None else "visitor"

    @property
    def is_by_letter(self) -> bool:
        """Whether they may hold a letter that somebody else has used before them."""
        return self.is_visit and self.elector is not None and Way.LETTER in self.elector.ways

    @property
    def to_confirm(self) -> str:
        """How this person confirms, when the ballots of their network are held; empty otherwise."""
        if self.elector is None or not is_held(elector=self.elector):
            return ""
        return how_to_confirm(self.elector.electorate)

    @property
    def _has_account(self) -> bool:
        return bool(getattr(self.account, "is_authenticated", False))

    @property
    def home(self) -> int | None:
        """The territory where this person lives, if it is known."""
        known = self.elector.territory_id if self.elector is not None else None
        return known or getattr(self.account, "home_territory_id", None)

    def verdict(self, *, poll: Poll, at: datetime.datetime) -> Verdict:
        """May this voter cast a ballot now, and if not, for which reasons?"""
        return policies.may_vote(poll=poll, elector=self.elector, account=self.account, at=at)

    def records(self, *, budget: Budget) -> dict[int, VoterRecord]:
        """Their own lines of the roll by poll, in one query; never what they sealed."""
        if self.elector is None:
            return {}
        lines = VoterRecord.objects.defer("sealed_ballot", "cast_keys", "cast_digest").filter(
            voter=self.elector, poll__envelope__budget=budget
        )
        return {line.poll_id: line for line in lines.order_by("poll_id")}


def voter_of(request: HttpRequest, activity: Activity) -> Voter:
    """Who sends this request, in the electorate of that activity."""
    elector = current_elector(request, activity)
    if (
        elector is not None
        and request.user.pk is not None
        and elector.account_id == request.user.pk
    ):
        elector.account = request.user  # it is already read
    return Voter(request.user, elector, is_visit=has_visit(request, activity))


def note_voter(
    request: HttpRequest, *, poll: Poll, elector: Elector | None, receipt: Receipt
) -> None:
    """Note, with a first ballot, from which network somebody came by a way that proves little."""
    if not receipt.recast:
        note_arrival(
            electorate_id=poll.envelope.budget_id,
            address=address_of(request),
            elector=elector,
            account=request.user,
        )
