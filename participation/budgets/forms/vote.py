"""What a ballot form sends: ticks, points or ranks, the form's own key, a sealed envelope."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import BallotKind
from participation.core.verdict import ALLOWED, Verdict, refuse

CHOICE, CAST_KEY, WORD, ENVELOPE = "choix", "cle", "mot", "enveloppe"
POINTS, RANK = "points-", "rang-"
MOST_LETTERS = 60
"""Of a voter's own word."""
_MOST_MARKS = 2_000
_MOST_SEALED = 100_000


@dataclass(frozen=True, slots=True)
class Marks:
    """What a voter marked, as sent: whether it makes a ballot is the rule's question.

    `values` holds each marked project's key with its points, its rank, or 1 for a tick, in the
    order of the ballot: by rank when projects are ranked, as sent otherwise. `problems` says what
    could not be read as a mark; `repeated` holds the projects that share a rank.
    """

    kind: str
    values: dict[int, int]
    problems: Verdict = ALLOWED
    repeated: frozenset[int] = frozenset()

    @property
    def choices(self) -> list[int]:
        return list(self.values)

    @property
    def points(self) -> list[int] | None:
        return list(self.values.values()) if self.kind == BallotKind.CUMULATIVE else None

    def among(self, standing: Iterable[int]) -> "Marks":
        """The marks of projects that are on the ballot."""
        known = set(standing)
        kept = {key: value for key, value in self.values.items() if key in known}
        return Marks(self.kind, kept, self.problems, self.repeated & known)


def read_marks(data: QueryDict, *, kind: str) -> Marks:
    """The marks of a form for that kind of ballot; what is no key of a project is left out."""
    if kind == BallotKind.CUMULATIVE:
        return _read_points(data)
    if kind == BallotKind.ORDINAL:
        return _read_ranks(data)
    keys = [key for value in data.getlist(CHOICE)[:_MOST_MARKS] if (key := _number(value))]
    if kind == BallotKind.CHOOSE_ONE:
        keys = keys[-1:]  # a choice kept by the filter comes first in the form: the last one wins
    return Marks(kind, dict.fromkeys(keys, 1))


def _read_points(data: QueryDict) -> Marks:
    values, unread = _read_numbers(data, POINTS)
    problems = ALLOWED
    if unread:
        problems = refuse("points_unreadable", _("Points are whole numbers: 0, 1, 2…"))
    return Marks(BallotKind.CUMULATIVE, values, problems)


def _read_ranks(data: QueryDict) -> Marks:
    values, unread = _read_numbers(data, RANK)
    shared = {rank for rank, number in Counter(values.values()).items() if number > 1}
    problems = ALLOWED
    if unread:
        problems &= refuse("rank_unreadable", _("Choose each rank in its list."))
    if shared:
        problems &= refuse(
            "repeated_rank",
            _("Two projects have the same rank: give each rank to one project only."),
        )
    ranked = dict(sorted(values.items(), key=lambda mark: mark[1]))
    repeated = frozenset(key for key, rank in values.items() if rank in shared)
    return Marks(BallotKind.ORDINAL, ranked, problems, repeated)


def _read_numbers(data: QueryDict, prefix: str) -> tuple[dict[int, int], bool]:
    """Numbers above 0 by project, and whether something else was written somewhere."""
    values: dict[int, int] = {}
    unread = False
    for name in list(data)[:_MOST_MARKS]:
        key = _number(name.removeprefix(prefix)) if name.startswith(prefix) else None
        written = data.get(name, "").strip()
        if key is None or written in ("", "0"):
            continue
        number = _number(written)
        if number is None or number > 1_000_000:
            unread = True
        else:
            values[key] = number
    return values, unread


def _number(text: str) -> int | None:
    """A whole number above 0, or None."""
    if text.isascii() and text.isdecimal() and len(text) < 19:
        return int(text) or None
    return None


def cast_key(data: QueryDict) -> uuid.UUID | None:
    """The form's own key, or None when it was tampered with."""
    try:
        return uuid.UUID(data.get(CAST_KEY, ""))
    except ValueError:
        return None


def voters_word(data: QueryDict) -> str:
    """The voter's own word, mixed into the ballot code when the server seals; often empty."""
    return " ".join(data.get(WORD, "").split())[:MOST_LETTERS]


def sealed_envelope(data: QueryDict) -> str:
    """What the browser sealed, in base64url; the service looks at it. Empty when there is none."""
    text = data.get(ENVELOPE, "")
    return text if len(text) <= _MOST_SEALED else ""
