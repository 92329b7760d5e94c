"""The bytes of each published file, from the append-only tables and the statement."""

from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db.models.functions import Collate

from participation.budgets.choices import Channel, VoidReason
from participation.budgets.models import (
    AddedBallot,
    Ballot,
    JournalEntry,
    Poll,
    Revision,
    SignedHead,
    Tally,
    VoidBallot,
)
from participation.methods import pabulib
from participation.methods.digest import canonical_json
from participation.methods.proof import SMALLEST_CELL, Entry, Head, Void, write_heads, write_void
from participation.methods.proof.journal import journal_lines

SCRIPT = Path(__file__).with_name("recompte.py")
_METHODS = {Channel.WEB: "internet", Channel.PAPER: "paper"}
# Whatever the language of the database, codes are sorted by their bytes.
_BY_CODE = Collate("code", "C")


def contents(
    poll: Poll, statement: Mapping[str, Any], public_key: str
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and content of each file that the manifest lists, content in pieces.

    `public_key` in hexadecimal.
    """
    yield "scrutin.pb", (line.encode() for line in pabulib.lines(_election(poll, statement)))
    yield "result.json", _once(canonical_json(_counted(poll, statement).result))
    yield "options.json", _once(canonical_json(poll.options))
    yield "journal.csv", (line.encode() for line in journal_lines(_entries(poll, statement)))
    yield "heads.json", iter([write_heads(_heads(poll, statement))])
    yield "void.csv", iter([write_void(_void(poll, statement))])
    yield "roll.json", _once(canonical_json(roll_document(poll, statement)))
    yield "signing-key.txt", _once(public_key + "\n")
    yield "recompte.py", iter([SCRIPT.read_bytes()])


def roll_document(poll: Poll, statement: Mapping[str, Any]) -> dict[str, Any]:
    return {**statement["roll"], "poll": poll.pk, "v": "parvis-roll-v1"}


def _counted(poll: Poll, statement: Mapping[str, Any]) -> Tally | Revision:
    return poll.revision if "replaces" in statement else poll.tally


def _once(text: str) -> Iterator[bytes]:
    yield text.encode()


def _election(poll: Poll, statement: Mapping[str, Any]) -> pabulib.Election:
    """Projects as they were frozen, ballots as they were sealed, by code."""
    options, result = poll.options, _counted(poll, statement).result
    references = {project["id"]: project["reference"] for project in options["projects"]}
    names_method = _every_channel_is_large(poll)
    votes = tuple(
        pabulib.Vote(
            voter_id=code,
            choices=tuple(references[choice] for choice in choices),
            points=None if points is None else tuple(points),
            extra={"voting_method": _METHODS[Channel(channel)]} if names_method else {},
        )
        for code, choices, points, channel in _box(poll, statement)
    )
    projects = _projects(options, result)
    counts = {"num_projects": str(len(projects)), "num_votes": str(len(votes))}
    return pabulib.Election(
        meta=_with_counts(statement["meta"], counts), projects=projects, votes=votes
    )


def _box(poll: Poll, statement: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Code, choices, points and channel of each ballot that was counted, in the order of codes."""
    columns = ("code", "choices", "points", "channel")
    rows = Ballot.objects.filter(poll=poll).order_by(_BY_CODE).values_list(*columns)
    box = rows.iterator(chunk_size=5000)
    if "replaces" not in statement:
        return box
    added = AddedBallot.objects.filter(poll=poll).order_by(_BY_CODE).values_list(*columns[:3])
    # They come among the others: nothing in the files marks them.
    return merge(box, ((*one, Channel.WEB) for one in added), key=itemgetter(0))


def _projects(options: Mapping[str, Any], result: Mapping[str, Any]) -> tuple[pabulib.Project, ...]:
    winners = set(result["winners"])
    grouped = bool(options.get("group_budgets") or options.get("minimum_winners"))
    outcomes = {outcome["candidate"]: outcome for outcome in result["outcomes"]}
    has_points = options.get("measure") == "points"
    return tuple(
        pabulib.Project(
            id=project["reference"],
            cost_cents=project["cost_cents"],
            votes=outcomes[project["reference"]]["votes"],
            score=outcomes[project["reference"]]["score"] if has_points else None,
            name=project["title"],
            district=(project["group"] or "") if grouped else "",
            selected=int(project["reference"] in winners),
        )
        for project in options["projects"]
    )


def _with_counts(meta: Sequence[Sequence[str]], counts: Mapping[str, str]) -> dict[str, str]:
    """The counts go after `instance`, where the format shows them."""
    placed: dict[str, str] = {}
    for name, value in meta:
        placed[name] = value
        if name == "instance":
            placed.update(counts)
    return placed


def _every_channel_is_large(poll: Poll) -> bool:
    """Whether saying how each ballot came tells nothing of a small group."""
    rows = Ballot.objects.filter(poll=poll).order_by()
    return all(rows.filter(channel=channel).count() >= SMALLEST_CELL for channel in Channel.values)


def _entries(poll: Poll, statement: Mapping[str, Any]) -> Iterator[Entry]:
    rows = JournalEntry.objects.filter(poll=poll, seq__lte=statement["journal"]).order_by("seq")
    columns = ("seq", "kind", "payload", "prev", "hash")
    for row in rows.values_list(*columns).iterator(chunk_size=5000):
        yield Entry(*row)


def _heads(poll: Poll, statement: Mapping[str, Any]) -> list[Head]:
    signed = {
        (f"{head.day:%Y-%m-%d}", head.seq): head for head in SignedHead.objects.filter(poll=poll)
    }
    heads = []
    for day, seq, is_stamped in statement["heads"]:
        head = signed[day, seq]
        token = bytes(head.timestamp_token or b"").hex() if is_stamped else ""
        heads.append(Head(day, seq, head.head, head.signature, token))
    return heads


def _void(poll: Poll, statement: Mapping[str, Any]) -> list[Void]:
    rows = VoidBallot.objects.filter(poll=poll).order_by(_BY_CODE, "reason")
    void = [Void(code, reason) for code, reason in rows.values_list("code", "reason")]
    if "replaces" not in statement:
        return void
    kept = [one for one in void if one.reason != VoidReason.SET_ASIDE]
    opened = [Void(code, reason) for code, reason in poll.revision.void_ballots]
    return sorted(kept + opened, key=lambda one: (one.code, one.reason))
