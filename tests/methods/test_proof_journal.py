"""The journal: chained, in an order that a vote allows, written and read back alike."""

import hashlib
from dataclasses import replace

import pytest

from participation.methods.proof import (
    GENESIS,
    BrokenJournalError,
    check_chain,
    movements,
    read_journal,
    write_journal,
)
from tests.methods.dossiers import POLL, chained

X, Y = "a" * 64, "b" * 64
ROWS = [
    ("open", X),
    ("cast", X),
    ("cast", Y),
    ("recast", Y),
    ("cancel", Y),
    ("paper", ""),
    ("paper", ""),
    ("unmark", ""),
    ("close", ""),
    ("count", Y),
]


def test_a_line_is_chained_by_the_published_formula() -> None:
    first, second = chained(ROWS)[:2]
    text = f"parvis-journal-v1|{GENESIS}|{POLL}|1|open|{X}"
    assert first.hash == hashlib.sha256(text.encode()).hexdigest()
    text = f"parvis-journal-v1|{first.hash}|{POLL}|2|cast|{X}"
    assert second.hash == hashlib.sha256(text.encode()).hexdigest()


def test_a_journal_is_read_back_as_written() -> None:
    entries = chained(ROWS)
    assert list(read_journal(write_journal(entries))) == entries
    assert check_chain(entries, poll_id=POLL) == entries[-1].hash
    assert check_chain([], poll_id=POLL) == GENESIS


def test_what_it_adds_up_to() -> None:
    said = movements(chained(ROWS))
    assert (said.web, said.paper, said.options, said.inputs) == (1, 1, X, Y)


def test_a_broken_chain_is_named_by_its_line() -> None:
    entries = chained(ROWS)
    for broken in (
        [*entries[:3], replace(entries[3], payload=X), *entries[4:]],
        [*entries[:3], *entries[4:]],
        [*entries[:3], replace(entries[3], prev=X), *entries[4:]],
        [*entries[:3], replace(entries[3], hash=X), *entries[4:]],
    ):
        with pytest.raises(BrokenJournalError) as found:
            check_chain(broken, poll_id=POLL)
        assert found.value.line == 5
    with pytest.raises(BrokenJournalError):
        check_chain(entries, poll_id=POLL + 1)


@pytest.mark.parametrize(
    "rows",
    [
        [("cast", X)],
        [("open", X), ("open", X)],
        [("open", X), ("close", ""), ("cast", X)],
        [("open", X), ("count", X)],
        [("open", X), ("close", ""), ("close", "")],
        [("open", X), ("close", ""), ("destroy", "")],
        [("open", X), ("cancel", X)],
        [("open", X), ("recast", X)],
        [("open", X), ("unmark", "")],
    ],
)
def test_an_order_that_no_vote_allows_is_refused(rows: list[tuple[str, str]]) -> None:
    with pytest.raises(BrokenJournalError) as found:
        movements(chained(rows))
    assert found.value.line == len(rows) + 1


@pytest.mark.parametrize(
    "line",
    ["", "1;open;;;", f"01;cast;{X};{X};{X}", f"1;vote;{X};{X};{X}", f"1;cast;;{X};{X}",
     f"1;close;{X};{X};{X}", f"1;cast;{X.upper()};{X};{X}", f"1;cast;{X};{X};{X[:-1]}"],
)  # fmt: skip
def test_a_line_that_is_not_of_the_format_is_refused(line: str) -> None:
    with pytest.raises(BrokenJournalError) as found:
        read_journal(f"seq;kind;payload;prev;hash\n{line}\n")
    assert found.value.line == 2
    with pytest.raises(BrokenJournalError):
        read_journal("seq;kind;payload\n")
