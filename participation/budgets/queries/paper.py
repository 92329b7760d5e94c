"""Paper ballots: lots and their passes, what may enter the box, whether totals agree."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from participation.budgets.choices import Channel, LotState
from participation.budgets.models import (
    Budget,
    PaperArbitration,
    PaperAudit,
    PaperCheck,
    PaperEntry,
    PaperExplanation,
    PaperLot,
    Poll,
    VoterRecord,
)
from participation.methods.tally.lot import draw_order


def paper_code(lot: int, rank: int) -> str:
    """What is stamped on a paper ballot: `P-003-07` is the seventh ballot of the third lot."""
    return f"P-{lot:03d}-{rank:02d}"


@dataclass(frozen=True, slots=True)
class PaperBallot:
    """One paper ballot as it is counted. `void_reason` is empty for a valid one."""

    code: str
    choices: tuple[int, ...]
    points: tuple[int, ...] | None
    void_reason: str


def accepted_paper_ballots(*, poll: Poll) -> list[PaperBallot]:
    """The ballots of the accepted lots of a poll, void ones included, in the order of codes.

    A ballot on which the two passes differ is as the third person read it. A lot that is not
    accepted gives nothing: what one pass alone says never leaves this module.
    """
    lots = PaperLot.objects.filter(poll=poll, state=LotState.ACCEPTED)
    settled = {
        (reading.lot_id, reading.rank): reading
        for reading in PaperArbitration.objects.filter(lot__in=lots)
    }
    entries = (
        PaperEntry.objects.filter(lot__in=lots, pass_number=1)
        .select_related("lot")
        .order_by("lot__number", "rank")
    )
    ballots = []
    for entry in entries.iterator(chunk_size=2000):
        choices, points, void_reason = settled.get((entry.lot_id, entry.rank), entry).content
        code = paper_code(entry.lot.number, entry.rank)
        ballots.append(PaperBallot(code, choices, points, void_reason))
    return ballots


@dataclass(frozen=True, slots=True)
class PaperBalance:
    """Marks on the roll against ballots in the lots of one poll.

    `explanation` is the last one written for these very numbers.
    """

    poll: Poll
    marks: int
    ballots: int
    pending: int
    explanation: PaperExplanation | None

    @property
    def difference(self) -> int:
        """People marked on the roll whose ballot is in no lot."""
        return self.marks - self.ballots

    @property
    def is_settled(self) -> bool:
        """Equal, or explained: here, or in the tally when the box was opened."""
        tally = getattr(self.poll, "tally", None)
        told = self.explanation is not None or (tally is not None and tally.gap > 0)
        return self.difference == 0 or told


def paper_balances(*, budget: Budget) -> list[PaperBalance]:
    """The balance of each poll of a budget, in the order of the envelopes: four queries."""
    return _balances(Poll.objects.filter(envelope__budget=budget))


def balances_under_way() -> list[PaperBalance]:
    """The balance of every poll whose results are not published: four queries."""
    return _balances(Poll.objects.filter(envelope__budget__results_published_at=None))


def _balances(found: QuerySet[Poll]) -> list[PaperBalance]:
    polls = list(
        found.select_related("envelope__budget__activity", "tally")
        .defer("options")
        .order_by("-envelope__budget__edition", "envelope__budget", "envelope__position", "pk")
    )
    marks = _by_poll(
        VoterRecord.objects.filter(poll__in=polls, channel=Channel.PAPER), Count("voter_id")
    )
    lots = {
        row["poll_id"]: row
        for row in PaperLot.objects.filter(poll__in=polls)
        .order_by()
        .values("poll_id")
        .annotate(
            ballots=Sum("sealed_count"), pending=Count("pk", filter=~Q(state=LotState.ACCEPTED))
        )
    }
    explanations = {
        (each.poll_id, each.marks, each.ballots): each
        for each in PaperExplanation.objects.filter(poll__in=polls).select_related("written_by")
    }
    balances = []
    for poll in polls:
        row = lots.get(poll.pk, {"ballots": 0, "pending": 0})
        marked = marks.get(poll.pk, 0)
        balances.append(
            PaperBalance(
                poll=poll,
                marks=marked,
                ballots=row["ballots"],
                pending=row["pending"],
                explanation=explanations.get((poll.pk, marked, row["ballots"])),
            )
        )
    return balances


def paper_balance(*, poll: Poll) -> PaperBalance:
    """The balance of one poll."""
    return next(each for each in paper_balances(budget=poll.envelope.budget) if each.poll == poll)


def audits(*, poll: Poll) -> QuerySet[PaperAudit]:
    """The audits of a poll, the first one first."""
    return PaperAudit.objects.filter(poll=poll).order_by("drawn_at", "pk")


def paper_explanations(*, poll: Poll) -> QuerySet[PaperExplanation]:
    """All that was explained of a poll's differences, for the minutes."""
    return PaperExplanation.objects.filter(poll=poll).select_related("written_by")


def _by_poll(rows: QuerySet[Any], number: Any) -> dict[int, int]:
    counted = rows.order_by().values("poll_id").annotate(number=number)
    return {row["poll_id"]: row["number"] for row in counted}


def lots(*, poll: Poll) -> QuerySet[PaperLot]:
    """The lots of a poll, with `keyed_first` and `keyed_second`: ballots keyed in each pass."""
    return (
        PaperLot.objects.filter(poll=poll)
        .select_related("first_keyer", "second_keyer")
        .annotate(
            keyed_first=Count("entries", filter=Q(entries__pass_number=1)),
            keyed_second=Count("entries", filter=Q(entries__pass_number=2)),
        )
        .order_by("number")
    )


def lots_to_key(*, user: Any) -> QuerySet[PaperLot]:
    """Lots in which this person has a pass under way or may take one; own passes first."""
    free = Q(first_keyer=None) | Q(second_keyer=None)
    mine = Q(first_keyer=user, first_is_done=False) | Q(second_keyer=user, second_is_done=False)
    done = Q(first_keyer=user, first_is_done=True) | Q(second_keyer=user, second_is_done=True)
    return (
        PaperLot.objects.filter(free | mine, state=LotState.KEYING)
        .exclude(done)
        .select_related("poll__envelope__budget__activity")
        .annotate(is_mine=Count("pk", filter=mine))
        .order_by("-is_mine", "poll__envelope__position", "poll", "number")
    )


def lots_to_settle(*, user: Any) -> QuerySet[PaperLot]:
    """Lots whose passes differ and of which this person keyed neither."""
    return (
        PaperLot.objects.filter(state=LotState.DIFFERING)
        .exclude(Q(first_keyer=user) | Q(second_keyer=user))
        .select_related("poll__envelope__budget__activity")
        .order_by("poll__envelope__position", "poll", "number")
    )


def pass_of(*, lot: PaperLot, user: Any) -> int | None:
    """Which pass of the lot this person keys, if any."""
    if user.pk is None:
        return None
    return {lot.second_keyer_id: 2, lot.first_keyer_id: 1}.get(user.pk)


def own_entries(*, lot: PaperLot, user: Any) -> list[PaperEntry]:
    """What this person keyed in the lot, in the order of ranks: never anyone else's entries."""
    number = pass_of(lot=lot, user=user)
    if number is None:
        return []
    return list(
        PaperEntry.objects.filter(lot=lot, pass_number=number, keyed_by=user).order_by("rank")
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A rank on which the two passes differ, and how a third person settled it, if done."""

    rank: int
    code: str
    first: PaperEntry
    second: PaperEntry
    settled: PaperArbitration | None


def differences(*, lot: PaperLot) -> list[Difference]:
    """Where the two whole passes of a lot differ, rank by rank; empty while one is under way."""
    if not (lot.first_is_done and lot.second_is_done):
        return []
    passes: dict[int, dict[int, PaperEntry]] = {1: {}, 2: {}}
    for entry in PaperEntry.objects.filter(lot=lot):
        passes[entry.pass_number][entry.rank] = entry
    settled = {
        each.rank: each
        for each in PaperArbitration.objects.filter(lot=lot).select_related("decided_by")
    }
    return [
        Difference(rank, paper_code(lot.number, rank), first, passes[2][rank], settled.get(rank))
        for rank, first in sorted(passes[1].items())
        if first.content != passes[2][rank].content
    ]


@dataclass(frozen=True, slots=True)
class DrawnBallot:
    """A ballot to compare with its paper: as it was counted, and what was found, if done."""

    place: int
    ballot: PaperBallot
    check: PaperCheck | None


def drawn_codes(*, seed: str, codes: list[str], size: int) -> list[str]:
    """The `size` first codes in the order of SHA-256(seed + "|" + code), hexadecimal.

    Anyone draws them again from the published codes:
    `while read c; do echo "$(printf '%s|%s' SEED $c | sha256sum) $c"; done <codes | sort`.
    """
    order = draw_order(seed, codes)
    return sorted(codes, key=order.__getitem__)[:size]


def drawn_ballots(*, audit: PaperAudit) -> list[DrawnBallot]:
    """The ballots of an audit in the order of the draw: four queries whatever the size."""
    ballots = {ballot.code: ballot for ballot in accepted_paper_ballots(poll=audit.poll)}
    checks = {
        check.code: check
        for check in PaperCheck.objects.filter(audit=audit).select_related("checked_by")
    }
    drawn = drawn_codes(seed=audit.seed, codes=list(ballots), size=audit.size)
    return [
        DrawnBallot(place, ballots[code], checks.get(code))
        for place, code in enumerate(drawn, start=1)
    ]
