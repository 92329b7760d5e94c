"""Freeze what voters are told: projects, rule, options, tie lot, key."""

import datetime
import secrets
from typing import Any

from django.db import transaction

from participation.budgets import policies
from participation.budgets.choices import BallotKind, JournalKind, ProjectState
from participation.budgets.models import Board, Budget, Envelope, Poll
from participation.budgets.services.vote.envelopes import padded_length
from participation.budgets.services.vote.journal import append
from participation.budgets.services.vote.minutes import write_opening_record
from participation.budgets.services.vote.regulation import group_of, regulation
from participation.core import audit
from participation.electors.services import electorate_of, freeze_electorate
from participation.methods.digest import digest, sha256_hex
from participation.methods.tally import draw_order


@transaction.atomic
def seal_poll(*, envelope: Envelope, actor: Any, at: datetime.datetime) -> Poll:
    """Seal the vote on one envelope: from here on nothing of its ballot changes.

    Draws the seed of the tie lot; ballots will be sealed to the key of the budget's board, whose
    private half this server does not have. The first line of the journal and the minutes say what
    is frozen. Raises `Refused` with the codes of `policies.may_seal`.
    """
    locked = (
        Envelope.objects.select_for_update(of=("self",))
        .select_related("budget__activity__process")
        .get(pk=envelope.pk)
    )
    policies.may_seal(envelope=locked, user=actor, at=at).or_refuse()
    board = Board.objects.get(pk=locked.budget_id)
    poll = freeze(
        envelope=locked,
        public_key=bytes(board.public_key),
        tie_seed=secrets.token_hex(32),
        at=at,
        board=board,
    )
    freeze_electorate(electorate=electorate_of(activity=locked.budget.activity), actor=actor, at=at)
    append(poll=poll, kind=JournalKind.OPEN, payload=poll.options_sha256)
    write_opening_record(poll=poll, actor=actor, at=at)
    audit.record(
        action="parvis.poll.seal",
        instance=locked,
        actor=actor,
        options_sha256=poll.options_sha256,
        public_key_sha256=poll.options["public_key_sha256"],
    )
    return poll


def freeze(
    *,
    envelope: Envelope,
    public_key: bytes,
    tie_seed: str,
    at: datetime.datetime,
    measure: str | None = None,
    board: Board | None = None,
) -> Poll:
    """Write the poll of an envelope with the rule as its budget says it now.

    An election imported as it was counted has no key and no board. `measure` is `votes` or
    `points`; None for what the ballot implies.
    """
    options = frozen_options(
        envelope=envelope, public_key=public_key, tie_seed=tie_seed, measure=measure
    )
    return Poll.objects.create(
        envelope=envelope,
        board=board,
        public_key=public_key,
        tie_seed=tie_seed,
        options=options,
        options_sha256=digest(options),
        sealed_at=at,
    )


def frozen_options(
    *, envelope: Envelope, public_key: bytes, tie_seed: str, measure: str | None = None
) -> dict[str, Any]:
    """Everything that a voter may know of the count before it, as plain values.

    Projects go by their `reference`: the same names as in the published file, so that anyone
    recomputes the lot and the count. Amounts are integer cents.
    """
    budget: Budget = envelope.budget
    projects = list(
        envelope.projects.filter(state=ProjectState.ON_BALLOT)
        .select_related("territory", "category")
        .order_by("reference")
    )
    references = [project.reference for project in projects]
    most = len(projects)
    if budget.max_choices is not None:
        most = min(most, budget.max_choices)
    groups = sorted({group for item in projects if (group := group_of(item, budget.grouping))})
    return {
        **regulation(budget=budget, groups=groups, measure=measure),
        "budget_cents": envelope.amount_cents,
        "projects": [
            {
                "id": project.pk,
                "reference": project.reference,
                "title": project.title,
                "cost_cents": project.cost_cents,
                "group": group_of(project, budget.grouping),
            }
            for project in projects
        ],
        "tie_seed": tie_seed,
        "lot": draw_order(tie_seed, references),
        "public_key_sha256": sha256_hex(public_key) if public_key else "",
        "padded_length": padded_length(most_choices=max(most, 1)),
    }


def most_choices(options: dict[str, Any]) -> int:
    """The largest number of projects one ballot may hold."""
    stand = len(options["projects"])
    return stand if options["max_choices"] is None else min(stand, options["max_choices"])


def is_knapsack(options: dict[str, Any]) -> bool:
    return options["ballot_kind"] == BallotKind.KNAPSACK
