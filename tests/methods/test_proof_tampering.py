"""Whatever byte of a publication is altered, both verifiers say so (voting.md P4)."""

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.methods.digest import canonical_json
from participation.methods.proof import FILES, Entry, read_journal, verify, write_journal
from tests.methods.dossiers import (
    KEY,
    SCRIPT,
    chained,
    head_of,
    signed,
    signs,
    village,
    write_to,
)
from tests.methods.scripts import run_script

SOUND = village().files()


def failed(files: Mapping[str, bytes]) -> set[str]:
    return {check.code for check in verify(files, signs) if not check.holds}


def test_a_sound_publication_passes_every_check(tmp_path: Path) -> None:
    assert failed(SOUND) == set()
    status, said = run_script(write_to(tmp_path / "sound", SOUND))
    assert status == 0, said
    assert "✗" not in said
    assert said.count("✓") == 8


@st.composite
def alterations(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file and what it becomes: a byte flipped, inserted, deleted, or two swapped."""
    name = draw(st.sampled_from(FILES))
    content = SOUND[name]
    place = draw(st.integers(0, len(content) - 1))
    match draw(st.sampled_from(("flip", "insert", "delete", "swap", "cut"))):
        case "flip":
            bit = 1 << draw(st.integers(0, 7))
            return name, content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
        case "insert":
            byte = draw(st.sampled_from((b"\n", b" ", b"0", b"\x00", content[place : place + 1])))
            return name, content[:place] + byte + content[place:]
        case "delete":
            return name, content[:place] + content[place + 1 :]
        case "swap":
            other = draw(st.integers(0, len(content) - 1))
            swapped = bytearray(content)
            swapped[place], swapped[other] = swapped[other], swapped[place]
            return name, bytes(swapped)
        case _:
            return name, content[:place]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_to(tmp_path_factory.mktemp("altered"), SOUND)


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(alterations())
def test_any_altered_byte_is_seen_by_both_verifiers(
    folder: Path, alteration: tuple[str, bytes]
) -> None:
    name, content = alteration
    if content == SOUND[name]:
        return
    assert failed({**SOUND, name: content})
    (folder / name).write_bytes(content)
    try:
        status, said = run_script(folder)
    finally:
        (folder / name).write_bytes(SOUND[name])
    assert status == 1, said
    assert "✗" in said


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_seen(name: str, tmp_path: Path) -> None:
    rest = {other: content for other, content in SOUND.items() if other != name}
    assert failed(rest)
    assert run_script(write_to(tmp_path / "missing", rest))[0] == 1


def test_a_file_that_nobody_announced_is_seen(tmp_path: Path) -> None:
    more = {**SOUND, "resultat.json": SOUND["result.json"]}
    assert failed(more) == {"files"}
    assert run_script(write_to(tmp_path / "more", more))[0] == 1


def _without_a_cast(files: dict[str, bytes]) -> dict[str, bytes]:
    entries = [entry for entry in read_journal(files["journal.csv"].decode()) if entry.seq != 5]
    return _with_journal(files, chained([(entry.kind, entry.payload) for entry in entries]))


def _with_journal(files: dict[str, bytes], entries: list[Entry]) -> dict[str, bytes]:
    return {**files, "journal.csv": write_journal(entries).encode()}


def _one_more_ballot(files: dict[str, bytes]) -> dict[str, bytes]:
    content = files["scrutin.pb"].decode().replace("num_votes;60", "num_votes;61")
    return {**files, "scrutin.pb": (content + "AAAABBBBCCCCDDDDEEEEFFFF;A\n").encode()}


def _another_rule(files: dict[str, bytes]) -> dict[str, bytes]:
    content = files["options.json"].decode()
    return {**files, "options.json": content.replace('"skip"', '"stop"', 1).encode()}


def _another_winner(files: dict[str, bytes]) -> dict[str, bytes]:
    content = files["result.json"].decode()
    return {**files, "result.json": content.replace('"spent":95050', '"spent":95049').encode()}


def _forged_head(files: dict[str, bytes]) -> dict[str, bytes]:
    content = files["heads.json"].decode().replace("2026-03-01", "2026-03-02")
    return {**files, "heads.json": content.encode()}


def _no_head_of_the_close(files: dict[str, bytes]) -> dict[str, bytes]:
    first = read_journal(files["journal.csv"].decode())[0]
    head = head_of(first, "2026-03-01")
    plain = {name: getattr(head, name) for name in ("day", "seq", "head", "signature", "timestamp")}
    return {**files, "heads.json": canonical_json([plain]).encode()}


def _a_void_ballot_left_out(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, "void.csv": b"code;reason\n"}


def _a_small_cell(files: dict[str, bytes]) -> dict[str, bytes]:
    cells = '"by_channel":[{"count":56,"names":["web"]},{"count":5,"names":["paper"]}]'
    return {
        **files,
        "roll.json": files["roll.json"].replace(b'"by_channel":[]', cells.encode()),
    }


def _more_voters(files: dict[str, bytes]) -> dict[str, bytes]:
    content = files["roll.json"].replace(b'"voters":61', b'"voters":62')
    return {**files, "roll.json": content}


@pytest.mark.parametrize(
    ("forge", "seen_by"),
    [
        (_without_a_cast, {"heads", "box", "roll"}),
        (_one_more_ballot, {"box", "inputs", "recount"}),
        (_another_rule, {"options", "recount"}),
        (_another_winner, {"recount"}),
        (_forged_head, {"heads"}),
        (_no_head_of_the_close, {"heads"}),
        (_a_void_ballot_left_out, {"box"}),
        (_a_small_cell, {"roll"}),
        (_more_voters, {"roll"}),
    ],
)
def test_a_forger_who_holds_the_signing_key_is_seen_all_the_same(
    forge: Callable[[dict[str, bytes]], dict[str, bytes]], seen_by: set[str], tmp_path: Path
) -> None:
    content = {name: SOUND[name] for name in FILES if not name.startswith("manifest")}
    forged = signed(forge(content))
    assert forged != SOUND
    assert failed(forged) == seen_by
    status, said = run_script(write_to(tmp_path / "forged", forged))
    assert status == 1, said
    shutil.rmtree(tmp_path / "forged")


def test_the_key_that_signs_is_compared_with_the_one_that_is_expected(tmp_path: Path) -> None:
    folder = write_to(tmp_path / "sound", SOUND)
    key = KEY.public_key().public_bytes_raw().hex()
    assert run_script(folder, "--cle", key)[0] == 0
    assert run_script(folder, "--cle", key.upper())[0] == 0
    status, said = run_script(folder, "--cle", "00" * 32)
    assert status == 1
    assert "attendiez" in said


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("P-001-01", 0, "P-001-01 :"),
        (" p-1-1 ", 0, "P-001-01 :"),
        ("P-1-3", 0, "bulletin blanc"),
        ("AAAA", 1, "aucun bulletin"),
    ],
)
def test_a_ballot_is_found_by_its_code(code: str, status: int, words: str, tmp_path: Path) -> None:
    found, said = run_script(write_to(tmp_path / "sound", SOUND), "--bulletin", code)
    assert found == status
    assert words in said


def test_a_code_copied_by_hand_is_understood(tmp_path: Path) -> None:
    folder = write_to(tmp_path / "sound", SOUND)
    code = next(
        line.partition(";")[0]
        for line in SOUND["scrutin.pb"].decode().splitlines()
        if len(line.partition(";")[0]) == 24 and set("OIB") & set(line.partition(";")[0])
    )
    copied = " ".join(code[place : place + 4] for place in range(0, 24, 4)).lower()
    copied = copied.replace("o", "0").replace("i", "1").replace("b", "8")
    status, said = run_script(folder, "--bulletin", copied)
    assert status == 0
    assert code in said
    void = SOUND["void.csv"].decode().splitlines()[1].partition(";")[0]
    status, said = run_script(folder, "--bulletin", void)
    assert status == 1
    assert "nul" in said


def test_the_script_needs_nothing_but_python(tmp_path: Path) -> None:
    source = SCRIPT.read_text()
    imported: set[Any] = {
        line.split()[1].partition(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
