"""Check the published files of a poll: the same checks as the stand-alone script, by other code.

A check gives what it found; it never stops the others, except that a file which is missing or
unreadable leaves the checks that need it undone, hence failed.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from participation.methods import pabulib
from participation.methods.digest import sha256_hex
from participation.methods.proof.disclosure import SMALLEST_CELL
from participation.methods.proof.journal import (
    Entry,
    check_chain,
    movements,
    read_journal,
)
from participation.methods.proof.recount import recount
from participation.methods.proof.statements import (
    MANIFEST_VERSION,
    VerifySignature,
    head_statement,
    read_canonical,
    read_heads,
    signed_by,
)

CONTENT_FILES = (
    "scrutin.pb",
    "result.json",
    "options.json",
    "journal.csv",
    "heads.json",
    "void.csv",
    "roll.json",
    "signing-key.txt",
    "recompte.py",
)
"""Files whose digest the manifest holds."""

FILES = (*CONTENT_FILES, "manifest.json", "manifest.sig")

_PAPER_CODE = re.compile(r"P-[0-9]+-[0-9]+")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEX_LINE = re.compile(r"[0-9a-f]+\n")


class UnsoundError(ValueError):
    """A check failed; the text says how, in English, for a developer."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `found` holds numbers and names to tell with it; `why` is empty when it holds.

    `applies` is False when the poll has nothing to check there: an imported election has no
    journal.
    """

    code: str
    holds: bool
    why: str = ""
    applies: bool = True
    found: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Void:
    """A ballot that was not counted: its code, or the digest of its envelope, and why."""

    code: str
    reason: str

    @property
    def is_paper(self) -> bool:
        return _PAPER_CODE.fullmatch(self.code) is not None


def write_void(rows: list[Void]) -> bytes:
    """The published list of void ballots, `code;reason`, lines ended by a line feed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(("code", "reason"))
    writer.writerows((row.code, row.reason) for row in rows)
    return stream.getvalue().encode()


def read_void(content: bytes) -> list[Void]:
    """The rows of the list of void ballots. Raises `ValueError`."""
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=";", strict=True))
    if not rows or rows[0] != ["code", "reason"] or any(len(row) != 2 for row in rows):
        raise ValueError("void.csv has two columns, code and reason")
    return [Void(code, reason) for code, reason in rows[1:]]


def verify(files: Mapping[str, bytes], verify_signature: VerifySignature) -> tuple[Check, ...]:
    """Check the published files of one poll, named as in `FILES`.

    `holds` is true of every check if and only if the publication is sound. The signing key is
    taken from the files: that it is the authority's own is for the reader to compare.
    """
    publication = _Publication(files, verify_signature)
    return tuple(publication.check(code, method) for code, method in publication.checks())


def is_sound(checks: tuple[Check, ...]) -> bool:
    return all(check.holds for check in checks)


class _Publication:
    """The files, read once each; every `check_…` gives what it found or raises `ValueError`."""

    def __init__(self, files: Mapping[str, bytes], verify_signature: VerifySignature) -> None:
        self._files = files
        self._verify = verify_signature

    def checks(self) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
        yield "files", self.check_files
        yield "signature", self.check_signature
        yield "chain", self.check_chain
        yield "heads", self.check_heads
        yield "options", self.check_options
        yield "box", self.check_box
        yield "roll", self.check_roll
        yield "inputs", self.check_inputs
        yield "recount", self.check_recount

    def check(self, code: str, method: Callable[[], dict[str, Any]]) -> Check:
        try:
            found = method()
            applies = code not in ("chain", "heads", "box") or not self.is_imported
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return Check(code, holds=False, why=f"{type(error).__name__}: {error}")
        return Check(code, holds=True, applies=applies, found=found)

    @cached_property
    def manifest(self) -> Any:
        return read_canonical(self._content("manifest.json"))

    @cached_property
    def poll_id(self) -> int:
        poll_id = self.manifest["poll"]
        if type(poll_id) is not int:
            raise UnsoundError("the poll has no number")
        return poll_id

    @cached_property
    def options(self) -> Any:
        return read_canonical(self._content("options.json"))

    @cached_property
    def is_imported(self) -> bool:
        """An election that was counted elsewhere had no sealed box here, hence no journal."""
        return not self.options["public_key_sha256"]

    @cached_property
    def election(self) -> pabulib.Election:
        return pabulib.read(io.BytesIO(self._content("scrutin.pb")))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return read_journal(self._content("journal.csv").decode())

    @cached_property
    def void(self) -> list[Void]:
        return read_void(self._content("void.csv"))

    @cached_property
    def recounted(self) -> Any:
        return recount(self.options, self.election)

    def check_files(self) -> dict[str, Any]:
        """The files are those of the manifest, no more and no less."""
        named = set(self.manifest) - {"replaces"}
        if self.manifest.get("v") != MANIFEST_VERSION or named != {"files", "poll", "v"}:
            raise UnsoundError("the manifest is not of a version that is known here")
        announced = self.manifest["files"]
        if set(announced) != set(CONTENT_FILES):
            raise UnsoundError("the manifest does not list the files of a publication")
        unknown = set(self._files) - set(FILES)
        if unknown:
            raise UnsoundError(f"files that the manifest does not list: {sorted(unknown)}")
        altered = [
            name for name in CONTENT_FILES if sha256_hex(self._content(name)) != announced[name]
        ]
        if altered:
            raise UnsoundError(f"altered: {', '.join(altered)}")
        return {"files": len(announced)}

    def check_signature(self) -> dict[str, Any]:
        """The manifest is signed by the key that is published with it."""
        key, signature = self._hex_line("signing-key.txt"), self._hex_line("manifest.sig")
        if not signed_by(key, signature, self._content("manifest.json"), self._verify):
            raise UnsoundError("the signature of the manifest is not by this key")
        return {"key": key}

    def check_chain(self) -> dict[str, Any]:
        """Each line of the journal follows from the one before."""
        if self.is_imported:
            if self.entries:
                raise UnsoundError("an imported election has no journal")
            return {}
        if not self.entries:
            raise UnsoundError("the journal is empty")
        head = check_chain(self.entries, poll_id=self.poll_id)
        replaced = self.manifest.get("replaces")
        if (replaced is not None) != movements(self.entries).is_revised:
            raise UnsoundError("the manifest and the journal differ on a count after a judgment")
        if replaced is not None and _DIGEST.fullmatch(replaced) is None:
            raise UnsoundError("the manifest that is replaced is not named by its digest")
        return {"entries": len(self.entries), "head": head}

    def check_heads(self) -> dict[str, Any]:
        """Each signed head is that of a line of the journal; one covers the close."""
        heads = read_heads(self._content("heads.json"))
        if self.is_imported:
            if heads:
                raise UnsoundError("an imported election has no journal")
            return {}
        key = self._hex_line("signing-key.txt")
        for head in heads:
            statement = head_statement(
                poll_id=self.poll_id, day=head.day, seq=head.seq, head=head.head
            )
            if not signed_by(key, head.signature, statement, self._verify):
                raise UnsoundError(f"the head of {head.day} is not signed by this key")
            if not 1 <= head.seq <= len(self.entries):
                raise UnsoundError(f"the head of {head.day} is of a line that is not there")
            if self.entries[head.seq - 1].hash != head.head:
                raise UnsoundError(f"the journal was rewritten after the head of {head.day}")
        closes = [entry.seq for entry in self.entries if entry.kind == "close"]
        if not closes or all(head.seq < closes[0] for head in heads):
            raise UnsoundError("no signed head covers the close")
        return {"heads": len(heads), "days": sorted({head.day for head in heads})}

    def check_options(self) -> dict[str, Any]:
        """The rule is the one that was frozen before the first ballot."""
        fingerprint = sha256_hex(self._content("options.json"))
        if not self.is_imported and movements(self.entries).options != fingerprint:
            raise UnsoundError("the options are not those of the opening")
        return {"options_sha256": fingerprint}

    def check_box(self) -> dict[str, Any]:
        """As many ballots as the journal says were deposited."""
        codes = [vote.voter_id for vote in self.election.votes]
        # A void ballot may bear a code of the box: that is then why it is void.
        void = [row.code for row in self.void if row.reason != "repeated_code"]
        if len(set(codes + void)) != len(codes) + len(void):
            raise UnsoundError("a code comes twice")
        paper = sum(1 for code in codes if _PAPER_CODE.fullmatch(code))
        paper_void = sum(1 for row in self.void if row.is_paper)
        found = {
            "web": len(codes) - paper,
            "web_void": len(self.void) - paper_void,
            "paper": paper,
            "paper_void": paper_void,
        }
        if self.is_imported:
            return found
        said = movements(self.entries)
        if said.web != found["web"] + found["web_void"]:
            raise UnsoundError(f"{said.web} envelopes in the journal, {found} in the box")
        if said.paper < found["paper"] + found["paper_void"]:
            raise UnsoundError(f"{said.paper} paper ballots in the journal, {found} in the box")
        return found

    def check_roll(self) -> dict[str, Any]:
        """The turnout adds up, and no small cell is published."""
        roll = read_canonical(self._content("roll.json"))
        if roll["poll"] != self.poll_id:
            raise UnsoundError("the roll is that of another poll")
        for table in ("by_channel", "by_district"):
            counts = [cell["count"] for cell in roll[table]]
            if counts and sum(counts) != roll["voters"]:
                raise UnsoundError(f"{table} does not add up to the voters")
            if any(0 < count < SMALLEST_CELL for count in counts):
                raise UnsoundError(f"{table} has a cell below 20")
        if not self.is_imported:
            said = movements(self.entries)
            if said.web + said.paper != roll["voters"]:
                raise UnsoundError("the roll has not as many voters as the journal")
        return {"voters": roll["voters"]}

    def check_inputs(self) -> dict[str, Any]:
        """What was counted is what is published."""
        result = read_canonical(self._content("result.json"))
        digest = self.recounted.input_sha256
        if result["input_sha256"] != digest:
            raise UnsoundError("the ballots are not those that were counted")
        if not self.is_imported and movements(self.entries).inputs != digest:
            raise UnsoundError("the journal holds another digest of what was counted")
        return {"input_sha256": digest}

    def check_recount(self) -> dict[str, Any]:
        """The ballots and the rule give this result, to the last character."""
        if self.recounted.to_json().encode() != self._content("result.json"):
            raise UnsoundError("the count does not give this result")
        return {"winners": list(self.recounted.winners), "spent": self.recounted.spent}

    def _content(self, name: str) -> bytes:
        content = self._files.get(name)
        if content is None:
            raise UnsoundError(f"{name} is missing")
        return content

    def _hex_line(self, name: str) -> str:
        text = self._content(name).decode()
        if _HEX_LINE.fullmatch(text) is None:
            raise UnsoundError(f"{name} is not one line of hexadecimal figures")
        return text.removesuffix("\n")
