"""Count the box by the frozen rule."""

import datetime
import json
from typing import Any

from django.db import connection, transaction

from participation.budgets.choices import BallotKind, ProjectState
from participation.budgets.models import Poll, Project, Tally, VoterRecord
from participation.budgets.services.vote.regulation import counting_options, is_grouped
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
    SELECT choices, points, count(*) FROM (
        SELECT choices, points FROM budgets_ballot WHERE poll_id = %(poll)s
        UNION ALL
        SELECT choices, points FROM budgets_addedballot WHERE poll_id = %(poll)s AND %(with_added)s
    ) AS box
    GROUP BY choices, points ORDER BY choices, points
"""


class CountError(RuntimeError):
    """Totals that do not agree: nothing is written."""


@transaction.atomic
def count(
    *,
    poll: Poll,
    at: datetime.datetime,
    void: int = 0,
    gap: int = 0,
    gap_explanation: str = "",
) -> Tally:
    """Count the ballots that are in the box by the poll's frozen options; write the tally.

    Fills each project's votes, points, rank and state, and marks the box as opened. `void` ballots
    and `gap`, people marked at a desk who left none, are on the roll without being counted; unless
    the election was imported, the roll must have them all.
    """
    result, has_points = recount(poll=poll)
    voters = result.voters + void + gap
    on_roll = VoterRecord.objects.filter(poll=poll).count()
    if poll.public_key and voters != on_roll:
        raise CountError(f"the roll has {on_roll} voters and {voters} ballots are accounted for")
    write_results(poll=poll, result=result, has_points=has_points)
    tally = Tally.objects.create(
        poll=poll,
        result=json.loads(result.to_json()),
        voters=voters,
        ballots=result.voters,
        blank=result.blank,
        void=void,
        gap=gap,
        gap_explanation=gap_explanation,
        spent_cents=result.spent,
        input_sha256=result.input_sha256,
        method_version=METHOD_VERSION,
        counted_at=at,
    )
    poll.opened_at = at
    poll.save(update_fields=["opened_at"])
    return tally


def recount(*, poll: Poll, with_added: bool = False) -> tuple[Result, bool]:
    """The result of the ballots in the box, and whether they carry points. Writes nothing.

    `with_added`: those that were set aside and opened after a judgment as well.
    """
    options: dict[str, Any] = poll.options
    references = {project["id"]: project["reference"] for project in options["projects"]}
    ranked = options["ballot_kind"] == BallotKind.ORDINAL
    has_points = ranked
    ballots = []
    with connection.cursor() as cursor:
        cursor.execute(_PROFILE, {"poll": poll.pk, "with_added": with_added})
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


def write_results(*, poll: Poll, result: Result, has_points: bool) -> None:
    """Each project's votes, points, rank and state.

    One rank for all: winners in the order of selection, then the others by score and lot.
    """
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
                if has_points and result.options.get("measure") == "points"
                else None,
                rank=ranks[outcome.candidate],
                state=ProjectState.WINNER if outcome.selected else ProjectState.NOT_SELECTED,
            )
            for outcome in result.outcomes
        ],
        ["votes", "points", "rank", "state"],
    )
