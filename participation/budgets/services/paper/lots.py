"""Lots of paper ballots: made, keyed twice, compared, arbitrated, accepted."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import Channel, LotState
from participation.budgets.models import (
    PaperArbitration,
    PaperEntry,
    PaperLot,
    Poll,
    VoterRecord,
)
from participation.budgets.models.paper import MOST_IN_A_LOT
from participation.budgets.policies import paper as policies
from participation.budgets.queries.paper import differences, own_entries, pass_of
from participation.budgets.services.paper.reading import read_line
from participation.core import audit
from participation.core.verdict import ALLOWED, Refused, Verdict, refuse

MOST_LOTS = 999


@transaction.atomic
def make_lot(*, poll: Poll, sealed_count: int, actor: Any, at: datetime.datetime) -> PaperLot:
    """Seal the next lot of `sealed_count` ballots, each stamped with its rank.

    Raises `Refused`: codes of `policies.may_make_lots`, `lot_size`, `more_than_marks`,
    `too_many_lots`.
    """
    locked = _locked_poll(poll)
    policies.may_make_lots(poll=locked, user=actor, at=at).or_refuse()
    _check_count(locked, sealed_count, instead_of=0)
    last = PaperLot.objects.filter(poll=locked).aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_LOTS:
        raise Refused(refuse("too_many_lots", _("A vote has 999 lots at most.")))
    lot = PaperLot.objects.create(poll=locked, number=last + 1, sealed_count=sealed_count)
    audit.record(
        action="parvis.paper.lot",
        instance=locked.envelope,
        actor=actor,
        lot=lot.number,
        ballots=sealed_count,
    )
    return lot


@transaction.atomic
def correct_lot(
    *, lot: PaperLot, sealed_count: int, reason: str, actor: Any, at: datetime.datetime
) -> PaperLot:
    """The lot holds another number of ballots than was said. Entries beyond it must go first.

    Raises `Refused`: codes of `make_lot`, `lot_not_keyed`, `reason_missing`, `ranks_keyed`.
    """
    poll, locked = _locked_poll(lot.poll), _locked(lot)
    verdict = policies.may_make_lots(poll=poll, user=actor, at=at)
    if locked.state != LotState.KEYING or locked.first_is_done or locked.second_is_done:
        verdict &= refuse(
            "lot_not_keyed", _("A pass of this lot is finished: have it keyed again.")
        )
    (verdict & _reason_given(reason)).or_refuse()
    _check_count(poll, sealed_count, instead_of=locked.sealed_count)
    if PaperEntry.objects.filter(lot=locked, rank__gt=sealed_count).exists():
        raise Refused(
            refuse("ranks_keyed", _("More ballots than that are already keyed in this lot."))
        )
    before, locked.sealed_count = locked.sealed_count, sealed_count
    locked.save(update_fields=["sealed_count"])
    audit.record(
        action="parvis.paper.correct_lot",
        instance=poll.envelope,
        actor=actor,
        lot=locked.number,
        before=before,
        ballots=sealed_count,
        reason=reason.strip(),
    )
    return locked


@transaction.atomic
def take_pass(*, lot: PaperLot, actor: Any) -> int:
    """Take a free pass of the lot (1 or 2), or go on with one's own.

    Raises `Refused` with the codes of `policies.may_take_pass`.
    """
    locked = _locked(lot)
    policies.may_take_pass(lot=locked, user=actor).or_refuse()
    number = pass_of(lot=locked, user=actor)
    if number is None:
        number = 1 if locked.first_keyer_id is None else 2
        name = "first_keyer" if number == 1 else "second_keyer"
        setattr(locked, name, actor)
        locked.save(update_fields=[name])
        audit.record(
            action="parvis.paper.take_pass",
            instance=locked.poll.envelope,
            actor=actor,
            lot=locked.number,
            pass_number=number,
        )
    return number


@transaction.atomic
def key_ballot(*, lot: PaperLot, rank: int, line: str, actor: Any) -> PaperEntry:
    """Key the ballot of a rank in one's own pass, or key it again. See `read_line` for the line.

    Raises `Refused`: codes of `policies.may_key_in` and of `read_line`, `rank_unknown`.
    """
    locked = _locked(lot)
    policies.may_key_in(lot=locked, user=actor).or_refuse()
    if not 1 <= rank <= locked.sealed_count:
        raise Refused(
            refuse(
                "rank_unknown",
                _("This lot holds ballots 1 to %(last)s."),
                last=locked.sealed_count,
            )
        )
    reading = read_line(options=locked.poll.options, line=line)
    number = 1 if locked.first_keyer_id == actor.pk else 2
    PaperEntry.objects.filter(lot=locked, rank=rank, pass_number=number).delete()
    return PaperEntry.objects.create(
        lot=locked,
        rank=rank,
        pass_number=number,
        choices=list(reading.choices),
        points=None if reading.points is None else list(reading.points),
        void_reason=reading.void_reason,
        keyed_by=actor,
    )


@transaction.atomic
def undo_ballot(*, lot: PaperLot, actor: Any) -> int | None:
    """Take back the last rank keyed in one's own pass; which one it was, or None.

    Raises `Refused` with the codes of `policies.may_key_in`.
    """
    locked = _locked(lot)
    policies.may_key_in(lot=locked, user=actor).or_refuse()
    entries = own_entries(lot=locked, user=actor)
    if not entries:
        return None
    entries[-1].delete()
    return entries[-1].rank


@transaction.atomic
def finish_pass(*, lot: PaperLot, actor: Any) -> PaperLot:
    """End one's own pass. The second to end compares both: accepted when equal, else arbitrated.

    Raises `Refused`: codes of `policies.may_key_in`, `ranks_missing`.
    """
    locked = _locked(lot)
    policies.may_key_in(lot=locked, user=actor).or_refuse()
    missing = _missing_ranks(locked, actor)
    if missing:
        raise Refused(
            refuse(
                "ranks_missing",
                _("Ballots that you have not keyed yet: %(ranks)s."),
                ranks=", ".join(str(rank) for rank in missing),
            )
        )
    number = pass_of(lot=locked, user=actor)
    if number == 1:
        locked.first_is_done = True
    else:
        locked.second_is_done = True
    if locked.first_is_done and locked.second_is_done:
        locked.state = LotState.DIFFERING if differences(lot=locked) else LotState.ACCEPTED
    locked.save(update_fields=["first_is_done", "second_is_done", "state"])
    audit.record(
        action="parvis.paper.finish_pass",
        instance=locked.poll.envelope,
        actor=actor,
        lot=locked.number,
        pass_number=number,
        state=str(locked.state),
    )
    return locked


@transaction.atomic
def key_again(
    *, lot: PaperLot, pass_number: int, reason: str, actor: Any, at: datetime.datetime
) -> PaperLot:
    """Forget a pass, so that an agent keys it again: its keyer left, or keyed another lot.

    Raises `Refused`: codes of `policies.may_make_lots`, `reason_missing`, `lot_accepted`.
    """
    poll, locked = _locked_poll(lot.poll), _locked(lot)
    verdict = policies.may_make_lots(poll=poll, user=actor, at=at) & _reason_given(reason)
    if locked.state == LotState.ACCEPTED:
        verdict &= refuse("lot_accepted", _("This lot is accepted: nothing changes in it."))
    verdict.or_refuse()
    PaperArbitration.objects.filter(lot=locked).delete()
    PaperEntry.objects.filter(lot=locked, pass_number=pass_number).delete()
    if pass_number == 1:
        locked.first_keyer, locked.first_is_done = None, False
    else:
        locked.second_keyer, locked.second_is_done = None, False
    locked.state = LotState.KEYING
    locked.save()
    audit.record(
        action="parvis.paper.key_again",
        instance=poll.envelope,
        actor=actor,
        lot=locked.number,
        pass_number=pass_number,
        reason=reason.strip(),
    )
    return locked


@transaction.atomic
def settle(*, lot: PaperLot, rank: int, line: str, note: str, actor: Any) -> PaperArbitration:
    """A third person reads a ballot on which the passes differ; the last one accepts the lot.

    Raises `Refused`: codes of `policies.may_settle` and of `read_line`, `note_missing`,
    `nothing_to_settle`.
    """
    locked = _locked(lot)
    verdict = policies.may_settle(lot=locked, user=actor)
    if not note.strip():
        verdict &= refuse("note_missing", _("Say in a note how you decided."))
    verdict.or_refuse()
    awaited = [each.rank for each in differences(lot=locked) if each.settled is None]
    if rank not in awaited:
        raise Refused(refuse("nothing_to_settle", _("This ballot is already settled.")))
    reading = read_line(options=locked.poll.options, line=line)
    settled = PaperArbitration.objects.create(
        lot=locked,
        rank=rank,
        choices=list(reading.choices),
        points=None if reading.points is None else list(reading.points),
        void_reason=reading.void_reason,
        note=note.strip(),
        decided_by=actor,
    )
    if awaited == [rank]:
        locked.state = LotState.ACCEPTED
        locked.save(update_fields=["state"])
    audit.record(
        action="parvis.paper.settle",
        instance=locked.poll.envelope,
        actor=actor,
        lot=locked.number,
        rank=rank,
        state=str(locked.state),
    )
    return settled


def _locked_poll(poll: Poll) -> Poll:
    return (
        Poll.objects.select_for_update(of=("self",))
        .select_related("envelope__budget__activity__process")
        .get(pk=poll.pk)
    )


def _locked(lot: PaperLot) -> PaperLot:
    """The lot as it is now; every act on it waits for us."""
    return (
        PaperLot.objects.select_for_update(of=("self",))
        .select_related("poll__envelope__budget__activity__process")
        .get(pk=lot.pk)
    )


def _check_count(poll: Poll, sealed_count: int, *, instead_of: int) -> None:
    if not 1 <= sealed_count <= MOST_IN_A_LOT:
        raise Refused(
            refuse(
                "lot_size",
                _("A lot holds between 1 and %(most)s ballots."),
                most=MOST_IN_A_LOT,
            )
        )
    marks = VoterRecord.objects.filter(poll=poll, channel=Channel.PAPER).count()
    others = PaperLot.objects.filter(poll=poll).aggregate(all=Sum("sealed_count"))["all"] or 0
    left = marks - (others - instead_of)
    if sealed_count > left:
        raise Refused(
            refuse(
                "more_than_marks",
                _(
                    "The roll has %(marks)s people marked on paper: the lots can take "
                    "%(left)s more ballots. Count this lot again; ballots in excess are set "
                    "aside, sealed, and told in the minutes."
                ),
                marks=marks,
                left=max(left, 0),
            )
        )


def _reason_given(reason: str) -> Verdict:
    if reason.strip():
        return ALLOWED
    return refuse("reason_missing", _("Say why: the reason is kept."))


def _missing_ranks(lot: PaperLot, actor: Any) -> list[int]:
    keyed = {entry.rank for entry in own_entries(lot=lot, user=actor)}
    return [rank for rank in range(1, lot.sealed_count + 1) if rank not in keyed]
