"""Minutes (*procès-verbaux*): the facts of the opening, the count and the destruction."""

import datetime
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Count

from participation.budgets.choices import Channel, JournalKind, RecordKind, VoidReason
from participation.budgets.models import (
    Ballot,
    Board,
    BoardMember,
    JournalEntry,
    OfficialRecord,
    Poll,
    Revision,
    Tally,
    VoidBallot,
    VoterRecord,
)
from participation.budgets.queries.paper import audits
from participation.budgets.services.vote.signing import public_signing_key
from participation.core.choices import Step


def write_opening_record(*, poll: Poll, actor: Any, at: datetime.datetime) -> OfficialRecord:
    """What was frozen, with its fingerprints; `poll` has its board."""
    board = Board.objects.get(pk=poll.board_id)
    phases = [
        phase
        for phase in poll.envelope.budget.activity.phases.order_by("period")
        if phase.step == Step.DECIDE
    ]
    return _write(
        poll,
        RecordKind.OPENING,
        at,
        {
            "officer": actor.get_full_name(),
            "members": [member.name for member in board.members.order_by("rank")],
            "board_fingerprint": board.fingerprint,
            "board_origin": board.origin,
            "challenge_days": board.challenge_days,
            "periods": [
                [
                    phase.opens_at.isoformat(),
                    phase.closes_at.isoformat() if phase.closes_at else None,
                ]
                for phase in phases
            ],
            "projects": len(poll.options["projects"]),
            "amount_cents": poll.envelope.amount_cents,
            "options_sha256": poll.options_sha256,
            "tie_seed": poll.tie_seed,
            "signing_key": public_signing_key(),
            "head": poll.journal_head,
            "seq": poll.journal_seq,
        },
    )


def write_count_record(
    *,
    poll: Poll,
    tally: Tally,
    members: Sequence[BoardMember],
    actor: Any,
    at: datetime.datetime,
) -> OfficialRecord:
    """Who opened the box, totals by channel, void ballots, the difference, the journal's end; and
    what was found by then of the paper ballots drawn to be compared."""
    close = JournalEntry.objects.filter(poll=poll, kind=JournalKind.CLOSE).get()
    return _write(
        poll,
        RecordKind.COUNT,
        at,
        {
            "officer": actor.get_full_name(),
            "opened_by": [member.name for member in members],
            "closed_at": poll.closed_at.isoformat() if poll.closed_at else None,
            "voters": _by_channel(VoterRecord.objects.filter(poll=poll), "voter_id"),
            "ballots": _by_channel(Ballot.objects.filter(poll=poll), "pk"),
            "void": _by_channel(VoidBallot.objects.filter(poll=poll), "pk"),
            "void_ballots": [
                [code, reason]
                for code, reason in VoidBallot.objects.filter(poll=poll)
                .exclude(reason=VoidReason.SET_ASIDE)  # a number: they may be thousands
                .order_by("code", "pk")
                .values_list("code", "reason")
            ],
            "set_aside": VoidBallot.objects.filter(poll=poll, reason=VoidReason.SET_ASIDE).count(),
            "blank": tally.blank,
            "gap": tally.gap,
            "gap_explanation": tally.gap_explanation,
            "paper_audits": _paper_audits(poll),
            "journal": _journal_totals(poll),
            "close_seq": close.seq,
            "close_head": close.hash,
            "head": poll.journal_head,
            "seq": poll.journal_seq,
            "options_sha256": poll.options_sha256,
            "input_sha256": tally.input_sha256,
            "method_version": tally.method_version,
            "winners": len(tally.result["winners"]),
            "selected": _selected(poll, tally),
            "spent_cents": tally.spent_cents,
            "amount_cents": poll.envelope.amount_cents,
            "signing_key": public_signing_key(),
        },
    )


def _paper_audits(poll: Poll) -> list[dict[str, Any]]:
    """Each draw of paper ballots: its public seed, how many agree, `[code, note]` of the others."""
    return [
        {
            "seed": drawn.seed,
            "size": drawn.size,
            "drawn_at": drawn.drawn_at.isoformat(),
            "agree": sum(check.agrees for check in drawn.checks.all()),
            "differ": [
                [check.code, check.note]
                for check in sorted(drawn.checks.all(), key=attrgetter("code"))
                if not check.agrees
            ],
        }
        for drawn in audits(poll=poll).prefetch_related("checks")
    ]


def _selected(poll: Poll, tally: Tally) -> list[list[Any]]:
    """`[reference, title, votes, cost in cents]` of each winner, in the order of selection."""
    votes = {outcome["candidate"]: outcome["votes"] for outcome in tally.result["outcomes"]}
    projects = {project["reference"]: project for project in poll.options["projects"]}
    return [
        [
            reference,
            projects[reference]["title"],
            votes[reference],
            projects[reference]["cost_cents"],
        ]
        for reference in tally.result["winners"]
    ]


def write_revision_record(
    *,
    poll: Poll,
    opened: int,
    members: Sequence[BoardMember],
    actor: Any,
    at: datetime.datetime,
) -> OfficialRecord:
    """Which judgment, who opened what was set aside, both results. `poll` has its revision."""
    before, after = poll.tally, poll.revision
    return _write(
        poll,
        RecordKind.REVISION,
        at,
        {
            "officer": actor.get_full_name(),
            "opened_by": [member.name for member in members],
            "reference": after.reference,
            "reason": after.reason,
            "opened": opened,
            "void_ballots": after.void_ballots,
            "before": _totals(before),
            "after": _totals(after),
            "amount_cents": poll.envelope.amount_cents,
            "options_sha256": poll.options_sha256,
            "method_version": after.method_version,
            "head": poll.journal_head,
            "seq": poll.journal_seq,
            "signing_key": public_signing_key(),
        },
    )


def write_destruction_record(
    *, poll: Poll, board: Board, actor: Any, at: datetime.datetime
) -> OfficialRecord:
    """Which sealed keys went, when, and after which period."""
    published = board.budget.results_published_at
    return _write(
        poll,
        RecordKind.DESTRUCTION,
        at,
        {
            "officer": actor.get_full_name(),
            "members": [member.name for member in board.members.order_by("rank")],
            "board_fingerprint": board.fingerprint,
            "results_published_at": published.isoformat() if published else None,
            "challenge_days": board.challenge_days,
            "head": poll.journal_head,
            "seq": poll.journal_seq,
        },
    )


def _write(poll: Poll, kind: str, at: datetime.datetime, body: dict[str, Any]) -> OfficialRecord:
    return OfficialRecord.objects.create(poll=poll, kind=kind, body=body, made_at=at)


def _totals(counted: Tally | Revision) -> dict[str, Any]:
    return {
        "ballots": counted.ballots,
        "blank": counted.blank,
        "void": counted.void,
        "gap": counted.gap,
        "voters": counted.voters,
        "winners": list(counted.result["winners"]),
        "spent_cents": counted.spent_cents,
        "input_sha256": counted.input_sha256,
    }


def _by_channel(rows: Any, counted: str) -> dict[str, int]:
    found = rows.order_by().values("channel").annotate(number=Count(counted))
    return dict.fromkeys(Channel.values, 0) | {row["channel"]: row["number"] for row in found}


def _journal_totals(poll: Poll) -> dict[str, int]:
    rows = (
        JournalEntry.objects.filter(poll=poll)
        .order_by()
        .values("kind")
        .annotate(number=Count("seq"))
    )
    return {row["kind"]: row["number"] for row in rows}
