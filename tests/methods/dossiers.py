"""Whole signed publications of small invented votes, as a site would publish them."""

import base64
import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from participation.methods import pabulib
from participation.methods.digest import canonical_json, digest, sha256_hex
from participation.methods.proof import (
    GENESIS,
    Entry,
    Head,
    Void,
    entry_hash,
    head_statement,
    manifest_statement,
    recount,
    write_heads,
    write_journal,
    write_void,
)
from participation.methods.tally import draw_order

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "participation/budgets/services/vote/publication/recompte.py"
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a key for the tests").digest())
POLL = 7

Ballot = tuple[tuple[str, ...], tuple[int, ...] | None]


def signs(key: bytes, signature: bytes, message: bytes) -> bool:
    """Verify with the library of reference."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass
class Vote:
    """A small vote; `options` add to or replace those of a plain approval vote."""

    costs: Mapping[str, int]
    ballots: Sequence[Ballot]
    budget: int
    options: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    paper: int = 0
    void: int = 0

    def frozen(self) -> dict[str, Any]:
        """The options as a poll freezes them."""
        return {
            "rule": "greedy",
            "measure": "votes",
            "ballot_kind": "approval",
            "min_choices": 1,
            "max_choices": None,
            "budget_cents": self.budget,
            "projects": [
                {
                    "id": number,
                    "reference": name,
                    "title": f"Projet {name}",
                    "cost_cents": cost,
                    "group": self.groups.get(name),
                }
                for number, (name, cost) in enumerate(self.costs.items(), start=1)
            ],
            "on_misfit": "skip",
            "group_budgets": None,
            "remainder": "pooled",
            "minimum_votes": 1,
            "tie_chain": ["lower_cost", "lot"],
            "tie_seed": "graine",
            "lot": draw_order("graine", self.costs),
            "public_key_sha256": "ab" * 32,
            "padded_length": 256,
            **self.options,
        }

    def files(self) -> dict[str, bytes]:
        """The eleven files of the publication, signed."""
        options = self.frozen()
        election = self.election()
        result = recount(options, election)
        journal = self._journal(digest(options), result.input_sha256)
        content = {
            "scrutin.pb": pabulib.write(election).encode(),
            "result.json": result.to_json().encode(),
            "options.json": canonical_json(options).encode(),
            "journal.csv": write_journal(journal).encode(),
            "heads.json": write_heads(self._heads(journal)),
            "void.csv": write_void(
                [Void(_code(10_000 + number), "too_many") for number in range(self.void)]
            ),
            "roll.json": canonical_json(
                {
                    "by_channel": [],
                    "by_district": [],
                    "poll": POLL,
                    "v": "parvis-roll-v1",
                    "voters": len(self.ballots) + self.void,
                }
            ).encode(),
            "signing-key.txt": KEY.public_key().public_bytes_raw().hex().encode() + b"\n",
            "recompte.py": SCRIPT.read_bytes(),
        }
        return signed(content)

    def election(self) -> pabulib.Election:
        web = len(self.ballots) - self.paper
        votes = tuple(
            pabulib.Vote(
                _code(number) if number < web else f"P-001-{number - web + 1:02d}",
                choices,
                points,
            )
            for number, (choices, points) in enumerate(self.ballots)
        )
        return pabulib.Election(
            meta={
                "description": "Vote d’essai",
                "country": "France",
                "unit": "Ville",
                "instance": "2026",
                "num_projects": str(len(self.costs)),
                "num_votes": str(len(votes)),
                "budget": pabulib.format_amount(self.budget),
                "vote_type": "cumulative" if any(v.points for v in votes) else "approval",
                "rule": "greedy",
                "date_begin": "01.03.2026",
                "date_end": "31.03.2026",
            },
            projects=tuple(
                pabulib.Project(name, cost, name=f"Projet {name}")
                for name, cost in self.costs.items()
            ),
            votes=votes,
        )

    def _journal(self, options: str, inputs: str) -> list[Entry]:
        """As many deposits as there are ballots, one of them made twice, one cancelled by paper."""
        web = len(self.ballots) - self.paper + self.void
        rows = [("open", options)]
        rows += [("cast", sha256_hex(f"envelope {number}")) for number in range(web)]
        if web:
            rows.append(("recast", sha256_hex("another envelope")))
        if self.paper:
            rows += [("cast", sha256_hex("given up")), ("cancel", sha256_hex("given up"))]
        rows += [("paper", "")] * self.paper
        return chained([*rows, ("close", ""), ("count", inputs)])

    def _heads(self, journal: Sequence[Entry]) -> list[Head]:
        return [
            head_of(journal[0], "2026-03-01"),
            head_of(journal[-2], "2026-03-31"),
        ]


def chained(rows: Sequence[tuple[str, str]]) -> list[Entry]:
    """A journal of these kinds and payloads, each line chained to the one before."""
    entries, prev = [], GENESIS
    for seq, (kind, payload) in enumerate(rows, start=1):
        line = entry_hash(poll_id=POLL, seq=seq, kind=kind, payload=payload, prev=prev)
        entries.append(Entry(seq, kind, payload, prev, line))
        prev = line
    return entries


def head_of(entry: Entry, day: str) -> Head:
    statement = head_statement(poll_id=POLL, day=day, seq=entry.seq, head=entry.hash)
    return Head(day, entry.seq, entry.hash, KEY.sign(statement).hex())


def signed(content: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with a manifest of them and its signature: also what a forger with the key does."""
    manifest = manifest_statement(poll_id=POLL, files=content)
    return {
        **content,
        "manifest.json": manifest,
        "manifest.sig": KEY.sign(manifest).hex().encode() + b"\n",
    }


def write_to(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def village(**more: Any) -> Vote:
    """Five projects, sixty ballots of which three blank, five on paper and one void."""
    drawn = random.Random(7)
    costs = {"A": 40_000, "B": 30_000, "C": 30_000, "D": 20_050, "E": 15_000}
    ballots: list[Ballot] = [
        (tuple(drawn.sample(list(costs), drawn.randint(1, 3))), None) for _ in range(57)
    ]
    ballots += [((), None)] * 3
    more = {"paper": 5, "void": 1, **more}
    return Vote(costs, ballots, 100_000, **more)


def _code(number: int) -> str:
    return base64.b32encode(hashlib.sha256(f"code {number}".encode()).digest())[:24].decode()
