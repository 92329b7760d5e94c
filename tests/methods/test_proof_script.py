"""The stand-alone script: its signatures are those of the RFC, its counts those of the methods."""

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from participation.methods.proof import recount
from participation.methods.tally import Candidate, Profile, count, rule_named
from tests.methods.dossiers import SCRIPT, Ballot, Vote, signs, write_to
from tests.methods.scripts import RECOMPTE, run_script
from tests.methods.shared_cases import make_shared_case

# RFC 8032, section 7.1: public key, message, signature.
RFC_VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
        "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
        "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize(("key", "message", "signature"), RFC_VECTORS)
def test_signatures_of_the_rfc(key: str, message: str, signature: str) -> None:
    parts = [bytes.fromhex(text) for text in (key, signature, message)]
    assert RECOMPTE.is_signed(*parts)
    assert signs(*parts)
    assert not RECOMPTE.is_signed(parts[0], parts[1], parts[2] + b"x")


@given(st.binary(max_size=80), st.integers(0, 511))
def test_one_bit_of_a_signature_makes_it_false(message: bytes, place: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = private.public_key().public_bytes_raw()
    signature = private.sign(message)
    assert RECOMPTE.is_signed(key, signature, message)
    altered = bytearray(signature)
    altered[place // 8] ^= 1 << place % 8
    assert not RECOMPTE.is_signed(key, bytes(altered), message)


def test_a_signature_has_one_form_only() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key, message = private.public_key().public_bytes_raw(), b"message"
    signature = private.sign(message)
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not RECOMPTE.is_signed(key, signature[:32] + scalar.to_bytes(32, "little"), message)
    assert not RECOMPTE.is_signed(key, signature[:63], message)
    assert not RECOMPTE.is_signed(key[:31], signature, message)
    assert not RECOMPTE.is_signed(b"\xff" * 32, signature, message)


@st.composite
def votes(draw: st.DrawFn) -> Vote:
    """Small votes full of ties, with every option that a poll can freeze."""
    names = [f"p{number}" for number in range(draw(st.integers(1, 6)))]
    groups = {name: draw(st.sampled_from(("nord", "sud"))) for name in names}
    costs = {name: draw(st.integers(1, 6)) * 100 for name in names}
    with_points = draw(st.booleans())
    ballots: list[Ballot] = []
    for _ in range(draw(st.integers(1, 9))):
        chosen = tuple(draw(st.lists(st.sampled_from(names), unique=True, max_size=4)))
        points = tuple(draw(st.integers(1, 3)) for _ in chosen) if with_points else None
        ballots.append((chosen, points if chosen else None))
    budget = draw(st.integers(1, 16)) * 100
    options: dict[str, Any] = {
        "ballot_kind": "cumulative" if with_points else "approval",
        "measure": draw(st.sampled_from(("votes", "points"))) if with_points else "votes",
        "on_misfit": draw(st.sampled_from(("skip", "stop"))),
        "remainder": draw(st.sampled_from(("lost", "pooled", "next_edition"))),
        "minimum_votes": draw(st.integers(0, 2)),
        "tie_chain": draw(
            st.sampled_from((["lot"], ["lower_cost", "lot"], ["higher_votes", "lower_cost", "lot"]))
        ),
    }
    if draw(st.booleans()):
        shares = [budget // 2, budget // 3]
        present = sorted(set(groups.values()))
        options["group_budgets"] = [list(p) for p in zip(present, shares, strict=False)]
    return Vote(costs, ballots, budget, options, groups)


@given(votes())
def test_the_script_counts_as_the_methods_do(vote: Vote) -> None:
    options, election = vote.frozen(), vote.election()
    result = recount(options, election)
    rows = [
        {
            "voter_id": row.voter_id,
            "vote": ",".join(row.choices),
            "points": ",".join(map(str, row.points or ())),
        }
        for row in election.votes
    ]
    count = RECOMPTE.Count(options, rows)
    assert count.winners() == list(result.winners)
    assert count.digest() == result.input_sha256
    assert count.votes == dict(result.votes)


def test_the_script_shares_as_the_methods_do() -> None:
    drawn = random.Random(3)
    seen: set[tuple[str, int]] = set()
    for _ in range(2_000):
        case = make_shared_case(drawn)
        options = case["options"]
        ballots = [
            (tuple(filter(None, vote["vote"].split(","))), numbers(vote["points"]))
            for vote in case["votes"]
        ]
        grouped = "group_budgets" in options
        names = rule_named(options["rule"]).options_class.__dataclass_fields__
        result = count(
            rule=options["rule"],
            candidates=[
                Candidate(item["reference"], item["cost_cents"], item["group"] if grouped else None)
                for item in options["projects"]
            ],
            profile=Profile.from_ballots(ballots),
            budget=options["budget_cents"],
            options={name: options[name] for name in names if name in options},
        )
        script = RECOMPTE.Count(options, case["votes"])
        assert script.winners() == list(result.winners), case
        assert script.digest() == result.input_sha256, case
        seen.add((options["rule"], len(result.winners)))
    assert len(seen) > 8


def numbers(cell: str) -> tuple[int, ...] | None:
    return tuple(map(int, cell.split(","))) if cell else None


def test_a_publication_of_ten_thousand_ballots_is_verified_in_two_seconds(tmp_path: Path) -> None:
    drawn = random.Random(11)
    costs = {f"p{number}": drawn.randint(5, 80) * 100_000 for number in range(100)}
    ballots: list[Ballot] = [
        (tuple(drawn.sample(list(costs), drawn.randint(1, 4))), None) for _ in range(10_000)
    ]
    folder = write_to(tmp_path / "large", Vote(costs, ballots, 100_000_000).files())
    times = []
    for _ in range(3):
        began = time.process_time()
        status, said = run_script(folder)
        times.append(time.process_time() - began)
        assert status == 0, said
    assert min(times) < 2, times


def test_the_script_runs_alone(tmp_path: Path) -> None:
    """From another folder, without this project, its packages or its environment."""
    vote = Vote({"A": 100}, [(("A",), None)] * 3, 100)
    folder = write_to(tmp_path / "publication", vote.files())
    command = [sys.executable, "-I", "-S", str(folder / "recompte.py"), str(folder), "--pabutools"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tout concorde." in done.stdout
    assert "greedy_utilitarian_welfare" in done.stdout
    assert SCRIPT.read_bytes() == (folder / "recompte.py").read_bytes()
    (folder / "result.json").write_bytes(b"{}")
    failed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    nowhere = [*command[:4], str(tmp_path / "nowhere")]
    lost = subprocess.run(nowhere, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (lost.returncode, lost.stderr) == (1, "")


def counted(options: dict[str, Any], costs: dict[str, int], choices: list[str]) -> list[str]:
    """Winners by the script of a small vote; `choices` has one text such as `A,B` a voter."""
    vote = Vote(costs, [], int(options.pop("budget")), options)
    count = RECOMPTE.Count(vote.frozen(), [{"vote": choice} for choice in choices])
    winners: list[str] = count.winners()
    return winners


@pytest.mark.parametrize(
    ("options", "winners"),
    [
        # Shares of 100: A takes 75 of each of its two voters, B the whole of the third.
        ({"completion": "none", "budget": 300}, ["A", "B"]),
        # Shares of 80: B is out of reach of its one voter; nothing else is bought.
        ({"completion": "none", "budget": 240}, ["A"]),
        # The same, shares raised by 20: B is bought at 100, all is spent.
        ({"completion": "add1", "increment": 20, "budget": 260}, ["A", "B"]),
        # Shares would have to cost more than the budget: the outcome before is kept.
        ({"completion": "add1", "increment": 20, "budget": 240}, ["A"]),
        # What is left goes to the most voted that fits.
        ({"completion": "greedy", "budget": 240}, ["A", "C"]),
    ],
)
def test_equal_shares_on_a_sheet_of_paper(options: dict[str, Any], winners: list[str]) -> None:
    costs, choices = {"A": 150, "B": 100}, ["A", "A", "B"]
    if options["completion"] == "greedy":
        costs, choices = {**costs, "C": 85}, ["A", "A", "B,C"]
    rule = {"rule": "equal_shares", "satisfaction": "cost", "add1_stop": "over_budget"}
    assert counted({**rule, **options}, costs, choices) == winners


@pytest.mark.parametrize(
    ("budget", "winners"),
    [
        # At 50 the third voter pays B and the two others A: a tie, the cheaper first. The third,
        # emptied, pays C at 110.
        (210, ["B", "A", "C"]),
        # C does not fit any more: the count stops there.
        (209, ["B", "A"]),
        (99, ["B"]),
    ],
)
def test_phragmen_on_a_sheet_of_paper(budget: int, winners: list[str]) -> None:
    costs = {"A": 100, "B": 50, "C": 60}
    options = {"rule": "phragmen", "budget": budget}
    assert counted(options, costs, ["A", "A", "B,C"]) == winners


def test_equal_shares_of_a_real_election(election_of: Any) -> None:
    """The nine winners that Assen announced in 2024."""
    election = election_of("Netherlands_Assen_2024")
    costs = {project.id: project.cost_cents for project in election.projects}
    options = {
        "rule": "equal_shares",
        "satisfaction": "cost",
        "completion": "add1",
        "add1_stop": "exhaustive",
        "budget": election.budget_cents,
    }
    won = counted(options, costs, [",".join(vote.choices) for vote in election.votes])
    assert set(won) == {project.id for project in election.projects if project.selected}
