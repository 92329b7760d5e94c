"""The public journal of a poll: what may be said of it now, and one's own deposit in it."""

import base64
import binascii
from dataclasses import dataclass

from django.db.models import QuerySet

from participation.budgets.choices import JournalKind
from participation.budgets.models import Budget, JournalEntry, Poll, VoterRecord
from participation.electors.models import Electorate

_CODE_LETTERS = 20
_HEX_DIGITS = 25  # what twenty letters of base 32 say of a digest


@dataclass(frozen=True, slots=True)
class JournalState:
    """`voters` is None when the regulation keeps it until the results; the list of lines too."""

    voters: int | None
    deposits: int
    seq: int
    head: str


def shows_turnout(*, budget: Budget) -> bool:
    """Whether the number of voters is public now: always with the results, before if it says so."""
    if budget.results_published_at is not None:
        return True
    return not Electorate.objects.filter(pk=budget.pk, shows_turnout=False).exists()


def journal_state(*, poll: Poll, budget: Budget) -> JournalState:
    """The figures of a journal: no time, no voter, no choice."""
    deposits = JournalEntry.objects.filter(
        poll=poll, kind__in=[JournalKind.CAST, JournalKind.RECAST]
    ).count()
    voters = None
    if shows_turnout(budget=budget):
        voters = VoterRecord.objects.filter(poll=poll).count()
    return JournalState(voters, deposits, poll.journal_seq, poll.journal_head)


def journal_lines(*, poll: Poll) -> QuerySet[JournalEntry]:
    """The lines of a journal in their order."""
    return JournalEntry.objects.filter(poll=poll).order_by("seq")


def find_deposit(*, poll: Poll, code: str) -> JournalEntry | None:
    """The last line with the envelope of this deposit code, typed with any case or blanks."""
    letters = "".join(code.upper().split()).replace("-", "")
    letters = letters.translate(str.maketrans("01", "OI"))
    if len(letters) != _CODE_LETTERS:
        return None
    try:
        prefix = base64.b32decode(letters + "AAAA").hex()[:_HEX_DIGITS]
    except binascii.Error:
        return None
    return (
        JournalEntry.objects.filter(
            poll=poll,
            payload__gte=prefix,
            payload__lte=prefix + "f" * (64 - _HEX_DIGITS),
            kind__in=[JournalKind.CAST, JournalKind.RECAST, JournalKind.CANCEL],
        )
        .order_by("seq")
        .last()
    )
