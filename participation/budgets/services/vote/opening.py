"""Open the box once, after the close, with two secrets of the board; then count."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import Channel, JournalKind
from participation.budgets.models import (
    Ballot,
    Board,
    Poll,
    SetAsideEnvelope,
    Tally,
    VoidBallot,
    VoterRecord,
)
from participation.budgets.policies.board import may_open, may_still_need_networks
from participation.budgets.services.vote.boards import open_key
from participation.budgets.services.vote.counting import CountError, count
from participation.budgets.services.vote.envelopes import OpenedBallot, envelope_hash
from participation.budgets.services.vote.journal import append, sign_head
from participation.budgets.services.vote.minutes import write_count_record
from participation.budgets.services.vote.unsealing import unseal_all
from participation.budgets.services.vote.urn import Urn, urn_of
from participation.core import audit
from participation.core.queries import database_now
from participation.core.verdict import Refused, refuse
from participation.electors.models import Electorate
from participation.electors.networks import held_electors
from participation.electors.services import forget_networks

_BALLOT_COLUMNS = "COPY budgets_ballot (poll_id, code, choices, points, channel) FROM STDIN"
_BATCH = 2000


@transaction.atomic
def open_box(
    *,
    poll: Poll,
    secrets: Sequence[str],
    actor: Any,
    at: datetime.datetime,
    gap_explanation: str = "",
) -> Tally:
    """Open all envelopes, empty the roll of them, count. All or nothing.

    Only after the close, and once: two calls at the same time make one count, the second is
    refused. The roll is written again in the order of voters and the box in that of the ballot
    codes, in one transaction: nothing relates them. `at` is written as the time of the count.
    `gap_explanation` says why people marked at a desk left no ballot, when some did. Envelopes of
    people who were asked to confirm and did not stay sealed, and count as void.

    Raises `Refused`: codes of `policies.board.may_open` and of `boards.open_key`;
    `more_paper_than_marks`, `gap_unexplained`.
    """
    # Waits for every cast under way, and makes every later one wait for us.
    locked = (
        Poll.objects.select_for_update(of=("self",))
        .select_related("board", "envelope__budget__activity__process")
        .get(pk=poll.pk)
    )
    may_open(poll=locked, user=actor, at=database_now()).or_refuse()
    board = Board.objects.get(pk=locked.board_id)
    key = open_key(board=board, secrets=secrets)
    urn = urn_of(poll=locked)
    explanation = gap_explanation.strip() or urn.explanation
    gap = _gap(locked, urn, explanation)
    envelopes, aside = _envelopes(locked)
    opened, void = unseal_all(poll=locked, key=key.private, envelopes=envelopes, aside=aside)
    _set_aside(locked, aside)
    _fill_box(locked, opened, void, urn)
    with connection.cursor() as cursor:
        cursor.execute("SELECT budgets_rewrite_roll(%s)", [locked.pk])
    tally = count(
        poll=locked,
        at=at,
        void=len(void) + len(urn.void),
        gap=gap,
        gap_explanation=explanation if gap else "",
    )
    if not may_still_need_networks(poll=locked):
        forget_networks(electorate_id=locked.envelope.budget_id, at=at)
    append(poll=locked, kind=JournalKind.COUNT, payload=tally.input_sha256)
    sign_head(poll=locked, day=timezone.localdate(at))
    write_count_record(poll=locked, tally=tally, members=key.members, actor=actor, at=at)
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


def _gap(poll: Poll, urn: Urn, explanation: str) -> int:
    """How many people were marked at a desk and left no ballot. Raises `Refused`."""
    marks = VoterRecord.objects.filter(poll=poll, channel=Channel.PAPER).count()
    gap = marks - len(urn.ballots) - len(urn.void)
    if gap < 0:
        raise Refused(
            refuse(
                "more_paper_than_marks",
                _(
                    "The urns hold %(more)s ballots more than people marked at the desks: check "
                    "the lots before opening the box."
                ),
                more=-gap,
            )
        )
    if gap and not explanation:
        raise Refused(
            refuse(
                "gap_unexplained",
                _(
                    "%(gap)s people marked at a desk left no ballot in the urn: explain this "
                    "difference, the minutes publish it."
                ),
                gap=gap,
            )
        )
    return gap


def _envelopes(poll: Poll) -> tuple[list[bytes], list[bytes]]:
    """The envelopes to open, and those to set aside, both by their digests: no voter and no order
    of arrival leaves these queries."""
    # Whoever decides on a network does it before this, or not at all.
    electorate = poll.envelope.budget_id
    Electorate.objects.select_for_update(of=("self",), no_key=True).filter(pk=electorate).first()
    held = held_electors(electorate_id=electorate)
    lines = VoterRecord.objects.filter(poll=poll, sealed_ballot__isnull=False).order_by()
    to_open, aside = (
        sorted(
            (bytes(sealed) for sealed in some.values_list("sealed_ballot", flat=True) if sealed),
            key=envelope_hash,
        )
        for some in (lines.exclude(voter__in=held), lines.filter(voter__in=held))
    )
    return to_open, aside


def _set_aside(poll: Poll, aside: Sequence[bytes]) -> None:
    """Keep what is not opened, as it was sealed, without its voter."""
    SetAsideEnvelope.objects.bulk_create(
        [
            SetAsideEnvelope(poll=poll, code=envelope_hash(sealed), sealed_ballot=sealed)
            for sealed in dict.fromkeys(aside)
        ],
        batch_size=_BATCH,
    )


def _fill_box(
    poll: Poll, opened: Sequence[OpenedBallot], void: Sequence[tuple[str, str]], urn: Urn
) -> None:
    """Put everything in the box in the order of the codes, whatever its channel."""
    ballots = [
        *((ballot.code, ballot.choices, ballot.points, Channel.WEB) for ballot in opened),
        *((ballot.code, ballot.choices, ballot.points, ballot.channel) for ballot in urn.ballots),
    ]
    with connection.cursor() as cursor, cursor.copy(_BALLOT_COLUMNS) as copy:
        copy.set_types(["int8", "varchar", "int8[]", "int4[]", "varchar"])
        for code, choices, points, channel in sorted(ballots, key=lambda ballot: ballot[0]):
            copy.write_row(
                (
                    poll.pk,
                    code,
                    list(choices),
                    None if points is None else list(points),
                    str(channel),
                )
            )
    VoidBallot.objects.bulk_create(
        sorted(
            [
                *(VoidBallot(poll=poll, code=code, reason=reason) for code, reason in void),
                *urn.void,
            ],
            key=lambda ballot: ballot.code,
        ),
        batch_size=_BATCH,
    )
    boxed = Ballot.objects.filter(poll=poll).aggregate(number=Count("pk"))["number"]
    if boxed != len(opened) + len(urn.ballots):
        raise CountError(f"the box has {boxed} ballots, {len(opened)} were opened")
