"""The public journal of a poll: one line per event, each holding the digest of the one before."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from participation.methods.digest import sha256_hex

GENESIS = "0" * 64
"""What the first line holds as the digest of the line before."""

KINDS = (
    "open",
    "cast",
    "recast",
    "cancel",
    "paper",
    "unmark",
    "close",
    "count",
    "recount",
    "destroy",
)
COLUMNS = ("seq", "kind", "payload", "prev", "hash")

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_WITH_DIGEST = frozenset({"open", "cast", "recast", "cancel", "count", "recount"})
# What may come after the deposits, once each, and what must have come before.
_ENDING = {
    "close": (),
    "count": ("close",),
    "recount": ("close", "count"),
    "destroy": ("close", "count"),
}


class BrokenJournalError(ValueError):
    """No poll can have written this journal; `line` counts from 1, header included."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line
        self.why = why


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `payload` is a digest, or empty for the kinds that hold nothing."""

    seq: int
    kind: str
    payload: str
    prev: str
    hash: str


def entry_hash(*, poll_id: int, seq: int, kind: str, payload: str, prev: str) -> str:
    """SHA-256, in lower-case hexadecimal, of a line chained to the one before."""
    return sha256_hex(f"parvis-journal-v1|{prev}|{poll_id}|{seq}|{kind}|{payload}")


def write_journal(entries: Iterable[Entry]) -> str:
    """The published file: `seq;kind;payload;prev;hash`, lines ended by a line feed."""
    return "".join(journal_lines(entries))


def journal_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The lines of the published file one at a time, header first."""
    yield ";".join(COLUMNS) + "\n"
    for entry in entries:
        yield f"{entry.seq};{entry.kind};{entry.payload};{entry.prev};{entry.hash}\n"


def read_journal(text: str) -> tuple[Entry, ...]:
    """The lines of a published journal. Raises `BrokenJournalError`; the chain is not checked."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    if tuple(next(rows, ())) != COLUMNS:
        raise BrokenJournalError(1, "the header is not " + ";".join(COLUMNS))
    return tuple(_entry(line, row) for line, row in enumerate(rows, start=2))


def check_chain(entries: Iterable[Entry], *, poll_id: int) -> str:
    """Recompute every digest from the first line; gives the last one, the head of the chain.

    Raises `BrokenJournalError` at the first line that does not follow from the one before.
    """
    prev = GENESIS
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq:
            raise BrokenJournalError(seq + 1, f"number {entry.seq} where {seq} was due")
        if entry.prev != prev:
            raise BrokenJournalError(seq + 1, "it does not follow from the line before")
        expected = entry_hash(
            poll_id=poll_id, seq=seq, kind=entry.kind, payload=entry.payload, prev=prev
        )
        if entry.hash != expected:
            raise BrokenJournalError(seq + 1, "its digest is not that of its content")
        prev = entry.hash
    return prev


@dataclass(frozen=True, slots=True)
class Movements:
    """What a journal says went in and out of the box.

    `web`: envelopes in the box at the close, a recast taking the place of a cast. `paper`: voters
    marked at a desk and not unmarked. `options` is the digest of `open`, `inputs` that of the last
    count, None when the journal has no such line. `is_revised`: counted again after a judgment.
    """

    web: int
    paper: int
    options: str | None
    inputs: str | None
    is_revised: bool = False


def movements(entries: Iterable[Entry]) -> Movements:
    """Add up a journal, and check that its lines come in an order that a vote allows.

    `open` is first and comes once; deposits come before `close`; `close`, `count`, `recount`, if
    there is one, and `destroy` come once, in this order; no more is cancelled or unmarked than was
    cast or marked. Raises `BrokenJournalError`.
    """
    numbers: Counter[str] = Counter()
    found: dict[str, str] = {}
    for line, entry in enumerate(entries, start=2):
        kind = entry.kind
        if (kind == "open") != (line == 2):
            raise BrokenJournalError(line, "the opening comes first, and once")
        if kind in _ENDING:
            is_due = all(numbers[before] for before in _ENDING[kind])
            if numbers[kind] or numbers["destroy"] or not is_due:
                raise BrokenJournalError(line, f"{kind} is not due here")
        elif numbers["close"]:
            raise BrokenJournalError(line, f"{kind} comes after the close")
        numbers[kind] += 1
        if kind in ("open", "count", "recount"):
            found[kind] = entry.payload
        if numbers["cancel"] > numbers["cast"] or numbers["unmark"] > numbers["paper"]:
            raise BrokenJournalError(line, f"{kind} of what was never deposited")
        if numbers["recast"] and not numbers["cast"]:
            raise BrokenJournalError(line, "recast of what was never deposited")
    return Movements(
        web=numbers["cast"] - numbers["cancel"],
        paper=numbers["paper"] - numbers["unmark"],
        options=found.get("open"),
        inputs=found.get("recount", found.get("count")),
        is_revised="recount" in found,
    )


def _entry(line: int, row: list[str]) -> Entry:
    if len(row) != len(COLUMNS):
        raise BrokenJournalError(line, f"{len(row)} columns instead of {len(COLUMNS)}")
    seq, kind, payload, prev, digest = row
    if _NUMBER.fullmatch(seq) is None:
        raise BrokenJournalError(line, f"{seq!r} is not a number")
    if kind not in KINDS:
        raise BrokenJournalError(line, f"{kind!r} is not a kind of line")
    if (_DIGEST.fullmatch(payload) is not None) != (kind in _WITH_DIGEST) or (
        payload and kind not in _WITH_DIGEST
    ):
        raise BrokenJournalError(line, f"{kind} cannot hold {payload!r}")
    if _DIGEST.fullmatch(prev) is None or _DIGEST.fullmatch(digest) is None:
        raise BrokenJournalError(line, "a digest is 64 hexadecimal figures")
    return Entry(int(seq), kind, payload, prev, digest)
