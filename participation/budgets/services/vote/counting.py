"""Open the box once, after the close, and count by the frozen rule."""

import datetime
import json
from typing import Any

from django.db import connection, transaction

from participation.budgets import policies
from participation.budgets.choices import BallotKind, ProjectState
from participation.budgets.models import Ballot, Poll, Project, Tally, VoterRecord
from participation.budgets.services.vote.envelopes import (
    OpenedBallot,
    UnreadableEnvelopeError,
    unseal,
)
from participation.budgets.services.vote.keys import read_key
from participation.budgets.services.vote.regulation import counting_options, is_grouped
from participation.budgets.services.vote.rule import ballot_verdict
from participation.core import audit
from participation.core.queries import database_now
from participation.methods.tally import (
    METHOD_VERSION,
    Candidate,
    Profile,
    Result,
    points_of_ranking,
)
from participation.methods.tally import count as count_by

# Identical ballots are merged by the database: a large election is counted in little memory.
_PROFILE = """
    SELECT choices, points, count(*) FROM budgets_ballot WHERE poll_id = %s
    GROUP BY choices, points ORDER BY choices, points
"""


class CountError(RuntimeError):
    """Totals that do not agree: nothing is written."""


@transaction.atomic
def open_and_count(*, poll: Poll, actor: Any, at: datetime.datetime) -> Tally:
    """Open all envelopes, empty the roll of them, count. All or nothing.

    Only after the close by the database's clock, and once: two calls at the same time make one
    count, the second is refused. `at` is written as the time of the count.

    Raises `Refused`: codes of `policies.may_count`, `key_missing`, `key_wrong`.
    """
    # Waits for every cast under way, and makes every later one wait for us.
    locked = (
        Poll.objects.select_for_update(of=("self",))
        .select_related("envelope__budget__activity__process")
        .get(pk=poll.pk)
    )
    policies.may_count(poll=locked, user=actor, at=database_now()).or_refuse()
    key = read_key(bytes(locked.public_key))
    voters = VoterRecord.objects.filter(poll=locked).count()
    # By digest of the envelope: no voter and no order of arrival leaves this query.
    sealed_ballots = list(
        VoterRecord.objects.filter(poll=locked, sealed_ballot__isnull=False)
        .order_by("deposit_code")
        .values_list("sealed_ballot", flat=True)
    )
    opened, void = _open_all(locked, key, sealed_ballots)
    if voters != len(opened) + void:
        raise CountError(
            f"the roll has {voters} voters, the box {len(opened)} ballots and {void} void ones"
        )
    Ballot.objects.bulk_create(
        [
            Ballot(poll=locked, code=ballot.code, choices=list(ballot.choices))
            for ballot in sorted(opened, key=lambda ballot: ballot.code)
        ],
        batch_size=2000,
    )
    VoterRecord.objects.filter(poll=locked).update(sealed_ballot=None, cast_keys=[], cast_digest="")
    tally = count(poll=locked, at=at, void=void)
    audit.record(
        action="parvis.poll.count",
        instance=locked.envelope,
        actor=actor,
        voters=tally.voters,
        ballots=tally.ballots,
        void=tally.void,
        input_sha256=tally.input_sha256,
    )
    poll.opened_at = locked.opened_at
    return tally


@transaction.atomic
def count(*, poll: Poll, at: datetime.datetime, void: int = 0) -> Tally:
    """Count the ballots that are in the box by the poll's frozen options; write the tally.

    Fills each project's votes, points, rank and state, and marks the box as opened.
    """
    result, has_points = recount(poll=poll)
    _write_results(poll, result, has_points)
    tally = Tally.objects.create(
        poll=poll,
        result=json.loads(result.to_json()),
        voters=result.voters + void,
        ballots=result.voters,
        blank=result.blank,
        void=void,
        spent_cents=result.spent,
        input_sha256=result.input_sha256,
        method_version=METHOD_VERSION,
        counted_at=at,
    )
    poll.opened_at = at
    poll.save(update_fields=["opened_at"])
    return tally


def recount(*, poll: Poll) -> tuple[Result, bool]:
    """The result of the ballots in the box, and whether they carry points. Writes nothing."""
    options: dict[str, Any] = poll.options
    references = {project["id"]: project["reference"] for project in options["projects"]}
    ranked = options["ballot_kind"] == BallotKind.ORDINAL
    has_points = ranked
    ballots = []
    with connection.cursor() as cursor:
        cursor.execute(_PROFILE, [poll.pk])
        for choices, points, number in cursor.fetchall():
            if ranked:
                points = points_of_ranking(choices, options["rank_scores"])
            has_points = has_points or points is not None
            ballots.append(([references[choice] for choice in choices], points, number))
    grouped = is_grouped(options)
    result = count_by(
        rule=options["rule"],
        candidates=[
            Candidate(
                project["reference"], project["cost_cents"], project["group"] if grouped else None
            )
            for project in options["projects"]
        ],
        profile=Profile.from_weighted(ballots, ranked=ranked),
        budget=options["budget_cents"],
        options=counting_options(options),
    )
    return result, has_points


def _open_all(poll: Poll, key: Any, sealed_ballots: list[Any]) -> tuple[list[OpenedBallot], int]:
    """Valid ballots, and how many are void: unreadable, against the rule, or with a code twice."""
    opened: dict[str, OpenedBallot] = {}
    void = 0
    for sealed in sealed_ballots:
        try:
            ballot = unseal(key=key, poll_id=poll.pk, sealed=bytes(sealed))
        except UnreadableEnvelopeError:
            void += 1
            continue
        if ballot.code in opened or not ballot_verdict(
            options=poll.options, choices=ballot.choices
        ):
            void += 1
            continue
        opened[ballot.code] = ballot
    return list(opened.values()), void


def _write_results(poll: Poll, result: Result, has_points: bool) -> None:
    """One rank for all: winners in the order of selection, then the others by score and lot."""
    keys = {project["reference"]: project["id"] for project in poll.options["projects"]}
    lot = poll.options["lot"]
    winners = {reference: place for place, reference in enumerate(result.winners, start=1)}
    others = sorted(
        (outcome for outcome in result.outcomes if not outcome.selected),
        key=lambda outcome: (-outcome.score, lot[outcome.candidate]),
    )
    ranks = winners | {
        outcome.candidate: place for place, outcome in enumerate(others, start=len(winners) + 1)
    }
    Project.objects.bulk_update(
        [
            Project(
                pk=keys[outcome.candidate],
                votes=outcome.votes,
                points=outcome.score
                if has_points and result.options["measure"] == "points"
                else None,
                rank=ranks[outcome.candidate],
                state=ProjectState.WINNER if outcome.selected else ProjectState.NOT_SELECTED,
            )
            for outcome in result.outcomes
        ],
        ["votes", "points", "rank", "state"],
    )
